/** The length of a WAV: what is streamed says 0 or 0xFFFFFFFF bytes, what is cut says too many. */
import type { FileWindow } from './file-window.ts';

const maxChunks = 1000;

/** Of sound that is not compressed: integers, floating-point numbers, and either by a longer head. */
const plainFormats = new Set([1, 3, 0xfffe]);

/** Seconds; 0 when there is no sound or its rate is not told. */
export async function wavLength(file: FileWindow): Promise<number> {
  let bytesPerSecond = 0;
  let toldS: number | undefined;
  let rate = 0;
  let isPlain = true;
  let at = 12;
  for (let chunks = 0; chunks < maxChunks; chunks++) {
    const head = await file.read(at, 8 + 16);
    if (head.length < 8) break;
    const size = head.readUInt32LE(4);
    const content = head.subarray(8);
    switch (head.toString('latin1', 0, 4)) {
      case 'fmt ':
        if (content.length < 16) return 0;
        isPlain = plainFormats.has(content.readUInt16LE(0));
        rate = content.readUInt32LE(4);
        bytesPerSecond = content.readUInt32LE(8) || rate * content.readUInt16LE(12);
        break;
      case 'fact': // How many bytes a second compressed sound has, its head only estimates.
        if (!isPlain && content.length >= 4 && rate > 0) toldS = content.readUInt32LE(0) / rate;
        break;
      case 'data': {
        const left = file.size - at - 8;
        const byBytes = bytesPerSecond > 0 ? (size === 0 ? left : Math.min(size, left)) / bytesPerSecond : 0;
        return toldS && size <= left ? toldS : byBytes;
      }
    }
    at += 8 + size + (size % 2);
  }
  return 0;
}
