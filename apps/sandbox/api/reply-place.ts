/** Where in its chat a message stands: what it replies to, and the topic or thread that it belongs to. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject, TlValue } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { peerOf } from './entities.ts';
import { mediaObject } from './messages.ts';
import { originOf } from './origins.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { findWritten, generalTopic, topicOf, type Written } from './written.ts';

/** The place of a message. */
export interface Place {
  replyTo: number | undefined;
  /** What more the header of the reply holds. */
  replyFields: Readonly<Record<string, TlValue>> | undefined;
  topicId: number | undefined;
  topicTitle: string | undefined;
}

interface ReplyTo extends TlObject {
  replyToMsgId: number;
  topMsgId?: number;
  replyToPeerId?: TlObject;
  quoteText?: string;
  quoteEntities?: TlObject[];
  quoteOffset?: number;
}

const nowhere: Place = {
  replyTo: undefined,
  replyFields: undefined,
  topicId: undefined,
  topicTitle: undefined,
};

/**
 * The place that an InputReplyTo names. Throws TOPIC_DELETED, TOPIC_CLOSED, MESSAGE_ID_INVALID for a reply to another
 * chat, or REPLY_MESSAGE_ID_INVALID for one to the number of General, which has no first message
 * (github.com/tdlib/telegram-bot-api/issues/798).
 */
export function placeOf(
  { state, account }: { state: SandboxState; account: Account },
  chat: Chat,
  input: TlObject | undefined,
): Place {
  const reply = input?._ === 'inputReplyToMessage' ? (input as ReplyTo) : undefined;
  if (!reply && !chat.topics) return nowhere;
  const source = reply?.replyToPeerId && chatOf(account, reply.replyToPeerId);
  const isElsewhere = source !== undefined && source !== chat;
  const answered = isElsewhere ? undefined : reply?.replyToMsgId || undefined;
  if (chat.topics && answered === generalTopic) throw new RpcError(400, 'REPLY_MESSAGE_ID_INVALID');
  const written =
    answered !== undefined && isChannel(chat) ? findWritten(state, account, chat, answered) : undefined;
  const topic = chat.topics && topicFor(chat.topics, reply?.topMsgId ?? (written && topicOf(written)));
  const fields = {
    ...(isElsewhere ? elsewhere(state, account, source, reply!) : {}),
    ...(topic === undefined && written ? threadOf(written) : {}),
    ...(reply?.quoteText ? quoteOf(reply) : {}),
  };
  return {
    replyTo: answered === topic?.id ? undefined : answered,
    replyFields: Object.keys(fields).length > 0 ? fields : undefined,
    topicId: topic?.id,
    topicTitle: topic?.title,
  };
}

function topicFor(topics: NonNullable<Chat['topics']>, named: number | undefined) {
  const topic = topics.find(({ id }) => id === (named ?? generalTopic));
  if (!topic) throw new RpcError(400, 'TOPIC_DELETED');
  if (topic.isClosed) throw new RpcError(400, 'TOPIC_CLOSED');
  return topic;
}

/** A reply to a reply stands in the thread of the first message. */
function threadOf({ delivery }: Written): Readonly<Record<string, TlValue>> {
  const top = delivery?.replyFields?.replyToTopId ?? delivery?.replyTo;
  return top === undefined ? {} : { replyToTopId: top };
}

function quoteOf({ quoteText, quoteEntities, quoteOffset }: ReplyTo): Readonly<Record<string, TlValue>> {
  return { quote: true, quoteText, quoteEntities, quoteOffset };
}

/** What a reply shows of a message in another chat; a chat that not everyone can open is not named. */
function elsewhere(
  state: SandboxState,
  account: Account,
  source: Chat,
  { replyToMsgId }: ReplyTo,
): Readonly<Record<string, TlValue>> {
  const written = findWritten(state, account, source, replyToMsgId);
  if (!written) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  const { delivery, date } = written;
  const named = isChannel(source) ? { replyToMsgId, replyToPeerId: peerOf(source.id) } : {};
  const media = delivery?.media && mediaObject(delivery.media, date);
  return { ...named, replyFrom: originOf(account, written), replyMedia: media };
}
