/**
 * The size at which an MP4 or MOV is shown, from its track headers. The reader of tags gives the coded size, which for
 * a film made with an upright phone is the lying one, and none for MOV; only `moov > trak > tkhd` has the rotation.
 */
import { open, type FileHandle } from 'node:fs/promises';

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box {
  readonly type: string;
  /** Of what the box holds. */
  readonly start: number;
  readonly end: number;
}

/** No real film comes near; a file that is all tiny boxes is not worth reading. */
const maxBoxes = 10_000;

/** The size of the first track that is seen, turned as it is shown; undefined when there is none. */
export async function mp4Size(path: string): Promise<Size | undefined> {
  const file = await open(path, 'r');
  try {
    const budget = { boxes: maxBoxes };
    const whole = { type: '', start: 0, end: (await file.stat()).size };
    for await (const moov of boxes(file, whole, 'moov', budget)) {
      for await (const trak of boxes(file, moov, 'trak', budget)) {
        for await (const header of boxes(file, trak, 'tkhd', budget)) {
          const size = shownSize(await read(file, header.start, header.end - header.start));
          if (size) return size;
        }
      }
    }
    return undefined;
  } finally {
    await file.close();
  }
}

/** The boxes of one type right inside another. */
async function* boxes(
  file: FileHandle,
  within: Box,
  type: string,
  budget: { boxes: number },
): AsyncGenerator<Box> {
  let at = within.start;
  while (at + 8 <= within.end && budget.boxes-- > 0) {
    const head = await read(file, at, 16);
    if (head.length < 8) return;
    const short = head.readUInt32BE(0);
    const isLong = short === 1 && head.length === 16;
    const length = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? within.end - at : short;
    const box = { type: head.toString('latin1', 4, 8), start: at + (isLong ? 16 : 8), end: at + length };
    if (length < (isLong ? 16 : 8) || box.end > within.end) return;
    if (box.type === type) yield box;
    at = box.end;
  }
}

/** ISO/IEC 14496-12, 8.3.2: the matrix and the size are the last 44 bytes; 16.16 fixed point. */
function shownSize(header: Buffer): Size | undefined {
  const isVersion1 = header[0] === 1;
  const matrix = isVersion1 ? 52 : 40;
  if (header.length < matrix + 44) return undefined;
  const width = header.readUInt32BE(matrix + 36) >>> 16;
  const height = header.readUInt32BE(matrix + 40) >>> 16;
  if (width === 0 || height === 0) return undefined;
  const isTurned = header.readInt32BE(matrix) === 0 && header.readInt32BE(matrix + 4) !== 0;
  return isTurned ? { width: height, height: width } : { width, height };
}

/** Up to `length` bytes, at most those of a long header. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(length, 256));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}
