/** What stands around the conversation: which view is shown, its head, counters, unread marks, the state of the stream. */
import { drawAccounts } from './chats/account-switch.js';
import { drawCodes } from './chats/codes.js';
import { drawList } from './chats/search.js';
import { byId } from '../../ui/elements.js';
import { say } from './shared/language.js';
import { drawCounters, drawStrip } from './panel/counters.js';
import { chatsInOrder, store, unreadOf } from './shared/store.js';
import { drawHead } from './talk/talk-head.js';

/** @import { MessageJson } from '../http/inbox-views.ts' */

/** Whether a chat is open that there is. */
export function isInTalk() {
  return store.chats.has(store.current);
}

/** Shows the open chat, the page on connecting, or the list alone. */
export function drawView() {
  const chat = store.chats.get(store.current);
  document.body.dataset.view = chat ? 'talk' : store.current === 'connect' ? 'connect' : 'chats';
  byId('talk').hidden = !chat;
  byId('welcome').hidden = Boolean(chat);
  if (chat) drawHead(chat);
}

/** Draws accounts, head and figures. @param {(id: string) => void} chooseAccount */
export function draw(chooseAccount) {
  drawAccounts(store.accounts, chooseAccount);
  const chat = store.chats.get(store.current);
  if (chat) drawHead(chat);
  drawNumbers();
}

export function drawNumbers() {
  if (store.counters) {
    drawStrip(store.counters);
    drawCounters(store.counters);
    drawCodes(store.counters.codes);
  }
  drawUnread();
}

/** The list with its badges, and the count in the title. */
export function drawUnread() {
  drawList();
  const unread = chatsInOrder().reduce((sum, chat) => sum + unreadOf(chat), 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Vestnik sandbox`;
}

export function drawLive() {
  byId('live-dot').dataset.live = store.live;
  const words = { on: say('live'), off: say('offline'), wait: say('connecting') };
  byId('live-words').textContent = words[store.live];
}

/** Tells screen readers what came into the open chat. @param {MessageJson[]} messages */
export function announce(messages) {
  const last = messages.at(-1);
  if (!last) return;
  const kind = last.media?.kind ?? last.card?.kind;
  byId('announcer').textContent = last.text || (kind ? say(kind) : '');
}
