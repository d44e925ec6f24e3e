/**
 * Forums and their topics begun, changed and ended (core.telegram.org/api/forum).
 */
import { unmark } from '../world/chat-ids.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world/chat.ts';
import { newsOf, sentAnswer, updatesWith } from './answers.ts';
import { deleteMessages } from './deletions.ts';
import { deliverService } from './deliver.ts';
import { topicColour } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { writableChat } from './send-checks.ts';
import { forumOf } from './topics.ts';
import { findWritten, topicOf, writtenIn } from './written.ts';

const general: Topic = { id: 1, title: 'General', isClosed: false };

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
  const { state, account, call } = context;
  const chat = forumOf(account, peer);
  writableChat(account, peer, [randomId]);
  if (title.trim() === '') throw new RpcError(400, 'TOPIC_TITLE_EMPTY');
  const earlier = chat.topics.find((topic) => topic.randomId === randomId);
  if (earlier) {
    state.deliveries.repeated++;
    const written = findWritten(state, account, chat, earlier.id)!;
    return sentAnswer(state, account, chat, [{ ...written.delivery!, randomId }]);
  }
  const action = { _: 'messageActionTopicCreate', title, iconColor: iconColor ?? topicColour };
  const start = deliverService(state, account, chat, { action, randomId }, call.session);
  const topic = {
    id: start.messageId,
    date: Math.floor(start.at / 1000),
    title,
    iconColour: iconColor,
    randomId,
  };
  chat.topics = [...chat.topics, { ...topic, isClosed: false }];
  return sentAnswer(state, account, chat, [start]);
});

const deleteTopicHistory = method<Delete>(({ state, account, call }, { peer, topMsgId }) => {
  const chat = forumOf(account, peer);
  topicIn(chat, topMsgId);
  const messages = writtenIn(state, account, chat).filter((written) => topicOf(written) === topMsgId);
  if (topMsgId !== general.id) chat.topics = chat.topics.filter(({ id }) => id !== topMsgId);
  const found = messages.map(({ delivery }) => delivery).filter((delivery) => delivery !== undefined);
  const ptsCount = deleteMessages(state, account, chat, found, call.session);
  return { _: 'messages.affectedHistory', pts: chat.pts, ptsCount, offset: 0 };
});

export const topicChangeMethods: MethodTable = {
  'messages.createForumTopic': createForumTopic,
  'messages.deleteTopicHistory': deleteTopicHistory,

  'messages.editForumTopic': method<Edit>(
    (context, { peer, topicId, title, iconEmojiId, closed, hidden }) => {
      const { state, account, call } = context;
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
      const change = deliverService(state, account, chat, { action, topicId }, call.session);
      return newsOf(state, account, chat, [change]);
    },
  ),

  'channels.toggleForum': method<TlObject & { channel: TlObject; enabled: boolean }>(
    ({ state, account }, { channel, enabled }) => {
      const chat = chatOf(account, channel);
      if (chat.kind !== 'supergroup') throw new RpcError(400, 'CHANNEL_INVALID');
      if (enabled === (chat.topics !== undefined)) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
      chat.topics = enabled ? [general] : undefined;
      state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
      return updatesWith(state, account, chat, [{ _: 'updateChannel', channelId: unmark(chat.id).id }]);
    },
  ),
};

/** Throws TOPIC_ID_INVALID. */
function topicIn(chat: Chat & { topics: readonly Topic[] }, id: number): Topic {
  const topic = chat.topics.find((one) => one.id === id);
  if (!topic) throw new RpcError(400, 'TOPIC_ID_INVALID');
  return topic;
}
