/** Media that takes the place of a message's (core.telegram.org/method/messages.editMessage). */
import { contentOf, type DeliveredMedia, type Delivery } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/world.ts';
import { albumGroups } from './albums.ts';
import { takeMedia, type TakenMedia } from './media.ts';
import type { MethodContext } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const replaceable = new Set<DeliveredMedia['kind']>(['photo', 'document', 'video', 'audio', 'animation']);

/**
 * The new media of a message. Rejects with MEDIA_PREV_INVALID where what it has cannot be replaced, MEDIA_NEW_INVALID where
 * what is given cannot replace anything, MEDIA_GROUPED_INVALID where it does not go with the rest of an album.
 */
export async function replacedMedia(
  context: MethodContext,
  chat: Chat,
  delivery: Delivery,
  input: TlObject,
): Promise<TakenMedia> {
  const { media, special } = contentOf(delivery);
  const isLive = special?._ === 'messageMediaGeoLive';
  if (media && !replaceable.has(media.kind)) throw new RpcError(400, 'MEDIA_PREV_INVALID');
  if (special && !isLive && special._ !== 'messageMediaWebPage')
    throw new RpcError(400, 'MEDIA_PREV_INVALID');
  const taken = await takeMedia(context, chat, input);
  if (!taken.media) {
    const isRight = isLive
      ? taken.special?._ === special._
      : !media && taken.special?._ === 'messageMediaWebPage';
    if (!isRight) throw new RpcError(400, 'MEDIA_NEW_INVALID');
    return taken;
  }
  if (isLive || !replaceable.has(taken.media.kind)) throw new RpcError(400, 'MEDIA_NEW_INVALID');
  const isOfAlbum = delivery.groupedId !== undefined && media !== undefined;
  const isOfKind = isOfAlbum && albumGroups[media.kind] === albumGroups[taken.media.kind];
  if (isOfAlbum && !isOfKind) throw new RpcError(400, 'MEDIA_GROUPED_INVALID');
  return taken;
}
