/** The pages of an OGG file and the packets on them (RFC 3533); what is damaged between two pages is passed over. */
import type { FileWindow } from './file-window.ts';

export interface OggPage {
  /** Of the logical stream: files that were joined, and sound beside pictures, have several. */
  readonly serial: number;
  readonly isFirst: boolean;
  /** Position in the stream at the end of the page, in units of its codec; undefined where the page does not tell. */
  readonly granule: number | undefined;
  /** Those that end on the page; of a very long one the beginning. */
  readonly packets: readonly Buffer[];
}

const headBytes = 27;
const maxPageBytes = headBytes + 255 + 255 * 255;
/** Packets of sound are shorter; those beyond hold covers. */
const maxPacketBytes = 64 * 1024;
const maxStreams = 64;
const capture = 'OggS';

/** All pages, in order; of a last page that is cut, the packets that are whole. */
export async function* oggPages(file: FileWindow): AsyncGenerator<OggPage> {
  const begun = new Map<number, Buffer>();
  for (let at = 0; begun.size <= maxStreams;) {
    const bytes = await file.read(at, maxPageBytes);
    if (bytes.length < headBytes) return;
    if (bytes.toString('latin1', 0, 4) !== capture) {
      const next = bytes.indexOf(capture, 1, 'latin1');
      at += next > 0 ? next : bytes.length - capture.length + 1;
      continue;
    }
    const flags = bytes[5]!;
    const serial = bytes.readUInt32LE(14);
    const lacing = bytes.subarray(headBytes, headBytes + bytes[26]!);
    const body = bytes.subarray(headBytes + lacing.length);
    const length = lacing.reduce((sum, each) => sum + each, 0);
    const { packets, rest } = packetsOn(lacing, body, (flags & 1) !== 0 ? begun.get(serial) : undefined);
    if (rest) begun.set(serial, rest);
    else begun.delete(serial);
    const granule = Number(bytes.readBigInt64LE(6));
    const tells = granule >= 0 && length <= body.length;
    yield { serial, isFirst: (flags & 2) !== 0, granule: tells ? granule : undefined, packets };
    at += headBytes + lacing.length + length;
  }
}

/** `rest` is of a packet that goes on on the next page, as `begun` is of one that began before. */
function packetsOn(
  lacing: Buffer,
  body: Buffer,
  begun: Buffer | undefined,
): { packets: Buffer[]; rest?: Buffer } {
  const packets: Buffer[] = [];
  let rest = begun;
  let start = 0;
  let end = 0;
  for (const length of lacing) {
    end += length;
    if (length === 255) continue;
    if (end > body.length) return { packets };
    packets.push(joined(rest, body.subarray(start, end)));
    rest = undefined;
    start = end;
  }
  return end > start ? { packets, rest: joined(rest, body.subarray(start, end)) } : { packets };
}

function joined(first: Buffer | undefined, second: Buffer): Buffer {
  if (!first) return second;
  return first.length < maxPacketBytes ? Buffer.concat([first, second]) : first;
}
