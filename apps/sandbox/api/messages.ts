/** Messages and their media as TL objects. */
import type { Account } from '../world/accounts.ts';
import { contentOf, type DeliveredMedia, type Delivery, type Marks } from '../world/deliveries.ts';
import { fileReferenceOf, mediaAccessHash, photoSize, thumbnailSize } from '../world/media-store.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world/chat.ts';
import { peerOf } from './entities.ts';
import { isPoll, pollObject } from './poll-media.ts';
import { reactionsObject } from './reaction-objects.ts';

/** The colour of every topic's icon. */
export const topicColour = 0x6fb9f0;
/** The date of a message that goes out when its reader is online. */
export const whenOnline = 0x7ffffffe;

/** A message as the account that it belongs to sees it. */
export function messageObject(account: Account, delivery: Delivery, chat: Chat): TlObject {
  const { action, edited } = delivery;
  const { text, entities, media, special } = contentOf(delivery);
  const date = delivery.at === Infinity ? whenOnline : Math.floor(delivery.at / 1000);
  const common = {
    ...authorship(account, chat, delivery),
    id: delivery.messageId,
    silent: delivery.silent,
    date,
    replyTo: replyHeader(delivery),
  };
  if (action) return { _: 'messageService', ...common, action };
  return {
    _: 'message',
    ...common,
    fromScheduled: delivery.wasScheduled,
    fwdFrom: delivery.forward,
    message: text,
    entities,
    media: media ? mediaObject(media, date) : specialObject(account, delivery, special),
    groupedId: delivery.groupedId,
    ...marksObject(account, chat, delivery),
    editDate: edited && Math.floor(edited.at / 1000),
    views: chat.kind === 'channel' ? 1 : undefined,
    forwards: chat.kind === 'channel' ? 0 : undefined,
  };
}

/** What a message says of being pinned, and of reactions to it. */
function marksObject(account: Account, chat: Chat, { isPinned, reactions }: Marks): Partial<TlObject> {
  const isReactedTo = reactions !== undefined && reactions.length > 0;
  return { pinned: isPinned, reactions: isReactedTo ? reactionsObject(account, chat, reactions) : undefined };
}

/**
 * Whose message it is. A channel's posts have no author. In Saved Messages nothing is outgoing but what is scheduled,
 * and each message stands in the topic of the chat that it was forwarded from, or in that of the account itself.
 */
function authorship(
  account: Account,
  chat: Chat,
  { from, forward, scheduledFor }: Pick<Delivery, 'from' | 'forward' | 'scheduledFor'>,
): Partial<TlObject> {
  const isPost = chat.kind === 'channel';
  const isSaved = chat.id === account.id;
  return {
    out: from === undefined && (!isSaved || scheduledFor !== undefined),
    fromId: isPost ? undefined : peerOf(from ?? account.id),
    post: isPost,
    peerId: peerOf(chat.id),
    savedPeerId: isSaved ? (forward?.savedFromPeer ?? peerOf(account.id)) : undefined,
  };
}

/** The message that stands in a chat before anything is sent to it. */
export function greetingObject(account: Account, chat: Chat): TlObject {
  const { id, date, text, from } = chat.greeting;
  const isOwn = from === account.id;
  const isPost = chat.kind === 'channel';
  return {
    _: 'message',
    ...authorship(account, chat, { from: isOwn ? undefined : (from ?? chat.id) }),
    id,
    date,
    message: text,
    ...marksObject(account, chat, chat.greeting),
    views: isPost ? 1 : undefined,
    forwards: isPost ? 0 : undefined,
  };
}

/** The service message that a topic begins with. */
export function topicStartObject(account: Account, chat: Chat, topic: Topic): TlObject {
  const { id, title, iconColour = topicColour, date = chat.greeting.date } = topic;
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
  if (chat.top) return messageObject(account, chat.top, chat);
  const begun = chat.topics?.find(({ id }) => id === chat.topMessageId);
  return begun ? topicStartObject(account, chat, begun) : greetingObject(account, chat);
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
    const sizes = [{ _: 'photoSize', type: photoSize, w: media.width, h: media.height, size: media.size }];
    return { _: 'messageMediaPhoto', spoiler, photo: { _: 'photo', ...shared, sizes } };
  }
  const { mimeType, attributes, kind } = media;
  const thumbs = thumbnail && [{ _: 'photoSize', type: thumbnailSize, w: 320, h: 320, size: thumbnail.size }];
  const document = { _: 'document', ...shared, mimeType, size: BigInt(media.size), attributes, thumbs };
  const flags = { video: kind === 'video', round: kind === 'video_note', voice: kind === 'voice' };
  return { _: 'messageMediaDocument', spoiler, ...flags, document };
}

/** Media that is no file, as an account sees it. */
function specialObject(
  account: Account,
  { from }: Delivery,
  special: TlObject | undefined,
): TlObject | undefined {
  const now = Math.floor(Date.now() / 1000);
  return isPoll(special) ? pollObject(special, account.id, from === undefined, now) : special;
}

function replyHeader({ replyTo, topicId, replyFields }: Delivery): TlObject | undefined {
  const isInTopic = topicId !== undefined && topicId !== 1;
  if (replyTo === undefined && !isInTopic && !replyFields) return undefined;
  return {
    _: 'messageReplyHeader',
    forumTopic: isInTopic,
    replyToMsgId: replyTo ?? topicId,
    replyToTopId: isInTopic && replyTo !== undefined ? topicId : undefined,
    ...replyFields,
  };
}
