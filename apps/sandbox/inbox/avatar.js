/** Round avatars with initials, in a colour that follows from the chat's id. */
import { element, icon } from './dom.js';

const COLOURS = ['#e17076', '#f0a35e', '#a695e7', '#7bc862', '#6ec9cb', '#65aadd', '#ee7aae'];

/**
 * @param {{chat_id: string, title: string, kind: string}} chat
 * @returns {HTMLElement}
 */
export function avatar(chat) {
  const isSelf = chat.kind === 'self';
  const made = element(
    'span',
    { className: 'avatar', 'aria-hidden': 'true' },
    isSelf ? icon('self') : initials(chat.title),
  );
  made.style.setProperty('--avatar', isSelf ? '#4c9aff' : colourOf(chat.chat_id));
  return made;
}

function colourOf(id) {
  let sum = 0;
  for (const digit of id) sum = (sum * 31 + digit.charCodeAt(0)) % 9973;
  return COLOURS[sum % COLOURS.length];
}

function initials(title) {
  const parts = title.match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  return parts
    .slice(0, 2)
    .map((part) => [...part][0].toUpperCase())
    .join('');
}
