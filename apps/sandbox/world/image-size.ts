/** Reads format and pixel size, as it is shown, from the head of a JPEG, PNG, GIF or WebP file. */
import { open } from 'node:fs/promises';

export interface ImageSize {
  mimeType: string;
  width: number;
  height: number;
}

const HEAD_BYTES = 512 * 1024;

/** The image's format and size, or undefined where the file is no image of these formats. */
export async function imageSizeOf(path: string): Promise<ImageSize | undefined> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return imageSizeIn(head.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The same for bytes in memory. */
export function imageSizeIn(head: Buffer): ImageSize | undefined {
  try {
    const size = png(head) ?? gif(head) ?? jpeg(head) ?? webp(head);
    return size && size.width > 0 && size.height > 0 ? size : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function png(head: Buffer): ImageSize | undefined {
  if (head.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  return { mimeType: 'image/png', width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

function gif(head: Buffer): ImageSize | undefined {
  if (!/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) return undefined;
  return { mimeType: 'image/gif', width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
}

/** Walks the segments up to a start-of-frame one. */
function jpeg(head: Buffer): ImageSize | undefined {
  if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return undefined;
  let offset = 2;
  let isTurned = false;
  while (offset + 9 <= head.length && head[offset] === 0xff) {
    const marker = head.readUInt8(offset + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const sides = { height: head.readUInt16BE(offset + 5), width: head.readUInt16BE(offset + 7) };
      const shown = isTurned ? { height: sides.width, width: sides.height } : sides;
      return { mimeType: 'image/jpeg', ...shown };
    }
    if (marker === 0xe1 && head.toString('latin1', offset + 4, offset + 10) === 'Exif\0\0')
      isTurned = isTurnedBy(head.subarray(offset + 10));
    offset += 2 + head.readUInt16BE(offset + 2);
  }
  return undefined;
}

/** Whether Exif puts the rows upright (orientations 5 to 8); what is damaged there does not keep a photo from being one. */
function isTurnedBy(exif: Buffer): boolean {
  const isLittle = exif.toString('latin1', 0, 2) === 'II';
  const short = (at: number) =>
    at + 2 > exif.length ? 0 : isLittle ? exif.readUInt16LE(at) : exif.readUInt16BE(at);
  const directory = isLittle ? short(4) : short(6);
  for (let at = directory + 2, left = short(directory); left > 0; left--, at += 12)
    if (short(at) === 0x0112) return short(at + 8) >= 5;
  return false;
}

function webp(head: Buffer): ImageSize | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  const mimeType = 'image/webp';
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { mimeType, width: 1 + head.readUIntLE(24, 3), height: 1 + head.readUIntLE(27, 3) };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { mimeType, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    default:
      return { mimeType, width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  }
}
