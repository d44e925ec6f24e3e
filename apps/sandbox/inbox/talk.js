/** The open conversation: its head, its messages in order, and staying at the end while it grows. */
import { avatar } from './avatar.js';
import { bubble, serviceLine } from './bubbles.js';
import { byId, element } from './dom.js';
import { counted, day, number, words } from './words.js';

const NEAR_END_PX = 80;
const MAX_SHOWN = 600;

let missed = 0;
/** The day that the last element belongs to. */
let lastDay = '';

/** @param {object} chat */
export function drawHead(chat) {
  const { kind, members, username, banned, archived } = chat;
  const about = [words()[kind], username && `@${username}`];
  if (['chat', 'supergroup', 'channel'].includes(kind)) about.push(counted(members, words().members));
  if (banned) about.push(words().banned);
  if (archived) about.push(words().archived);
  byId('talk-avatar').replaceChildren(avatar(chat));
  byId('talk-name').textContent = chat.title;
  byId('talk-about').textContent = about.filter(Boolean).join(' · ');
  const copy = byId('talk-id');
  copy.title = `${words().copy}: ${chat.chat_id}`;
  copy.dataset.id = chat.chat_id;
  copy.querySelector('code').textContent = chat.chat_id;
}

/**
 * Draws a whole conversation and goes to its end.
 * @param {object[]} messages
 * @param {object[]} lines
 */
export function drawTalk(messages, lines) {
  const list = byId('messages');
  list.replaceChildren();
  lastDay = '';
  const all = [
    ...messages.map((message) => ({ message, at: message.at })),
    ...lines.map((line) => ({ line, at: line.at })),
  ];
  all.sort((a, b) => a.at - b.at);
  for (const { message, line, at } of all) append(message ? bubble(message) : serviceLine(line), at);
  if (all.length === 0) list.append(element('li', { className: 'empty' }, words().emptyChat));
  goToEnd();
}

/** Adds what just arrived. @param {{message?: object, line?: object}} arrived */
export function addToTalk({ message, line }) {
  const wasAtEnd = isAtEnd();
  byId('messages').querySelector('.empty')?.remove();
  const added = message ? bubble(message) : serviceLine(line);
  added.classList.add('arrived');
  append(added, (message ?? line).at);
  while (byId('messages').childElementCount > MAX_SHOWN) byId('messages').firstElementChild.remove();
  if (wasAtEnd) return goToEnd();
  missed++;
  showMissed();
}

/** Scrolls to the latest message. */
export function goToEnd() {
  const scroll = byId('scroll');
  scroll.scrollTop = scroll.scrollHeight;
  missed = 0;
  showMissed();
}

/** Follows the scrolling, so that the button to the end goes away by itself. */
export function watchScrolling() {
  byId('scroll').addEventListener('scroll', () => {
    if (!isAtEnd() || missed === 0) return;
    missed = 0;
    showMissed();
  });
  byId('messages').addEventListener(
    'load',
    (event) => event.target.matches('img') && missed === 0 && goToEnd(),
    true,
  );
}

function append(item, at) {
  const itsDay = day(at);
  if (itsDay !== lastDay) byId('messages').append(element('li', { className: 'day' }, itsDay));
  lastDay = itsDay;
  byId('messages').append(item);
}

function isAtEnd() {
  const scroll = byId('scroll');
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
}

function showMissed() {
  const button = byId('to-end');
  button.hidden = missed === 0;
  button.querySelector('span').textContent = `${number(missed)} ${words().newBelow}`;
}
