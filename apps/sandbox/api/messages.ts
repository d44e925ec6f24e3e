/** Messages and their media as TL objects. */
import type { Account } from '../accounts.ts';
import type { DeliveredMedia, Delivery } from '../deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { hashOf } from '../world-names.ts';
import { peerOf } from './entities.ts';

/** A delivered message as the account that sent it sees it. */
export function messageObject(delivery: Delivery, chat: Chat): TlObject {
  return {
    _: 'message',
    out: true,
    id: delivery.messageId,
    fromId: chat.kind === 'channel' ? undefined : peerOf(delivery.account),
    post: chat.kind === 'channel',
    silent: delivery.silent,
    peerId: peerOf(delivery.chatId),
    date: Math.floor(delivery.at / 1000),
    message: delivery.text,
    entities: delivery.entities,
    replyTo: delivery.replyTo ? { _: 'messageReplyHeader', replyToMsgId: delivery.replyTo } : undefined,
    media: delivery.media && mediaObject(delivery.media, Math.floor(delivery.at / 1000)),
    views: chat.kind === 'channel' ? 1 : undefined,
    forwards: chat.kind === 'channel' ? 0 : undefined,
  };
}

/** The last message of a chat that stands in the dialogs. */
export function topMessageObject(account: Account, chat: Chat): TlObject {
  const isOwn = chat.topIsOwn || chat.id === account.id;
  return {
    _: 'message',
    out: isOwn,
    id: chat.topMessageId,
    fromId: isOwn ? peerOf(account.id) : undefined,
    post: chat.kind === 'channel',
    peerId: peerOf(chat.id),
    date: chat.topDate,
    message: chat.topText,
  };
}

function mediaObject(media: DeliveredMedia, date: number): TlObject {
  const id = hashOf('media', media.file.id);
  const shared = {
    id,
    accessHash: hashOf('media access', media.file.id),
    fileReference: Buffer.from(media.file.id.slice(0, 8)),
    date,
    dcId: 2,
  };
  if (media.kind === 'photo') {
    const sizes = [{ _: 'photoSize', type: 'x', w: media.width, h: media.height, size: media.size }];
    return { _: 'messageMediaPhoto', photo: { _: 'photo', ...shared, sizes } };
  }
  const { mimeType, attributes } = media;
  const document = { _: 'document', ...shared, mimeType, size: BigInt(media.size), attributes };
  return { _: 'messageMediaDocument', document };
}
