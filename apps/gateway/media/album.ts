/** Which files Telegram shows together as an album. */
import { Problem } from '../../kit/errors.ts';
import { sentence, type Reason } from '../../kit/reason.ts';
import type { MediaKind } from '../model/media-kinds.ts';

/** Kinds of one family go together; what is in none goes alone. */
const families: Readonly<Partial<Record<MediaKind, string>>> = {
  photo: 'photos and videos',
  video: 'photos and videos',
  document: 'documents',
  audio: 'audio',
};

export interface AlbumItem {
  /** The field it came in, for errors. */
  readonly field: string;
  readonly kind: MediaKind;
  /** Why it is of that kind, where that is not plain. */
  readonly notes: readonly Reason[];
}

/** @throws Problem media_invalid naming the first item that does not fit */
export function checkAlbum(items: readonly AlbumItem[]): void {
  const first = items[0] && families[items[0].kind];
  for (const { field, kind, notes } of items) {
    const family = families[kind];
    if (family === undefined) {
      throw new Problem('media_invalid', `${field} is of kind ${kind}, which goes alone and in no album`);
    }
    if (family !== first) {
      const detail = `${field} is of kind ${kind} in an album of ${first}: photos go with videos, documents with documents, audio with audio`;
      throw new Problem('media_invalid', [detail, ...notes.map(sentence)].join('; '));
    }
  }
}
