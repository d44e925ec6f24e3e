/** Pages of what is written in a chat, single messages, and a plain search. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatIdOf, chatOf } from './peers.ts';
import { fitsFilter } from './search-filters.ts';
import {
  authorOf,
  findCommon,
  findWritten,
  marksOf,
  generalTopic,
  topicOf,
  writtenIn,
  writtenObject,
  type Written,
} from './written.ts';

const maxPage = 100;

export interface PageRequest extends TlObject {
  peer: TlObject;
  offsetId: number;
  offsetDate?: number;
  addOffset: number;
  limit: number;
  maxId: number;
  minId: number;
}

interface Search extends PageRequest {
  q: string;
  topMsgId?: number;
  fromId?: TlObject;
  filter: TlObject;
  minDate: number;
  maxDate: number;
}

interface ByIds extends TlObject {
  id: TlObject[];
  channel: TlObject;
}

export const historyMethods: MethodTable = {
  'messages.getHistory': method<PageRequest>(({ state, account }, request) => {
    const chat = chatOf(account, request.peer);
    return pageOf(account, chat, writtenIn(state, account, chat), request);
  }),

  'messages.search': method<Search>(({ state, account }, request) => {
    const { peer, q, topMsgId, fromId, filter, minDate, maxDate } = request;
    const chat = chatOf(account, peer);
    const words = q.toLowerCase();
    const author = fromId && chatIdOf(account, fromId);
    const found = writtenIn(state, account, chat).filter(
      (written) =>
        (topMsgId === undefined || topicOf(written) === topMsgId) &&
        (author === undefined || authorOf(account, written) === author) &&
        (minDate === 0 || written.date > minDate) &&
        (maxDate === 0 || written.date < maxDate) &&
        fitsFilter(written, filter._) &&
        written.text.toLowerCase().includes(words),
    );
    return pageOf(account, chat, found, request);
  }),

  'channels.getMessages': method<ByIds>(({ state, account }, { channel, id }) => {
    const chat = chatOf(account, channel);
    const find = (wanted: number) => findWritten(state, account, chat, wanted);
    const pinned = id.some(({ _ }) => _ === 'inputMessagePinned')
      ? newestPinned(state, account, chat)
      : undefined;
    const messages = id.flatMap((wanted) => namedBy(account, wanted, find, pinned));
    const lists = entitiesFor(account, messages, [chat]);
    return {
      _: 'messages.channelMessages',
      pts: chat.pts,
      count: messages.length,
      messages,
      topics: [],
      ...lists,
    };
  }),

  'messages.getMessages': method<ByIds>(({ state, account }, { id }) => {
    const find = (wanted: number) => findCommon(state, account, wanted);
    const messages = id.flatMap((wanted) => namedBy(account, wanted, find, undefined));
    return { _: 'messages.messages', messages, topics: [], ...entitiesFor(account, messages) };
  }),
};

/** The message that an InputMessage names: messageEmpty where it is not there any more, and none where it names none. */
function namedBy(
  account: Account,
  wanted: TlObject,
  find: (id: number) => Written | undefined,
  pinned: Written | undefined,
): TlObject[] {
  if (wanted._ === 'inputMessagePinned') return pinned ? [writtenObject(account, pinned)] : [];
  const named = wanted.id as number;
  const id = wanted._ === 'inputMessageReplyTo' ? answeredBy(find(named)) : named;
  if (id === undefined) return [];
  const written = find(id);
  return [written ? writtenObject(account, written) : { _: 'messageEmpty', id }];
}

/** The message that a message answers; in a topic that is at least the topic's first. */
function answeredBy(written: Written | undefined): number | undefined {
  const { replyTo, topicId } = written?.delivery ?? {};
  return replyTo ?? (topicId === generalTopic ? undefined : topicId);
}

function newestPinned(state: SandboxState, account: Account, chat: Chat): Written | undefined {
  return writtenIn(state, account, chat).find((written) => marksOf(written)?.isPinned);
}

/** One page of a chat's messages, as messages.getHistory cuts it (core.telegram.org/api/offsets). */
export function pageOf(account: Account, chat: Chat, all: Written[], request: PageRequest): TlObject {
  const { offsetId, offsetDate = 0, addOffset, limit, maxId, minId } = request;
  const isAfterOffset = ({ id, date }: Written) =>
    (offsetId === 0 || id < offsetId) && (offsetDate === 0 || date < offsetDate);
  const first = all.findIndex(isAfterOffset);
  const start = Math.max(0, (first < 0 ? all.length : first) + addOffset);
  const count = Math.min(limit > 0 ? limit : maxPage, maxPage);
  const page = all.slice(start, start + count).filter(({ id }) => (maxId === 0 || id < maxId) && id > minId);
  const messages = page.map((written) => writtenObject(account, written));
  const lists = { messages, topics: [], ...entitiesFor(account, messages, [chat]) };
  if (isChannel(chat)) return { _: 'messages.channelMessages', pts: chat.pts, count: all.length, ...lists };
  if (messages.length === all.length) return { _: 'messages.messages', ...lists };
  return { _: 'messages.messagesSlice', count: all.length, ...lists };
}
