/** The end of a conversation: the button that leads there, and what counts as seen. */
import { byId } from '../../../ui/elements.js';
import { counted } from '../shared/language.js';
import { markSeen, store, unreadOf } from '../shared/store.js';

/**
 * The button to the end, with how many are unread below; at the end all counts as seen.
 * @param {string} chatId
 * @param {boolean} isEnd whether the latest message is in sight
 */
export function showEnd(chatId, isEnd) {
  const chat = store.chats.get(chatId);
  if (!chat) return;
  if (isEnd && !document.hidden && unreadOf(chat) > 0) {
    markSeen(chat);
    document.dispatchEvent(new CustomEvent('seen'));
  }
  const unread = unreadOf(chat);
  byId('to-end').hidden = isEnd;
  byId('missed').textContent = unread > 0 ? counted('newMessages', unread) : '';
}
