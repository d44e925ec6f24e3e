/** Search: chats at once from what is here, messages from the sandbox a moment after the last key. */
import { ask } from '../shared/api.js';
import { say } from '../shared/language.js';
import { chatsInOrder, store } from '../shared/store.js';
import { showRows } from './chat-list.js';

/** @import { ChatJson, MessageJson } from '../../http/inbox-views.ts' */

/**
 * @typedef {import('./chat-row.js').Row} Row
 */

const pauseMs = 180;

/** @type {{words: string, messages: MessageJson[], is_whole: boolean} | undefined} */
let hits;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Draws the list as it is now: all chats, or what fits the search. */
export function drawList() {
  const words = store.words.trim().toLowerCase();
  const chats = chatsInOrder().filter((chat) => words === '' || fits(chat, words));
  /** @type {Row[]} */
  const rows = chats.map((chat) => ({ kind: 'chat', key: `chat ${chat.chat_id}`, chat }));
  if (words === '') return showRows(rows);
  if (rows.length > 0) rows.unshift({ kind: 'heading', key: 'chats', text: say('chats') });
  const found = hits?.words === words ? hits : undefined;
  if (found && found.messages.length > 0) {
    rows.push({ kind: 'heading', key: 'messages', text: say('messages') });
    for (const message of found.messages) rows.push({ kind: 'hit', key: `hit ${message.key}`, message });
    if (!found.is_whole) rows.push({ kind: 'note', key: 'more', text: say('moreHits') });
  } else if (!found) {
    rows.push({ kind: 'note', key: 'wait', text: say('searching') });
  } else if (rows.length === 0) {
    rows.push({ kind: 'note', key: 'none', text: say('noHits', { words: store.words.trim() }) });
  }
  showRows(rows);
}

/** Looks for other words. @param {string} words */
export function searchFor(words) {
  store.words = words;
  clearTimeout(timer);
  drawList();
  const wanted = words.trim().toLowerCase();
  if (wanted !== '') timer = setTimeout(() => void searchMessages(wanted), pauseMs);
}

/** @param {string} words */
async function searchMessages(words) {
  /** @type {{messages: MessageJson[], is_whole: boolean}} */
  const found = await ask(`/api/search?account=${store.account}&q=${encodeURIComponent(words)}`).catch(
    () => ({
      messages: [],
      is_whole: true,
    }),
  );
  if (store.words.trim().toLowerCase() !== words) return;
  hits = { words, ...found };
  drawList();
}

/**
 * @param {ChatJson} chat
 * @param {string} words
 */
function fits({ title, chat_id: id, username = '' }, words) {
  const name = words.replace(/^@/, '');
  return title.toLowerCase().includes(words) || id.includes(words) || username.toLowerCase().includes(name);
}
