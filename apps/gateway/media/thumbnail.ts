/** The small picture that stands for a file until it is loaded. */
import { Problem } from '../../kit/errors.ts';
import { readPicture } from '../../kit/picture.ts';
import { thumbnailLimits } from '../model/media-kinds.ts';
import type { Brought } from './sources.ts';
import { fileTypeFromFile } from 'file-type';

export interface Thumbnail {
  /** Name of the file within the spool. */
  readonly spooled: string;
  readonly sizeBytes: number;
}

/** @throws Problem media_invalid when it is none that Telegram takes */
export async function checkThumbnail(
  { field, spooled, sizeBytes }: Pick<Brought, 'field' | 'spooled' | 'sizeBytes'>,
  path: string,
): Promise<Thumbnail> {
  const { bytes, sidePx } = thumbnailLimits;
  const takes = `a thumbnail takes JPEG of at most ${sidePx} px a side and ${bytes} bytes`;
  const type = (await fileTypeFromFile(path))?.mime ?? 'no picture';
  const size = type === 'image/jpeg' ? (await readPicture(path))?.size : undefined;
  if (!size) throw new Problem('media_invalid', `${field} is ${type}: ${takes}`);
  const { width, height } = size;
  if (sizeBytes > bytes || Math.max(width, height) > sidePx) {
    throw new Problem('media_invalid', `${field} is ${width} × ${height} px of ${sizeBytes} bytes: ${takes}`);
  }
  return { spooled, sizeBytes };
}
