/** Rows of the list: a chat, a message that a search found, a heading, a note. */
import { make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { number, shortTime } from '../shared/format.js';
import { counted, say } from '../shared/language.js';
import { store, unreadOf } from '../shared/store.js';
import { avatar } from './avatar.js';

/** @import { ChatJson, MessageJson } from '../../http/inbox-views.ts' */

/**
 * @typedef {{kind: 'chat', key: string, chat: ChatJson}
 *   | {kind: 'hit', key: string, message: MessageJson}
 *   | {kind: 'heading' | 'note', key: string, text: string}} Row
 */

const kindIcons = new Map([
  ['supergroup', 'chat'],
  ['chat', 'chat'],
  ['channel', 'channel'],
]);

/** @param {Row} row */
export function heightOf({ kind }) {
  return kind === 'chat' || kind === 'hit' ? 64 : 36;
}

/** @param {Row} row @returns {HTMLElement} */
export function rowElement(row) {
  if (row.kind === 'chat') return chatRow(row.chat);
  if (row.kind === 'hit') return hitRow(row.message);
  const role = row.kind === 'note' ? 'status' : 'presentation';
  return make('div', { class: `list-${row.kind}`, role }, row.text);
}

/** @param {ChatJson} chat */
function chatRow(chat) {
  const kindIcon = kindIcons.get(chat.kind);
  const unread = unreadOf(chat);
  return make(
    'a',
    { class: 'chat', href: `#/${chat.chat_id}`, tabindex: -1, title: `${chat.title}\n${chat.chat_id}` },
    avatar(chat),
    make('strong', {}, kindIcon && icon(kindIcon), chat.title),
    make('time', {}, shortTime(chat.last.at)),
    preview(chat.last),
    mark(chat, unread),
  );
}

/** @param {ChatJson['last']} last */
function preview({ own, text, media }) {
  const shown = text.slice(0, 200) || (media ? say(media) : '');
  return make('span', { class: 'preview' }, own && make('b', {}, `${say('you')}: `), shown);
}

/**
 * @param {ChatJson} chat
 * @param {number} unread
 */
function mark(chat, unread) {
  if (unread > 0) {
    const label = counted('unread', unread);
    return make('span', { class: 'badge', 'aria-label': label }, unread > 999 ? '999+' : number(unread));
  }
  if (chat.banned) {
    return make('span', { class: 'mark', 'data-tone': 'error', title: say('banned') }, icon('lock'));
  }
  return make('span', { class: 'mark' }, chat.pinned && icon('pin'));
}

/** @param {MessageJson} message */
function hitRow({ chat_id: id, key, text, media, at }) {
  const chat = store.chats.get(id) ?? { chat_id: id, title: id, kind: 'user' };
  return make(
    'a',
    { class: 'chat', href: `#/${id}/${key}`, tabindex: -1, title: chat.title },
    avatar(chat),
    make('strong', {}, chat.title),
    make('time', {}, shortTime(at)),
    make('span', { class: 'preview' }, ...around(text || media?.name || '')),
  );
}

/** The stretch of a text around what was looked for, with that marked. @param {string} text */
function around(text) {
  const flat = text.replace(/\s+/g, ' ');
  const wanted = store.words.trim();
  const at = flat.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return [flat.slice(0, 120)];
  const from = at > 24 ? at - 16 : 0;
  const end = at + wanted.length;
  const before = `${from > 0 ? '…' : ''}${flat.slice(from, at)}`;
  return [before, make('mark', {}, flat.slice(at, end)), flat.slice(end, end + 100)];
}
