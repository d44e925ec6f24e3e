/** Searches over all chats: for messages, and for chats and people by their names. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { method, type MethodTable } from './method.ts';
import { peerOf } from './entities.ts';
import { entitiesFor } from './named-peers.ts';
import { chatIdOf } from './peers.ts';
import { fitsFilter } from './search-filters.ts';
import { writtenIn, writtenObject, type Written } from './written.ts';

const maxPage = 100;
const maxNames = 50;

interface SearchGlobal extends TlObject {
  q: string;
  filter: TlObject;
  folderId?: number;
  broadcastsOnly: boolean;
  groupsOnly: boolean;
  usersOnly: boolean;
  minDate: number;
  maxDate: number;
  offsetRate: number;
  offsetPeer: TlObject;
  offsetId: number;
  limit: number;
}

export const globalSearchMethods: MethodTable = {
  'messages.searchGlobal': method<SearchGlobal>(({ state, account }, request) => {
    const all = foundBy(state, account, request);
    const limit = Math.min(request.limit > 0 ? request.limit : maxPage, maxPage);
    const rest = afterCursor(account, all, request);
    const page = rest.slice(0, limit);
    const messages = page.map((written) => writtenObject(account, written));
    const chats = page.map(({ chat }) => chat);
    const lists = { messages, topics: [], ...entitiesFor(account, messages, chats) };
    if (page.length === all.length) return { _: 'messages.messages', ...lists };
    const nextRate = rest.length > limit ? page.at(-1)?.date : undefined;
    return { _: 'messages.messagesSlice', count: all.length, nextRate, ...lists };
  }),

  'contacts.search': method<TlObject & { q: string; limit: number }>(({ account }, { q, limit }) => {
    const words = q.replace(/^@/, '').toLowerCase();
    const fits = [...account.world.chats.values()].filter(
      ({ title, username }) =>
        title.toLowerCase().includes(words) || username?.toLowerCase().startsWith(words),
    );
    const found = words === '' ? [] : fits.slice(0, Math.min(limit > 0 ? limit : maxNames, maxNames));
    const own = found.filter(({ inDialogs, contact }) => inDialogs || contact);
    const others = found.filter((chat) => !own.includes(chat));
    const myResults = own.map(({ id }) => peerOf(id));
    const results = others.map(({ id }) => peerOf(id));
    return { _: 'contacts.found', myResults, results, ...entitiesFor(account, [], found) };
  }),
};

/** The messages of all dialogs that fit, the newest first. */
function foundBy(state: SandboxState, account: Account, request: SearchGlobal): Written[] {
  const { q, filter, folderId, broadcastsOnly, groupsOnly, usersOnly, minDate, maxDate } = request;
  const words = q.toLowerCase();
  const chats = account.world.dialogs(folderId).filter(({ kind }) => {
    if (broadcastsOnly) return kind === 'channel';
    if (groupsOnly) return kind === 'chat' || kind === 'supergroup';
    return !usersOnly || kind === 'user';
  });
  const found = chats.flatMap((chat) =>
    writtenIn(state, account, chat).filter(
      (written) =>
        (minDate === 0 || written.date > minDate) &&
        (maxDate === 0 || written.date < maxDate) &&
        fitsFilter(written, filter._) &&
        written.text.toLowerCase().includes(words),
    ),
  );
  return found.sort((a, b) => b.date - a.date || b.id - a.id || (a.chat.id < b.chat.id ? 1 : -1));
}

/** What comes after the message of the cursor: its rate, which is a date here, its chat and its id. */
function afterCursor(
  account: Account,
  all: Written[],
  { offsetRate, offsetPeer, offsetId }: SearchGlobal,
): Written[] {
  const named = chatIdOf(account, offsetPeer);
  const exact = all.findIndex(({ chat, id }) => chat.id === named && id === offsetId);
  if (exact >= 0) return all.slice(exact + 1);
  return offsetRate === 0 ? all : all.filter(({ date }) => date < offsetRate);
}
