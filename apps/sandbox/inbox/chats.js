/** The list of chats: filtered, the latest on top, with a badge for what arrived unseen. */
import { avatar } from './avatar.js';
import { byId, element, icon } from './dom.js';
import { shortTime, words } from './words.js';

const KIND_ICONS = { supergroup: 'chat', chat: 'chat', channel: 'channel' };

/**
 * Draws the list.
 * @param {object[]} chats as GET /api/chats has them
 * @param {{current: string | undefined, filter: string, unseen: Map<string, number>}} view
 */
export function drawChats(chats, { current, filter, unseen }) {
  const wanted = filter.trim().toLowerCase();
  const fitting = chats.filter(
    ({ title, chat_id: id, username = '' }) =>
      title.toLowerCase().includes(wanted) || id.includes(wanted) || username.toLowerCase().includes(wanted),
  );
  const rows = fitting.map((chat) => row(chat, chat.chat_id === current, unseen.get(chat.chat_id) ?? 0));
  byId('chats').replaceChildren(...(rows.length > 0 ? rows : [element('p', {}, words().noChats)]));
}

function row(chat, isCurrent, unseen) {
  const kindIcon = KIND_ICONS[chat.kind];
  const properties = {
    type: 'button',
    className: 'chat',
    title: chat.chat_id,
    'data-action': 'open',
    'data-chat': chat.chat_id,
    'aria-current': isCurrent,
  };
  return element(
    'button',
    properties,
    avatar(chat),
    element('strong', {}, kindIcon && icon(kindIcon), chat.title),
    element('time', {}, shortTime(chat.last.at)),
    preview(chat.last),
    mark(chat, unseen),
  );
}

function preview({ own, text, media }) {
  const shown = text || (media ? words()[media] : '');
  return element('span', { className: 'preview' }, own && element('b', {}, `${words().you}: `), shown);
}

function mark(chat, unseen) {
  if (unseen > 0) return element('span', { className: 'badge' }, unseen > 999 ? '999+' : String(unseen));
  if (chat.banned) {
    return element('span', { className: 'mark', 'data-tone': 'error', title: words().banned }, icon('lock'));
  }
  return element('span', { className: 'mark' }, chat.pinned && icon('pin'));
}
