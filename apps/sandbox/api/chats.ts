/** Groups and channels: in short, in full, and the topics of forums. */
import type { Account } from '../accounts.ts';
import { unmark } from '../chat-ids.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world.ts';
import { entitiesOf, peerOf } from './entities.ts';
import { topicOf, writtenIn, writtenObject } from './history.ts';
import { TOPIC_COLOUR } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';

const NO_PHOTO: TlObject = { _: 'photoEmpty', id: 0n };

interface TopicsRequest extends TlObject {
  peer?: TlObject;
  channel?: TlObject;
  topics: number[];
  q?: string;
}

const getForumTopics = method<TopicsRequest>(({ state, account }, { peer, channel, q }) => {
  const chat = forumOf(account, peer ?? channel);
  const found = (chat.topics ?? []).filter(({ title }) =>
    title.toLowerCase().includes((q ?? '').toLowerCase()),
  );
  return topicsObject(state, account, chat, found);
});

const getForumTopicsById = method<TopicsRequest>(({ state, account }, { peer, channel, topics }) => {
  const chat = forumOf(account, peer ?? channel);
  return topicsObject(
    state,
    account,
    chat,
    (chat.topics ?? []).filter(({ id }) => topics.includes(id)),
  );
});

export const chatMethods: MethodTable = {
  'channels.getChannels': method<TlObject & { id: TlObject[] }>(({ account }, { id }) => {
    return {
      _: 'messages.chats',
      chats: entitiesOf(
        account,
        id.map((channel) => chatOf(account, channel)),
      ).chats,
    };
  }),

  'messages.getChats': method<TlObject & { id: bigint[] }>(({ account }, { id }) => {
    return {
      _: 'messages.chats',
      chats: entitiesOf(
        account,
        id.map((chatId) => basicChat(account, chatId)),
      ).chats,
    };
  }),

  'channels.getFullChannel': method<TlObject & { channel: TlObject }>(({ account }, { channel }) => {
    const chat = chatOf(account, channel);
    const fullChat = {
      _: 'channelFull',
      id: unmark(chat.id).id,
      about: '',
      participantsCount: chat.members,
      ...{ readInboxMaxId: chat.topMessageId, readOutboxMaxId: chat.topMessageId, unreadCount: 0 },
      chatPhoto: NO_PHOTO,
      notifySettings: { _: 'peerNotifySettings' },
      botInfo: [],
      slowmodeSeconds: chat.slowModeSeconds || undefined,
      pts: chat.pts,
    };
    return { _: 'messages.chatFull', fullChat, ...entitiesOf(account, [chat]) };
  }),

  'messages.getFullChat': method<TlObject & { chatId: bigint }>(({ account }, { chatId }) => {
    const chat = basicChat(account, chatId);
    const self = { _: 'chatParticipantCreator', userId: account.id };
    const participants = { _: 'chatParticipants', chatId, participants: [self], version: 1 };
    const notifySettings = { _: 'peerNotifySettings' };
    const fullChat = {
      _: 'chatFull',
      id: chatId,
      about: '',
      participants,
      chatPhoto: NO_PHOTO,
      notifySettings,
    };
    const known = [chat, account.world.chats.get(account.id)].filter((one): one is Chat => one !== undefined);
    return { _: 'messages.chatFull', fullChat, ...entitiesOf(account, known) };
  }),

  'messages.getForumTopics': getForumTopics,
  'channels.getForumTopics': getForumTopics,
  'messages.getForumTopicsByID': getForumTopicsById,
  'channels.getForumTopicsByID': getForumTopicsById,
};

function basicChat(account: Account, id: bigint): Chat {
  const chat = account.world.chats.get(-id);
  if (chat?.kind !== 'chat') throw new RpcError(400, 'CHAT_ID_INVALID');
  return chat;
}

function forumOf(account: Account, peer: TlObject | undefined): Chat {
  const chat = chatOf(account, peer ?? { _: 'inputPeerEmpty' });
  if (!chat.topics) throw new RpcError(400, 'CHANNEL_FORUM_MISSING');
  return chat;
}

function topicsObject(state: SandboxState, account: Account, chat: Chat, topics: readonly Topic[]): TlObject {
  const written = writtenIn(state, account, chat);
  const tops = new Map(topics.map(({ id }) => [id, written.find((message) => topicOf(message) === id)]));
  const shown = [...tops.values()].filter((top) => top !== undefined);
  const self = account.world.chats.get(account.id);
  return {
    _: 'messages.forumTopics',
    count: topics.length,
    topics: topics.map((topic) => topicObject(account, chat, topic, tops.get(topic.id)?.id ?? topic.id)),
    messages: shown.map((message) => writtenObject(account, message)),
    ...entitiesOf(account, self ? [chat, self] : [chat]),
    pts: chat.pts,
  };
}

function topicObject(
  account: Account,
  chat: Chat,
  { id, title, isClosed }: Topic,
  topMessage: number,
): TlObject {
  return {
    _: 'forumTopic',
    my: true,
    closed: isClosed,
    id,
    date: chat.greeting.date,
    peer: peerOf(chat.id),
    title,
    iconColor: TOPIC_COLOUR,
    topMessage,
    ...{ readInboxMaxId: topMessage, readOutboxMaxId: topMessage, unreadCount: 0 },
    ...{ unreadMentionsCount: 0, unreadReactionsCount: 0, unreadPollVotesCount: 0 },
    fromId: peerOf(account.id),
    notifySettings: { _: 'peerNotifySettings' },
  };
}
