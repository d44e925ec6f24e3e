/** What a file is, by its content, and what Telegram is to make of it. */
import { fileTypeFromFile } from 'file-type';
import mime from 'mime-types';
import { Problem } from '../../kit/errors.ts';

export type RequestedKind = 'auto' | 'photo' | 'document';

/** Telegram takes larger pictures as documents only. */
const photoMaxBytes = 10 * 1024 * 1024;
const photoTypes = new Set(['image/jpeg', 'image/png', 'image/webp']);

export interface Recognised {
  readonly kind: 'photo' | 'document';
  readonly mimeType: string;
}

/**
 * Recognises a file by its first bytes; its name decides only for content that has no mark of its own, as text.
 * @throws Problem media_invalid when a photo was asked for and the file cannot be one
 */
export async function recognise(
  file: string,
  { name, sizeBytes, kind }: { name: string; sizeBytes: number; kind: RequestedKind },
): Promise<Recognised> {
  const byContent = (await fileTypeFromFile(file))?.mime;
  const mimeType = byContent ?? (mime.lookup(name) || 'application/octet-stream');
  const isPhoto = byContent !== undefined && photoTypes.has(byContent) && sizeBytes <= photoMaxBytes;
  if (kind === 'photo' && !isPhoto) {
    const what = byContent === undefined ? 'is no picture' : `is ${byContent} of ${sizeBytes} bytes`;
    throw new Problem(
      'media_invalid',
      `file ${what}: a photo is JPEG, PNG or WebP of at most ${photoMaxBytes} bytes`,
    );
  }
  return { kind: isPhoto && kind !== 'document' ? 'photo' : 'document', mimeType };
}
