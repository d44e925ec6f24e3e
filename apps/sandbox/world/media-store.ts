/** Files by the id that the API names them with, so that a message can show one again and a client can fetch it. */
import type { DeliveredMedia } from './deliveries.ts';
import { hashOf } from './names.ts';

const maxKept = 20_000;

/** The size type of a photo, and that of the picture that stands for a file (core.telegram.org/api/files). */
export const photoSize = 'x';
export const thumbnailSize = 'm';

/** What names a media in a request. */
export interface FileName {
  id: bigint;
  accessHash: bigint;
  fileReference: Buffer;
}

/** The media of one server; the oldest make room. */
export class MediaStore {
  readonly #byId = new Map<bigint, DeliveredMedia>();

  keep(media: DeliveredMedia): DeliveredMedia {
    if (this.#byId.size >= maxKept) this.#byId.delete(this.#byId.keys().next().value!);
    this.#byId.set(media.id, media);
    return media;
  }

  /** The media with this id and hash. Its file may be gone, because it made room. */
  find(id: bigint, accessHash: bigint): DeliveredMedia | undefined {
    const media = this.#byId.get(id);
    return media && mediaAccessHash(media) === accessHash ? media : undefined;
  }
}

/** The hash that goes with a media's id. */
export function mediaAccessHash({ file }: DeliveredMedia): bigint {
  return hashOf('media access', file.id);
}

/** What a client must show beside id and hash (core.telegram.org/api/file_reference). */
export function fileReferenceOf({ file }: DeliveredMedia): Buffer {
  return Buffer.from(file.id.slice(0, 8));
}

/** The name of the error that refuses this reference to a media, if one does. */
export function referenceProblem(media: DeliveredMedia, reference: Buffer): string | undefined {
  if (reference.length === 0) return 'FILE_REFERENCE_EMPTY';
  if (!reference.equals(fileReferenceOf(media))) return 'FILE_REFERENCE_INVALID';
  return media.file.gone ? 'FILE_REFERENCE_EXPIRED' : undefined;
}
