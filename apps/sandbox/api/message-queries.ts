/** What clients ask about messages: views, links, threads, counts of a search, and marks of having read them. */
import type { Account } from '../world/accounts.ts';
import { unmark } from '../world/chat-ids.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { pageOf, type PageRequest } from './history.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { fitsFilter } from './search-filters.ts';
import { findWritten, topicOf, writtenIn, writtenObject, type Written } from './written.ts';

const maxPage = 100;

interface OfMessage extends TlObject {
  peer: TlObject;
  msgId: number;
}

interface OfFilter extends TlObject {
  peer: TlObject;
  filter: TlObject;
  offsetId: number;
  limit: number;
}

const readAll = method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
  const { pts } = countedIn(account, chatOf(account, peer));
  return { _: 'messages.affectedHistory', pts, ptsCount: 0, offset: 0 };
});

export const messageQueryMethods: MethodTable = {
  'messages.readMentions': readAll,
  'messages.readReactions': readAll,
  'messages.readPollVotes': readAll,
  'messages.readMessageContents': method(({ account }) => {
    return { _: 'messages.affectedMessages', pts: account.pts, ptsCount: 0 };
  }),
  'channels.readMessageContents': method<TlObject & { channel: TlObject }>(({ account }, { channel }) => {
    chatOf(account, channel);
    return true;
  }),
  'messages.readDiscussion': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return true;
  }),

  'messages.getMessagesViews': method<TlObject & { peer: TlObject; id: number[] }>(
    ({ state, account }, { peer, id }) => {
      const chat = chatOf(account, peer);
      const views = id.map((one) => {
        const isPost = chat.kind === 'channel' && findWritten(state, account, chat, one);
        return isPost ? { _: 'messageViews', views: 1, forwards: 0 } : { _: 'messageViews' };
      });
      return { _: 'messages.messageViews', views, chats: [], users: [] };
    },
  ),

  /** Nothing outside of this machine is looked at, so that no link has a preview. */
  'messages.getWebPagePreview': method(() => {
    return { _: 'messages.webPagePreview', media: { _: 'messageMediaEmpty' }, chats: [], users: [] };
  }),
  'messages.getWebPage': method<TlObject & { url: string }>((_context, { url }) => {
    return { _: 'messages.webPage', webpage: { _: 'webPageEmpty', id: 0n, url }, chats: [], users: [] };
  }),

  'messages.getReplies': method<PageRequest & OfMessage>(({ state, account }, request) => {
    const chat = chatOf(account, request.peer);
    return pageOf(account, chat, threadOf(state, account, chat, request.msgId), request);
  }),

  'messages.getDiscussionMessage': method<OfMessage>(({ state, account }, { peer, msgId }) => {
    const chat = chatOf(account, peer);
    const written = findWritten(state, account, chat, msgId);
    if (!written || chat.kind !== 'supergroup') throw new RpcError(400, 'MSG_ID_INVALID');
    const messages = [writtenObject(account, written)];
    const maxId = threadOf(state, account, chat, msgId)[0]?.id ?? msgId;
    const read = { maxId, readInboxMaxId: maxId, readOutboxMaxId: maxId, unreadCount: 0 };
    return { _: 'messages.discussionMessage', messages, ...read, ...entitiesFor(account, messages, [chat]) };
  }),

  'channels.exportMessageLink': method<TlObject & { channel: TlObject; id: number; thread: boolean }>(
    ({ state, account }, { channel, id, thread }) => {
      const chat = chatOf(account, channel);
      const written = findWritten(state, account, chat, id);
      if (!written) throw new RpcError(400, 'MESSAGE_ID_INVALID');
      const place = thread && chat.topics ? `${topicOf(written)}/${id}` : String(id);
      const link = `https://t.me/${chat.username ?? `c/${unmark(chat.id).id}`}/${place}`;
      return { _: 'exportedMessageLink', link, html: '' };
    },
  ),

  'messages.getSearchCounters': method<TlObject & { peer: TlObject; topMsgId?: number; filters: TlObject[] }>(
    ({ state, account }, { peer, topMsgId, filters }) => {
      const all = writtenIn(state, account, chatOf(account, peer));
      const written = all.filter((one) => topMsgId === undefined || topicOf(one) === topMsgId);
      return filters.map((filter) => {
        const count = written.filter((one) => fitsFilter(one, filter._)).length;
        return { _: 'messages.searchCounter', filter, count };
      });
    },
  ),

  'messages.getSearchResultsPositions': method<OfFilter>(({ state, account }, request) => {
    const found = foundBy(state, account, request);
    const positions = found
      .map(({ id, date }, offset) => ({ _: 'searchResultPosition', msgId: id, date, offset }))
      .filter(({ msgId }) => request.offsetId === 0 || msgId < request.offsetId)
      .slice(0, request.limit > 0 ? request.limit : maxPage);
    return { _: 'messages.searchResultsPositions', count: found.length, positions };
  }),

  'messages.getSearchResultsCalendar': method<OfFilter>(({ state, account }, request) => {
    const chat = chatOf(account, request.peer);
    const found = foundBy(state, account, request);
    const days = [...Map.groupBy(found, ({ date }) => date - (date % 86_400))];
    const messages = days.map(([, ofDay]) => writtenObject(account, ofDay[0]!));
    const oldest = found.at(-1);
    return {
      _: 'messages.searchResultsCalendar',
      count: found.length,
      minDate: oldest?.date ?? 0,
      minMsgId: oldest?.id ?? 0,
      periods: days.map(([date, ofDay]) => ({
        _: 'searchResultsCalendarPeriod',
        date,
        minMsgId: ofDay.at(-1)!.id,
        maxMsgId: ofDay[0]!.id,
        count: ofDay.length,
      })),
      messages,
      ...entitiesFor(account, messages, [chat]),
    };
  }),

  'messages.getMessageEditData': method(() => ({ _: 'messages.messageEditData' })),
  'messages.getMessageReadParticipants': method(() => []),
  'messages.getFactCheck': method<TlObject & { msgId: number[] }>((_context, { msgId }) =>
    msgId.map(() => ({ _: 'factCheck', hash: 0n })),
  ),
  'messages.getOutboxReadDate': method<OfMessage>(({ state, account }, { peer, msgId }) => {
    const written = findWritten(state, account, chatOf(account, peer), msgId);
    if (!written) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    return { _: 'outboxReadDate', date: written.date };
  }),
};

/** The messages of a thread: those of a topic, or the replies to one message and to those, the newest first. */
function threadOf(state: SandboxState, account: Account, chat: Chat, start: number): Written[] {
  const written = writtenIn(state, account, chat);
  if (chat.topics?.some(({ id }) => id === start))
    return written.filter((one) => topicOf(one) === start && one.id !== start);
  const ids = new Set([start]);
  const replies = written.toReversed().filter(({ id, delivery }) => {
    const isReply = delivery?.replyTo !== undefined && ids.has(delivery.replyTo);
    if (isReply) ids.add(id);
    return isReply;
  });
  return replies.reverse();
}

function foundBy(state: SandboxState, account: Account, { peer, filter }: OfFilter): Written[] {
  return writtenIn(state, account, chatOf(account, peer)).filter((one) => fitsFilter(one, filter._));
}

function countedIn(account: Account, chat: Chat): { pts: number } {
  return isChannel(chat) ? chat : account;
}
