/**
 * Forums and their topics begun, changed and ended (core.telegram.org/api/forum). The service message of a change is
 * told to the account's sessions, and is not kept in the history.
 */
import { unmark } from '../chat-ids.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world.ts';
import { updatesWith } from './answers.ts';
import { peerOf } from './entities.ts';
import { topicOf, writtenIn } from './history.ts';
import { topicStartObject } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';
import { writableChat } from './send-checks.ts';
import { forumOf } from './topics.ts';

const GENERAL: Topic = { id: 1, title: 'General', isClosed: false };

interface Create extends TlObject {
  peer: TlObject;
  title: string;
  iconColor?: number;
  randomId: bigint;
}

interface Edit extends TlObject {
  peer: TlObject;
  topicId: number;
  title?: string;
  iconEmojiId?: bigint;
  closed?: boolean;
  hidden?: boolean;
}

interface Delete extends TlObject {
  peer: TlObject;
  topMsgId: number;
}

const createForumTopic = method<Create>((context, { peer, title, iconColor, randomId }) => {
  const { state, account } = context;
  const chat = forumOf(account, peer);
  writableChat(account, peer, [randomId]);
  if (title.trim() === '') throw new RpcError(400, 'TOPIC_TITLE_EMPTY');
  const earlier = chat.topics.find((topic) => topic.randomId === randomId);
  if (earlier) {
    state.deliveries.repeated++;
    const news = { _: 'updateNewChannelMessage', message: topicStartObject(account, chat, earlier) };
    const again = [pairOf(earlier), { ...news, pts: chat.pts, ptsCount: 0 }];
    return updatesWith(state, account, chat, again);
  }
  const topic = begin(context, chat, { title, iconColour: iconColor, randomId });
  return told(context, chat, topicStartObject(account, chat, topic), [pairOf(topic)]);
});

const deleteTopicHistory = method<Delete>(({ state, account }, { peer, topMsgId }) => {
  const chat = forumOf(account, peer);
  topicIn(chat, topMsgId);
  const messages = writtenIn(state, account, chat).filter((written) => topicOf(written) === topMsgId);
  for (const { delivery } of messages) if (delivery) delivery.isDeleted = true;
  if (topMsgId !== GENERAL.id) chat.topics = chat.topics.filter(({ id }) => id !== topMsgId);
  chat.pts += messages.length;
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  return { _: 'messages.affectedHistory', pts: chat.pts, ptsCount: messages.length, offset: 0 };
});

export const topicChangeMethods: MethodTable = {
  'messages.createForumTopic': createForumTopic,
  'messages.deleteTopicHistory': deleteTopicHistory,

  'messages.editForumTopic': method<Edit>(
    (context, { peer, topicId, title, iconEmojiId, closed, hidden }) => {
      const { account } = context;
      const chat = forumOf(account, peer);
      const topic = topicIn(chat, topicId);
      const others = [title, iconEmojiId, hidden].filter((field) => field !== undefined);
      if (closed !== undefined && others.length > 0) throw new RpcError(400, 'TOPIC_CLOSE_SEPARATELY');
      const changed = {
        ...topic,
        title: title ?? topic.title,
        isClosed: closed ?? topic.isClosed,
        isHidden: hidden ?? topic.isHidden,
      };
      const isSame = (['title', 'isClosed', 'isHidden'] as const).every(
        (name) => changed[name] === topic[name],
      );
      if (isSame && iconEmojiId === undefined) throw new RpcError(400, 'TOPIC_NOT_MODIFIED');
      chat.topics = chat.topics.map((one) => (one.id === topicId ? changed : one));
      const action = { _: 'messageActionTopicEdit', title, iconEmojiId, closed, hidden };
      const id = chat.topMessageId + 1;
      chat.topMessageId = id;
      const replyTo = { _: 'messageReplyHeader', forumTopic: true, replyToMsgId: topicId };
      const from = { out: true, fromId: peerOf(account.id), peerId: peerOf(chat.id) };
      const date = context.state.clock.seconds();
      return told(context, chat, { _: 'messageService', id, ...from, replyTo, date, action }, []);
    },
  ),

  'channels.toggleForum': method<TlObject & { channel: TlObject; enabled: boolean }>(
    ({ state, account }, { channel, enabled }) => {
      const chat = chatOf(account, channel);
      if (chat.kind !== 'supergroup') throw new RpcError(400, 'CHANNEL_INVALID');
      if (enabled === (chat.topics !== undefined)) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
      chat.topics = enabled ? [GENERAL] : undefined;
      state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
      return updatesWith(state, account, chat, [{ _: 'updateChannel', channelId: unmark(chat.id).id }]);
    },
  ),
};

function pairOf({ id, randomId }: Topic): TlObject {
  return { _: 'updateMessageID', id, randomId };
}

function begin(
  { state, account }: MethodContext,
  chat: Chat & { topics: readonly Topic[] },
  given: Pick<Topic, 'title' | 'iconColour' | 'randomId'>,
): Topic {
  const id = account.nextMessageId(chat);
  const topic: Topic = { id, isClosed: false, date: state.clock.seconds(), ...given };
  chat.topMessageId = id;
  chat.topics = [...chat.topics, topic];
  return topic;
}

/** Answers with a service message, and tells it to the account's other sessions. */
function told(context: MethodContext, chat: Chat, message: TlObject, pairs: TlObject[]): TlObject {
  const { state, account, call } = context;
  const news = { _: 'updateNewChannelMessage', message, pts: account.nextPts(chat), ptsCount: 1 };
  account.subscribers.push(() => updatesWith(state, account, chat, [news]), call.session);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  return updatesWith(state, account, chat, [...pairs, news]);
}

/** Throws TOPIC_ID_INVALID. */
function topicIn(chat: Chat & { topics: readonly Topic[] }, id: number): Topic {
  const topic = chat.topics.find((one) => one.id === id);
  if (!topic) throw new RpcError(400, 'TOPIC_ID_INVALID');
  return topic;
}
