/** What may stand together in an album (core.telegram.org/api/files#albums-grouped-media). */
import type { DeliveredMedia } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { takeMedia, type TakenMedia } from './media.ts';
import type { MethodContext } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const maxAlbum = 10;

/** Photos and videos mix; documents stand only with documents, and music with music. All else stands alone. */
export const albumGroups: Readonly<Partial<Record<DeliveredMedia['kind'], string>>> = {
  photo: 'pictures',
  video: 'pictures',
  document: 'documents',
  audio: 'music',
};

/** Checks how many items there are. Throws MEDIA_EMPTY or MULTI_MEDIA_TOO_LONG. */
export function checkCount(items: readonly unknown[]): void {
  if (items.length === 0) throw new RpcError(400, 'MEDIA_EMPTY');
  if (items.length > maxAlbum) throw new RpcError(400, 'MULTI_MEDIA_TOO_LONG');
}

/** The items' media. Rejects with MEDIA_INVALID where one was not uploaded before, or does not go with the others. */
export async function takeAlbum(
  context: MethodContext,
  chat: Chat,
  all: readonly TlObject[],
): Promise<TakenMedia[]> {
  const isStored = ({ _ }: TlObject) => _ === 'inputMediaPhoto' || _ === 'inputMediaDocument';
  if (!all.every(isStored)) throw new RpcError(400, 'MEDIA_INVALID');
  const taken = await Promise.all(all.map((media) => takeMedia(context, chat, media)));
  const groups = new Set(taken.map(({ media }) => media && albumGroups[media.kind]));
  if (groups.size > 1 || groups.has(undefined)) throw new RpcError(400, 'MEDIA_INVALID');
  return taken;
}
