/** What the page knows: chats, counters, what is open, and how much of each chat was seen. */

/** @import { AccountJson } from '../../http/accounts.ts' */
/** @import { ChatJson, CountersJson } from '../../http/inbox-views.ts' */
/** @import { ConnectInfo } from '../../http/inbox.ts' */

const seenKey = 'vestnik.seen';

export const store = {
  epoch: '',
  account: '',
  /** The id of the event up to which what was read last is known. */
  since: '',
  /** @type {AccountJson[]} */
  accounts: [],
  /** The state of the stream. @type {'on' | 'off' | 'wait'} */
  live: 'wait',
  /** @type {Map<string, ChatJson>} */
  chats: new Map(),
  /** @type {CountersJson | undefined} */
  counters: undefined,
  /** @type {ConnectInfo | undefined} */
  connect: undefined,
  /** The id of the open chat, `connect`, or nothing. */
  current: '',
  words: '',
};

/** @type {Map<string, number>} How many messages of a chat were there when it was last looked at. */
const seen = new Map(readSeen());

/** The chats in order: pinned ones, then the latest. */
export function chatsInOrder() {
  return [...store.chats.values()].sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || b.last.at - a.last.at || a.title.localeCompare(b.title),
  );
}

/** Takes the whole list anew. @param {ChatJson[]} chats */
export function replaceChats(chats) {
  store.chats = new Map(chats.map((chat) => [chat.chat_id, chat]));
}

/** How many messages of a chat nobody has looked at. @param {ChatJson} chat */
export function unreadOf({ chat_id: id, count }) {
  const looked = seen.get(id) ?? 0;
  return looked > count ? count : count - looked;
}

/** Notes that all of a chat was seen. @param {ChatJson | undefined} chat */
export function markSeen(chat) {
  if (!chat || seen.get(chat.chat_id) === chat.count) return;
  seen.set(chat.chat_id, chat.count);
  try {
    sessionStorage.setItem(seenKey, JSON.stringify({ epoch: store.epoch, seen: [...seen] }));
  } catch {
    // Without storage all counts as unread after a reload.
  }
}

/** Notes from which start and reset the numbers are; what was seen before another one does not count. */
export function enterEpoch(/** @type {string} */ epoch) {
  if (store.epoch === epoch) return false;
  const isOther = store.epoch !== '' || seenEpoch() !== epoch;
  if (isOther) seen.clear();
  store.epoch = epoch;
  return isOther;
}

function seenEpoch() {
  return stored().epoch;
}

/** @returns {[string, number][]} */
function readSeen() {
  return stored().seen ?? [];
}

/** @returns {{epoch?: string, seen?: [string, number][]}} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(seenKey) ?? '{}');
  } catch {
    return {};
  }
}
