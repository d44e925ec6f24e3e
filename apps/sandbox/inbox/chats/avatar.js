/** Round avatars with initials, in a colour that follows from the chat's id. */
import { make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';

const colours = ['#e58a90', '#f0a35e', '#b3a3ec', '#7bc862', '#6ec9cb', '#72b3e2', '#ee8fb6'];

/**
 * @param {{chat_id: string, title: string, kind: string}} chat
 * @returns {HTMLElement}
 */
export function avatar({ chat_id: id, title, kind }) {
  const isSelf = kind === 'self';
  const made = make(
    'span',
    { class: 'avatar', 'aria-hidden': 'true' },
    isSelf ? icon('self') : initials(title),
  );
  if (isSelf) made.dataset.self = '';
  else made.style.setProperty('--avatar', colourOf(id));
  return made;
}

/** @param {string} id */
function colourOf(id) {
  let sum = 0;
  for (const digit of id) sum = (sum * 31 + digit.charCodeAt(0)) % 9973;
  return colours[sum % colours.length] ?? '';
}

/** @param {string} title */
function initials(title) {
  const parts = title.match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  return parts
    .slice(0, 2)
    .map((part) => [...part][0]?.toUpperCase())
    .join('');
}
