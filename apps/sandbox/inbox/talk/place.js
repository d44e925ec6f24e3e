/** Where the reader is in the conversation, and staying there while it is drawn anew. */
import { byId } from '../../../ui/elements.js';
import { isCalm } from '../shared/dom.js';

const nearPx = 60;
const flashMs = 1600;

/** Whether the reader was at the end when last looked: what grows then is followed. */
let isFollowing = true;

/** @returns {boolean} */
export function followsEnd() {
  return isFollowing;
}

/** Follows the end, or stays where the reader is. @param {boolean} follows */
export function followEnd(follows) {
  isFollowing = follows;
}

export function isAtEnd() {
  const { scrollTop, scrollHeight, clientHeight } = byId('scroll');
  return scrollHeight - scrollTop - clientHeight < nearPx;
}

export function scrollToEnd() {
  const scroll = byId('scroll');
  scroll.scrollTop = scroll.scrollHeight;
  isFollowing = true;
}

/**
 * Lets `change` draw, and leaves what was in sight where it was, or the end in sight.
 * @param {boolean} toEnd
 * @param {() => void} change
 */
export function keepPlace(toEnd, change) {
  const seen = toEnd ? [] : inSight();
  change();
  if (toEnd) return scrollToEnd();
  const elements = new Map(keyed().map((element) => [element.dataset.key, element]));
  for (const { key, top } of seen) {
    const now = elements.get(key)?.getBoundingClientRect().top;
    if (now === undefined) continue;
    byId('scroll').scrollTop += now - top;
    return;
  }
}

/** Scrolls to a message if it is here, and lights it up. Returns whether it was. @param {string} key */
export function showMessage(key) {
  const found = document.getElementById(`message-${key}`);
  if (!found) return false;
  const { top } = found.getBoundingClientRect();
  const isNear = Math.abs(top) < 2 * innerHeight;
  found.scrollIntoView({ block: 'center', behavior: isCalm() || !isNear ? 'instant' : 'smooth' });
  const lit = /** @type {HTMLElement} */ (found.closest('.bubble') ?? found);
  lit.dataset.flash = '';
  setTimeout(() => delete lit.dataset.flash, flashMs);
  return true;
}

/** What can be seen now, from the top down, and where it stands. */
function inSight() {
  const { top, bottom } = byId('scroll').getBoundingClientRect();
  const seen = [];
  for (const element of keyed()) {
    const box = element.getBoundingClientRect();
    if (box.bottom > top && box.top < bottom) seen.push({ key: element.dataset.key, top: box.top });
  }
  return seen;
}

/** Days stick to the top, so they are no landmark. */
function keyed() {
  return /** @type {HTMLElement[]} */ ([
    ...byId('messages').querySelectorAll(':scope > [data-key]:not(.day)'),
  ]);
}
