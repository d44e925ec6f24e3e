/** The format and the shown size of a picture, as its head declares them: nothing is decoded. */
import { open } from 'node:fs/promises';
import { imageDimensionsFromData } from 'image-dimensions';
import { isTurnedJpeg } from './jpeg-turned.ts';

/** Most tell within the first; a JPEG may have megabytes of profiles and previews before its frame. */
const headBytes = [256 * 1024, 10 * 1024 * 1024];

export interface Picture {
  readonly mimeType: string;
  readonly size: { readonly width: number; readonly height: number };
}

/** Undefined when the file is not a picture, or damaged. */
export async function readPicture(path: string): Promise<Picture | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (const length of headBytes) {
      const head = new Uint8Array(Math.min(length, size));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      const found = pictureIn(head.subarray(0, bytesRead));
      if (found) return found;
      if (size <= length) return undefined;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function pictureIn(head: Uint8Array): Picture | undefined {
  try {
    const { width = 0, height = 0, type } = imageDimensionsFromData(head) ?? {};
    if (width === 0 || height === 0) return undefined;
    const isTurned = type === 'jpeg' && isTurnedJpeg(head);
    return {
      mimeType: `image/${type}`,
      size: isTurned ? { width: height, height: width } : { width, height },
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // A field points beyond the end.
    throw error;
  }
}
