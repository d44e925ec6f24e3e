/** Messages and their media as TL objects. */
import type { Account } from '../accounts.ts';
import type { DeliveredMedia, Delivery } from '../deliveries.ts';
import { fileReferenceOf, mediaAccessHash, PHOTO_SIZE, THUMBNAIL_SIZE } from '../media-store.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world.ts';
import { peerOf } from './entities.ts';
import { isPoll, pollObject } from './poll-media.ts';

/** The colour of every topic's icon. */
export const TOPIC_COLOUR = 0x6fb9f0;
/** The date of a message that goes out when its reader is online. */
const WHEN_ONLINE = 0x7ffffffe;

/** A message as the account that it belongs to sees it. */
export function messageObject(account: Account, delivery: Delivery, chat: Chat): TlObject {
  const { from, edited } = delivery;
  const date = delivery.at === Infinity ? WHEN_ONLINE : Math.floor(delivery.at / 1000);
  return {
    _: 'message',
    out: from === undefined,
    id: delivery.messageId,
    fromId: chat.kind === 'channel' ? undefined : peerOf(from ?? delivery.account),
    post: chat.kind === 'channel',
    silent: delivery.silent,
    fromScheduled: delivery.wasScheduled,
    peerId: peerOf(delivery.chatId),
    date,
    message: edited?.text ?? delivery.text,
    entities: edited ? edited.entities : delivery.entities,
    replyTo: replyHeader(delivery),
    media: delivery.media ? mediaObject(delivery.media, date) : specialObject(account, delivery),
    groupedId: delivery.groupedId,
    editDate: edited && Math.floor(edited.at / 1000),
    views: chat.kind === 'channel' ? 1 : undefined,
    forwards: chat.kind === 'channel' ? 0 : undefined,
  };
}

/** The message that stands in a chat before anything is sent to it. */
export function greetingObject(account: Account, chat: Chat): TlObject {
  const isOwn = chat.id === account.id;
  return {
    _: 'message',
    out: isOwn,
    id: chat.greeting.id,
    fromId: isOwn ? peerOf(account.id) : undefined,
    post: chat.kind === 'channel',
    peerId: peerOf(chat.id),
    date: chat.greeting.date,
    message: chat.greeting.text,
  };
}

/** The service message that a topic begins with. */
export function topicStartObject(account: Account, chat: Chat, topic: Topic): TlObject {
  const { id, title, iconColour = TOPIC_COLOUR, date = chat.greeting.date } = topic;
  return {
    _: 'messageService',
    id,
    fromId: peerOf(account.id),
    peerId: peerOf(chat.id),
    out: true,
    date,
    action: { _: 'messageActionTopicCreate', title, iconColor: iconColour },
  };
}

/** The last message of a chat that stands in the dialogs. */
export function topMessageObject(account: Account, chat: Chat): TlObject {
  const begun = chat.topics?.find(({ id }) => id === chat.topMessageId);
  if (begun) return topicStartObject(account, chat, begun);
  const isOwn = chat.topIsOwn || chat.id === account.id;
  const fromId = isOwn ? peerOf(account.id) : undefined;
  const top = { id: chat.topMessageId, date: chat.topDate, message: chat.topText, out: isOwn, fromId };
  return { ...greetingObject(account, chat), ...top };
}

/** A file as a message carries it. */
export function mediaObject(media: DeliveredMedia, date: number): TlObject {
  const { id, dc: dcId, thumbnail, spoiler } = media;
  const shared = {
    id,
    accessHash: mediaAccessHash(media),
    fileReference: fileReferenceOf(media),
    date,
    dcId,
  };
  if (media.kind === 'photo') {
    const sizes = [{ _: 'photoSize', type: PHOTO_SIZE, w: media.width, h: media.height, size: media.size }];
    return { _: 'messageMediaPhoto', spoiler, photo: { _: 'photo', ...shared, sizes } };
  }
  const { mimeType, attributes, kind } = media;
  const thumbs = thumbnail && [
    { _: 'photoSize', type: THUMBNAIL_SIZE, w: 320, h: 320, size: thumbnail.size },
  ];
  const document = { _: 'document', ...shared, mimeType, size: BigInt(media.size), attributes, thumbs };
  const flags = { video: kind === 'video', round: kind === 'video_note', voice: kind === 'voice' };
  return { _: 'messageMediaDocument', spoiler, ...flags, document };
}

/** Media that is no file, as an account sees it. */
function specialObject(account: Account, { special, from }: Delivery): TlObject | undefined {
  const now = Math.floor(Date.now() / 1000);
  return isPoll(special) ? pollObject(special, account.id, from === undefined, now) : special;
}

function replyHeader({ replyTo, topicId }: Delivery): TlObject | undefined {
  const isInTopic = topicId !== undefined && topicId !== 1;
  if (replyTo === undefined && !isInTopic) return undefined;
  return {
    _: 'messageReplyHeader',
    forumTopic: isInTopic,
    replyToMsgId: replyTo ?? topicId,
    replyToTopId: isInTopic && replyTo !== undefined ? topicId : undefined,
  };
}
