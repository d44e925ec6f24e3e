/** The length of a WAV: what is streamed says 0 or 0xFFFFFFFF bytes, what is cut says too many. */
import type { FileWindow } from './file-window.ts';

const maxChunks = 1000;

/** Seconds; 0 when there is no sound or its rate is not told. Also RF64, of more than 4 GB. */
export async function wavLength(file: FileWindow): Promise<number> {
  let bytesPerSecond = 0;
  let longSize: number | undefined;
  let at = 12;
  for (let chunks = 0; chunks < maxChunks; chunks++) {
    const head = await file.read(at, 8 + 16);
    if (head.length < 8) break;
    const size = head.readUInt32LE(4);
    const content = head.subarray(8);
    switch (head.toString('latin1', 0, 4)) {
      case 'ds64':
        if (content.length === 16) longSize = Number(content.readBigUInt64LE(8));
        break;
      case 'fmt ':
        if (content.length === 16)
          bytesPerSecond = content.readUInt32LE(8) || content.readUInt32LE(4) * content.readUInt16LE(12);
        break;
      case 'data': {
        const left = file.size - at - 8;
        const told = size === 0xffff_ffff && longSize ? longSize : size;
        return bytesPerSecond > 0 ? (told === 0 ? left : Math.min(told, left)) / bytesPerSecond : 0;
      }
    }
    at += 8 + size + (size % 2);
  }
  return 0;
}
