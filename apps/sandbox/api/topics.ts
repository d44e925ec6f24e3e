/** The topics of forums, as lists. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world/chat.ts';
import { peerOf } from './entities.ts';
import { topicColour } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { topicOf, writtenIn, writtenObject, type Written } from './written.ts';

interface TopicsRequest extends TlObject {
  peer: TlObject;
  topics: number[];
  q?: string;
  offsetDate: number;
  offsetId: number;
  offsetTopic: number;
  limit: number;
}

/** A topic with its last message. */
interface Active {
  topic: Topic;
  top: Pick<Written, 'id' | 'date'>;
  message: Written | undefined;
}

const maxPage = 100;

const getForumTopics = method<TopicsRequest>(({ state, account }, request) => {
  const chat = forumOf(account, request.peer);
  const words = (request.q ?? '').toLowerCase();
  const found = chat.topics.filter(({ title }) => title.toLowerCase().includes(words));
  const all = byActivity(state, account, chat, found);
  const limit = Math.min(request.limit > 0 ? request.limit : maxPage, maxPage);
  return topicsObject(account, chat, afterCursor(all, request).slice(0, limit), all.length);
});

const getForumTopicsById = method<TopicsRequest>(({ state, account }, { peer, topics }) => {
  const chat = forumOf(account, peer);
  const found = chat.topics.filter(({ id }) => topics.includes(id));
  return topicsObject(account, chat, byActivity(state, account, chat, found), found.length);
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

/** Topics, the one with the newest message first. */
function byActivity(state: SandboxState, account: Account, chat: Chat, topics: readonly Topic[]): Active[] {
  const written = writtenIn(state, account, chat);
  const active = topics.map((topic): Active => {
    const message = written.find((one) => topicOf(one) === topic.id);
    return { topic, message, top: message ?? { id: topic.id, date: topic.date ?? chat.greeting.date } };
  });
  return active.sort((a, b) => order(a.top, b.top));
}

/** The topics after the one that the cursor names, by the topic itself or by its last message. */
function afterCursor(
  all: readonly Active[],
  { offsetDate, offsetId, offsetTopic }: TopicsRequest,
): readonly Active[] {
  const isStart = offsetDate === 0 && offsetId === 0 && offsetTopic === 0;
  if (isStart) return all;
  const exact = all.findIndex(({ topic, top }) => topic.id === offsetTopic && top.id === offsetId);
  if (exact >= 0) return all.slice(exact + 1);
  return all.filter(({ top }) => order({ id: offsetId, date: offsetDate }, top) < 0);
}

function order(a: Active['top'], b: Active['top']): number {
  return b.date - a.date || b.id - a.id;
}

function topicsObject(account: Account, chat: Chat, page: readonly Active[], count: number): TlObject {
  const shown = page.map(({ message }) => message).filter((message) => message !== undefined);
  const messages = shown.map((message) => writtenObject(account, message));
  const topics = page.map(({ topic, top }) => topicObject(account, chat, topic, top.id));
  return {
    _: 'messages.forumTopics',
    count,
    topics,
    messages,
    ...entitiesFor(account, [...messages, ...topics], [chat]),
    pts: chat.pts,
  };
}

function topicObject(account: Account, chat: Chat, topic: Topic, topMessage: number): TlObject {
  const { id, title, isClosed, isHidden, iconColour = topicColour, date = chat.greeting.date } = topic;
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
    readInboxMaxId: topMessage,
    readOutboxMaxId: topMessage,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    fromId: peerOf(account.id),
    notifySettings: { _: 'peerNotifySettings' },
    draft: chat.drafts?.get(id),
  };
}
