/**
 * The length of an OGG file: by the positions on its pages (RFC 7845, 4), and where those are cut off, missing, or begin
 * late, as in what was cut out of a broadcast, by the packets themselves.
 */
import type { FileWindow } from './file-window.ts';
import { oggPages, type OggPage } from './ogg-pages.ts';
import { isOpusHead, opusRate, opusSamples, preSkipOf } from './opus-packets.ts';

interface Stream {
  readonly rate: number;
  readonly preSkip: number;
  /** The length of a packet in samples, at most. */
  readonly samplesOf: (packet: Buffer) => number;
  /** Position at which the stream begins, once it is known. */
  start: number | undefined;
  /** Position reached. */
  end: number;
}

/** Seconds of sound; 0 when there is none. Streams that begin after others have ended follow them. */
export async function oggLength(file: FileWindow): Promise<number> {
  const streams = new Map<number, Stream>();
  let before = 0;
  let hasBegun = false;
  for await (const page of oggPages(file)) {
    if (page.isFirst) {
      if (hasBegun) {
        before += longest(streams);
        streams.clear();
        hasBegun = false;
      }
      const stream = streamOf(page.packets[0]);
      if (stream) streams.set(page.serial, stream);
      continue;
    }
    hasBegun = true;
    const stream = streams.get(page.serial);
    if (stream) advance(stream, page);
  }
  return before + longest(streams);
}

function advance(stream: Stream, { granule, packets }: OggPage): void {
  const samples = packets.reduce((sum, packet) => sum + stream.samplesOf(packet), 0);
  if (samples === 0) return; // Headers, at position 0 by the standard.
  const isKnown = granule !== undefined && granule > 0;
  stream.start ??= isKnown ? Math.max(0, granule - samples) : 0;
  stream.end = isKnown ? granule : Math.max(stream.end, stream.start) + samples;
}

function longest(streams: ReadonlyMap<number, Stream>): number {
  const lengths = [...streams.values()].map(
    ({ start = 0, end, preSkip, rate }) => (end - start - preSkip) / rate,
  );
  return Math.max(0, ...lengths);
}

/** What a stream's first packet says of it; undefined for pictures and what is not known. */
function streamOf(head: Buffer | undefined): Stream | undefined {
  if (!head) return undefined;
  const position = { start: undefined, end: 0 };
  if (isOpusHead(head))
    return { rate: opusRate, preSkip: preSkipOf(head), samplesOf: opusSamples, ...position };
  const other = otherCodec(head);
  return other && other.rate > 0 ? { ...other, preSkip: 0, ...position } : undefined;
}

function otherCodec(head: Buffer): Pick<Stream, 'rate' | 'samplesOf'> | undefined {
  const name = head.toString('latin1', 0, 8);
  if (name.startsWith('\x01vorbis') && head.length >= 29) {
    const longestBlock = 1 << (head[28]! >> 4);
    const isHeader = (packet: Buffer) => packet.length === 0 || (packet[0]! & 1) !== 0;
    return { rate: head.readUInt32LE(12), samplesOf: (packet) => (isHeader(packet) ? 0 : longestBlock / 2) };
  }
  if (name === 'Speex   ' && head.length >= 40) return { rate: head.readUInt32LE(36), samplesOf: untold };
  if (name.startsWith('\x7fFLAC') && head.length >= 30)
    return { rate: head.readUIntBE(27, 3) >> 4, samplesOf: untold };
  return undefined;
}

/** Of packets whose length is not looked for: only the positions of pages count. */
const untold = () => Infinity;
