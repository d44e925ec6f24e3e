/** The list of chats: only the rows in sight are in the page, so that thousands stay smooth. */
import { byId, make } from '../../../ui/elements.js';
import { store } from '../shared/store.js';
import { heightOf, rowElement } from './chat-row.js';

/** @typedef {import('./chat-row.js').Row} Row */

const extraPx = 256;

/** @type {Row[]} */
let rows = [];
/** @type {number[]} Where each row begins, and at the end where the last one ends. */
let tops = [0];
/** The key of the row that the arrow keys are on. */
let cursor = '';
const room = make('div', { class: 'chats-room', role: 'presentation' });

/** Puts the list into the page and follows its scrolling. */
export function startChatList() {
  const list = byId('chats');
  list.append(room);
  list.addEventListener('scroll', drawVisible, { passive: true });
  new ResizeObserver(drawVisible).observe(list);
}

/** Shows these rows. @param {Row[]} all */
export function showRows(all) {
  rows = all;
  tops = [0];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + heightOf(row));
  room.style.setProperty('height', `${tops.at(-1)}px`);
  if (!rows.some(({ key }) => key === cursor)) cursor = '';
  drawVisible();
}

/** Moves the cursor by `step` rows that can be opened, and into sight. @param {1 | -1} step */
export function moveCursor(step) {
  let index = rows.findIndex(({ key }) => key === cursor);
  if (index < 0) index = cursor === '' && step === 1 ? -1 : rows.length;
  if (cursor === '') {
    const open = rows.findIndex(({ key }) => key === `chat ${store.current}`);
    if (open >= 0 && store.words === '') index = open;
  }
  do index += step;
  while (rows[index] && !isOpenable(rows[index]));
  const row = rows[index];
  if (!row) return;
  cursor = row.key;
  scrollTo(index);
  drawVisible();
}

/** Opens the row under the cursor, or the first one. Returns whether there was one. */
export function openCursor() {
  const row = rows.find(({ key }) => key === cursor) ?? rows.find(isOpenable);
  if (row?.kind === 'chat') location.hash = `#/${row.chat.chat_id}`;
  else if (row?.kind === 'hit') location.hash = `#/${row.message.chat_id}/${row.message.key}`;
  return row !== undefined;
}

/** Takes the cursor away. */
export function dropCursor() {
  cursor = '';
  drawVisible();
}

/** @param {Row | undefined} row */
function isOpenable(row) {
  return row?.kind === 'chat' || row?.kind === 'hit';
}

/** @param {number} index */
function scrollTo(index) {
  const list = byId('chats');
  const top = tops[index] ?? 0;
  const bottom = tops[index + 1] ?? top;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

function drawVisible() {
  const list = byId('chats');
  const from = list.scrollTop - extraPx;
  const to = list.scrollTop + list.clientHeight + extraPx;
  const first = firstAfter(from);
  const shown = [];
  let active = '';
  for (let index = first; index < rows.length && (tops[index] ?? 0) < to; index++) {
    const row = rows[index];
    if (!row) break;
    const made = rowElement(row);
    made.classList.add('row');
    made.style.setProperty('transform', `translateY(${tops[index]}px)`);
    if (isOpenable(row)) {
      const isSelected = row.key === `chat ${store.current}`;
      made.id = `row-${index}`;
      made.setAttribute('role', 'option');
      made.setAttribute('aria-selected', String(isSelected));
      made.setAttribute('aria-setsize', String(rows.length));
      made.setAttribute('aria-posinset', String(index + 1));
      if (row.key === cursor) {
        made.dataset.cursor = '';
        active = made.id;
      }
    }
    shown.push(made);
  }
  room.replaceChildren(...shown);
  for (const owner of [list, byId('search')]) {
    if (active) owner.setAttribute('aria-activedescendant', active);
    else owner.removeAttribute('aria-activedescendant');
  }
}

/** The first row that ends after `top`. @param {number} top */
function firstAfter(top) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle + 1] ?? 0) <= top) low = middle + 1;
    else high = middle;
  }
  return low;
}
