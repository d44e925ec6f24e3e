/** The topics of forums, as lists. */
import type { Account } from '../accounts.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world.ts';
import { entitiesOf, peerOf } from './entities.ts';
import { topicOf, writtenIn, writtenObject } from './history.ts';
import { TOPIC_COLOUR } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';

interface TopicsRequest extends TlObject {
  peer: TlObject;
  topics: number[];
  q?: string;
}

const getForumTopics = method<TopicsRequest>(({ state, account }, { peer, q }) => {
  const chat = forumOf(account, peer);
  const found = (chat.topics ?? []).filter(({ title }) =>
    title.toLowerCase().includes((q ?? '').toLowerCase()),
  );
  return topicsObject(state, account, chat, found);
});

const getForumTopicsById = method<TopicsRequest>(({ state, account }, { peer, topics }) => {
  const chat = forumOf(account, peer);
  const found = (chat.topics ?? []).filter(({ id }) => topics.includes(id));
  return topicsObject(state, account, chat, found);
});

export const topicMethods: MethodTable = {
  'messages.getForumTopics': getForumTopics,
  'messages.getForumTopicsByID': getForumTopicsById,
};

/** The forum that a peer names. Throws CHANNEL_FORUM_MISSING. */
export function forumOf(account: Account, peer: TlObject): Chat & { topics: readonly Topic[] } {
  const chat = chatOf(account, peer);
  if (!isForum(chat)) throw new RpcError(400, 'CHANNEL_FORUM_MISSING');
  return chat;
}

function isForum(chat: Chat): chat is Chat & { topics: readonly Topic[] } {
  return chat.topics !== undefined;
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

function topicObject(account: Account, chat: Chat, topic: Topic, topMessage: number): TlObject {
  const { id, title, isClosed, isHidden, iconColour = TOPIC_COLOUR, date = chat.greeting.date } = topic;
  return {
    _: 'forumTopic',
    my: true,
    closed: isClosed,
    hidden: isHidden,
    id,
    date,
    peer: peerOf(chat.id),
    title,
    iconColor: iconColour,
    topMessage,
    ...{ readInboxMaxId: topMessage, readOutboxMaxId: topMessage, unreadCount: 0 },
    ...{ unreadMentionsCount: 0, unreadReactionsCount: 0, unreadPollVotesCount: 0 },
    fromId: peerOf(account.id),
    notifySettings: { _: 'peerNotifySettings' },
  };
}
