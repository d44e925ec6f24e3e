/** The size at which a picture is shown, by what its head declares: nothing is decoded. */
import { open } from 'node:fs/promises';
import { imageDimensionsFromData } from 'image-dimensions';
import { isTurnedJpeg } from './jpeg-turned.ts';
import type { Size } from './mp4-size.ts';

/** Most tell within the first; a JPEG may have megabytes of profiles and previews before its frame. */
const headBytes = [256 * 1024, 10 * 1024 * 1024];

/** Undefined when the file is no picture, or damaged. */
export async function imageSize(path: string): Promise<Size | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (const length of headBytes) {
      const head = new Uint8Array(Math.min(length, size));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      const found = sizeIn(head.subarray(0, bytesRead));
      if (found) return found;
      if (size <= length) return undefined;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function sizeIn(head: Uint8Array): Size | undefined {
  try {
    const { width = 0, height = 0, type } = imageDimensionsFromData(head) ?? {};
    if (width === 0 || height === 0) return undefined;
    return type === 'jpeg' && isTurnedJpeg(head) ? { width: height, height: width } : { width, height };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // A field points beyond the end.
    throw error;
  }
}
