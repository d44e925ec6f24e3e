/** The length of a FLAC by its last frame: its head says 0 where it was streamed, and too much where it was cut (RFC 9639). */
import type { FileWindow } from './file-window.ts';

/** From the beginning of the sound, in samples. */
interface Frame {
  readonly start: number;
  readonly end: number;
}

const maxBlocks = 200;
/** The last frame begins within them. */
const tailBytes = 1024 * 1024;
const maxHeadBytes = 16;

/** Seconds; 0 when no frame is found. */
export async function flacLength(file: FileWindow): Promise<number> {
  const { info, soundAt } = await blocksOf(file);
  const rate = info?.length === 34 ? info.readUIntBE(10, 3) >> 4 : 0;
  if (!info || rate === 0) return 0;
  const blockSize = info.readUInt16BE(0);
  const firstHead = await file.read(soundAt, maxHeadBytes);
  const first = frameOf(firstHead, blockSize);
  const tail = await file.read(Math.max(soundAt, file.size - tailBytes), tailBytes);
  let last: Frame | undefined;
  for (
    let at = tail.lastIndexOf(0xff);
    first && !last && at >= 0;
    at = at > 0 ? tail.lastIndexOf(0xff, at - 1) : -1
  ) {
    const head = tail.subarray(at, at + maxHeadBytes);
    if (isAlike(head, firstHead)) last = frameOf(head, blockSize);
  }
  return first && last ? (last.end - first.start) / rate : 0;
}

/** The block that describes the stream, and where its frames begin. */
async function blocksOf(file: FileWindow): Promise<{ info?: Buffer; soundAt: number }> {
  let info: Buffer | undefined;
  let at = 4;
  for (let blocks = 0; blocks < maxBlocks; blocks++) {
    const head = await file.read(at, 4);
    if (head.length < 4) break;
    const type = head[0]!;
    if ((type & 0x7f) === 0) info = await file.read(at + 4, 34);
    at += 4 + head.readUIntBE(1, 3);
    if (type >= 0x80) break;
  }
  return { ...(info && { info }), soundAt: at };
}

/** Frames of one file share all but the size of the last, and how their channels are coded. */
function isAlike(head: Buffer, first: Buffer): boolean {
  return (
    head.length >= 6 &&
    head[1] === first[1] &&
    (head[2]! & 0x0f) === (first[2]! & 0x0f) &&
    (head[3]! & 0x0f) === (first[3]! & 0x0f)
  );
}

/** Undefined for what is no head of a frame, by its checksum. */
function frameOf(head: Buffer, blockSize: number): Frame | undefined {
  if (head.length < 6 || (head.readUInt16BE(0) & 0xfffe) !== 0xfff8) return undefined;
  const isVariable = (head[1]! & 1) !== 0;
  const number = codedNumber(head);
  const sizeCode = head[2]! >> 4;
  const rateCode = head[2]! & 15;
  if (!number || sizeCode === 0 || rateCode === 15) return undefined;
  const sizeAt = 4 + number.bytes;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const end = sizeAt + sizeBytes + (rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0);
  if (end >= head.length || crc8(head.subarray(0, end)) !== head[end]) return undefined;
  const samples = sizeBytes > 0 ? head.readUIntBE(sizeAt, sizeBytes) + 1 : tableSize(sizeCode);
  const start = isVariable ? number.value : number.value * blockSize;
  return { start, end: start + samples };
}

function tableSize(code: number): number {
  if (code === 1) return 192;
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

/** Of a frame or a sample, coded as UTF-8 codes characters, with up to 7 bytes. */
function codedNumber(head: Buffer): { value: number; bytes: number } | undefined {
  const first = head[4]!;
  const ones = Math.clz32(~(first << 24));
  if (ones === 1 || ones > 7) return undefined;
  const bytes = ones === 0 ? 1 : ones;
  let value = ones === 0 ? first : first & (0x7f >> ones);
  for (const next of head.subarray(5, 4 + bytes)) {
    if (next >> 6 !== 2) return undefined;
    value = value * 64 + (next & 63);
  }
  return { value, bytes };
}

function crc8(bytes: Buffer): number {
  return bytes.reduce((crc, byte) => {
    let next = crc ^ byte;
    for (let bit = 0; bit < 8; bit++) next = ((next << 1) ^ (next & 0x80 ? 0x07 : 0)) & 0xff;
    return next;
  }, 0);
}
