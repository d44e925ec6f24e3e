/** Whether a JPEG is to be shown turned by a quarter, so that its width is shown as its height (Exif 2.32, 4.6.2 and 4.6.4). */

const orientationTag = 0x0112;
/** Of the eight orientations, those with the picture's rows upright. */
const turned = new Set([5, 6, 7, 8]);
/** More segments before the picture than any camera writes. */
const maxSegments = 200;

/** `head` is the beginning of the file; false for one that is damaged, or no JPEG. */
export function isTurnedJpeg(head: Uint8Array): boolean {
  try {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
    const exif = exifOf(bytes);
    return exif !== undefined && turned.has(orientationIn(exif));
  } catch (error) {
    if (error instanceof RangeError) return false; // A field points beyond the end.
    throw error;
  }
}

function exifOf(bytes: Buffer): Buffer | undefined {
  let at = 2;
  for (let segment = 0; segment < maxSegments && bytes[at] === 0xff; segment++) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1; // Fill.
      continue;
    }
    if (marker === 0xda) return undefined; // The picture.
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (marker === 0xe1 && bytes.toString('latin1', at + 4, at + 10) === 'Exif\0\0')
      return bytes.subarray(at + 10, end);
    at = end;
  }
  return undefined;
}

/** 1 where it is not told. */
function orientationIn(tiff: Buffer): number {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + entry * 12;
    if (short(at) === orientationTag) return short(at + 8);
  }
  return 1;
}
