/** The length of a WebM, whose head often tells none: what a browser records, or ffmpeg pipes (RFC 8794, RFC 9559). */
import type { FileWindow } from './file-window.ts';

interface Element {
  readonly id: number;
  /** Of what it holds. */
  readonly start: number;
  /** Undefined where the size was not known as it was written. */
  readonly end: number | undefined;
}

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  blockDuration: 0x9b,
};
/** Those whose elements are walked, too. */
const entered = new Set([ids.segment, ids.info, ids.cluster, ids.blockGroup]);
/** A head is believed so far: how long the last picture stays is told nowhere else. */
const maxDifferenceS = 2;

/** Seconds; 0 when the file tells nothing. */
export async function webmLength(file: FileWindow): Promise<number> {
  let scale = 1_000_000;
  let told = 0;
  let clusterTime = 0;
  let firstTime: number | undefined;
  let blockTime = 0;
  let end = 0;
  for await (const { id, start, end: to = start } of elements(file)) {
    const content = await file.read(start, Math.min(to - start, 12));
    switch (id) {
      case ids.timestampScale:
        scale = unsigned(content) || scale;
        break;
      case ids.duration:
        if (content.length === 4) told = content.readFloatBE(0);
        if (content.length === 8) told = content.readDoubleBE(0);
        break;
      case ids.timestamp:
        clusterTime = unsigned(content);
        firstTime ??= clusterTime;
        break;
      case ids.simpleBlock:
      case ids.block: {
        const track = vint(content);
        if (!track || content.length < track.bytes + 2) break;
        blockTime = clusterTime + content.readInt16BE(track.bytes);
        end = Math.max(end, blockTime);
        break;
      }
      case ids.blockDuration:
        end = Math.max(end, blockTime + unsigned(content));
    }
  }
  const seconds = (ticks: number) => (ticks * scale) / 1_000_000_000;
  const found = seconds(end - (firstTime ?? 0));
  return Math.abs(seconds(told) - found) <= maxDifferenceS ? seconds(told) : found;
}

/** Where the first cluster begins; undefined when there is none. */
export async function webmClusters(file: FileWindow): Promise<number | undefined> {
  let end = 0;
  for await (const element of elements(file)) {
    if (element.id === ids.cluster) return end;
    end = entered.has(element.id) ? element.start : (element.end ?? element.start);
  }
  return undefined;
}

async function* elements(file: FileWindow): AsyncGenerator<Element> {
  for (let at = 0; at < file.size;) {
    const element = await elementAt(file, at);
    if (!element) return;
    yield element;
    const { id, start, end } = element;
    if (entered.has(id)) at = start;
    else if (end === undefined) return;
    else at = end;
  }
}

async function elementAt(file: FileWindow, at: number): Promise<Element | undefined> {
  const head = await file.read(at, 12);
  const idBytes = head.length === 0 ? 9 : Math.clz32(head[0]!) - 23;
  if (idBytes > 4 || head.length <= idBytes) return undefined;
  const size = vint(head.subarray(idBytes));
  if (!size) return undefined;
  const start = at + idBytes + size.bytes;
  return {
    id: head.readUIntBE(0, idBytes),
    start,
    end: size.value === undefined ? undefined : start + size.value,
  };
}

/** A number of variable length; its value is undefined where all its bits are set. */
function vint(bytes: Buffer): { value: number | undefined; bytes: number } | undefined {
  const length = bytes.length === 0 ? 9 : Math.clz32(bytes[0]!) - 23;
  if (length > 8 || bytes.length < length) return undefined;
  let value = bytes[0]! & (0xff >> length);
  let isUnknown = value === 0xff >> length;
  for (const next of bytes.subarray(1, length)) {
    value = value * 256 + next;
    isUnknown &&= next === 0xff;
  }
  return { value: isUnknown ? undefined : value, bytes: length };
}

function unsigned(bytes: Buffer): number {
  return bytes.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0);
}
