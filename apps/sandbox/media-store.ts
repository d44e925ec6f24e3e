/** Files by the id that the API names them with, so that a message can show one again and a client can fetch it. */
import type { DeliveredMedia } from './deliveries.ts';
import { hashOf } from './world-names.ts';

const MAX_KEPT = 20_000;

/** The media of one server; the oldest make room. */
export class MediaStore {
  private readonly byId = new Map<bigint, DeliveredMedia>();

  keep(media: DeliveredMedia): DeliveredMedia {
    if (this.byId.size >= MAX_KEPT) this.byId.delete(this.byId.keys().next().value!);
    this.byId.set(media.id, media);
    return media;
  }

  /** The media with this id and hash, unless its file made room. */
  find(id: bigint, accessHash: bigint): DeliveredMedia | undefined {
    const media = this.byId.get(id);
    if (media?.file.gone) this.byId.delete(id);
    return media && !media.file.gone && mediaAccessHash(media) === accessHash ? media : undefined;
  }
}

/** The hash that goes with a media's id. */
export function mediaAccessHash({ file }: DeliveredMedia): bigint {
  return hashOf('media access', file.id);
}
