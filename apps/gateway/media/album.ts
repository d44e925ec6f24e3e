/** Which files Telegram shows together as an album. */
import { Problem } from '../../kit/errors.ts';
import type { MediaKind } from './kinds.ts';

/** Kinds of one family go together; what is in none goes alone. */
const families: Readonly<Partial<Record<MediaKind, string>>> = {
  photo: 'photos and videos',
  video: 'photos and videos',
  document: 'documents',
  audio: 'audio',
};

/** @throws Problem media_invalid naming the first item that does not fit, by the field it came in */
export function checkAlbum(items: readonly { readonly field: string; readonly kind: MediaKind }[]): void {
  const first = items[0] && families[items[0].kind];
  for (const { field, kind } of items) {
    const family = families[kind];
    if (family === undefined) {
      throw new Problem('media_invalid', `${field} is of kind ${kind}, which goes alone and in no album`);
    }
    if (family !== first) {
      const detail = `${field} is of kind ${kind} in an album of ${first}: photos go with videos, documents with documents, audio with audio`;
      throw new Problem('media_invalid', detail);
    }
  }
}
