/** The open conversation: reading it page by page, drawing it, and staying where the reader is. */
import { ask } from '../api.js';
import { byId, isCalm, make } from '../dom.js';
import { counted, say } from '../language.js';
import { markSeen, store, unreadOf } from '../store.js';
import { reportError } from '../toast.js';
import { blocksOf, drawBlocks, forgetBlocks } from './blocks.js';
import { TalkWindow } from './talk-window.js';

/**
 * @typedef {import('./talk-window.js').Page} Page
 * @typedef {import('../types.js').Message} Message
 * @typedef {import('../types.js').Line} Line
 */

const NEAR_PX = 60;
const LOAD_PX = 600;
const FLASH_MS = 1600;
const AGAIN_MS = 200;
/** More than this at once appear without moving. */
const MAX_ANIMATED = 5;

let shown = new TalkWindow();
let chatId = '';
let isLoading = false;

/**
 * Opens a chat at its end, or at the message with this number.
 * @param {string} id
 * @param {number} [number]
 */
export async function openTalk(id, number) {
  if (id === chatId && number !== undefined && showMessage(number)) return;
  wasAtEnd = number === undefined;
  if (id !== chatId) {
    chatId = id;
    shown = new TalkWindow();
    forgetBlocks();
    byId('messages').replaceChildren();
  }
  await load(number === undefined ? '' : `&around=${number}`, (page) => shown.replace(page));
  if (id !== chatId) return;
  if (number === undefined || !showMessage(number)) scrollToEnd();
}

/** Takes the conversation from the page. */
export function closeTalk() {
  chatId = '';
  shown = new TalkWindow();
  byId('messages').replaceChildren();
}

/** Takes what just arrived. @param {{messages: Message[], lines: Line[]}} arrived */
export function addToTalk({ messages, lines }) {
  const isFollowing = isAtEnd();
  markFlooded(messages.length > MAX_ANIMATED);
  for (const message of messages) shown.addLive(message, isFollowing);
  for (const line of lines) shown.addLine(line);
  draw();
  // One that waited may have gone out just now.
  if (messages.length > 0 && shown.waiting.length > 0) void refreshTalk();
}

/** Notes that more came than was told; until `catchUp` nothing is added, since that would leave a gap. */
export function noteGap() {
  shown.isBehind = true;
}

/** Reads what came after the last message here, when it was too much to be told one by one. */
export async function catchUp() {
  if (chatId === '') return;
  if (isLoading) return void setTimeout(() => void catchUp(), AGAIN_MS);
  markFlooded(true);
  if (shown.last === undefined || (isAtEnd() && !shown.hasNewer)) {
    await load('', (page) => {
      const isJoined = page.messages.some(({ number }) => number === shown.last);
      if (isJoined) shown.addNewer(page);
      else shown.replace(page);
    });
  } else {
    shown.hasNewer = true;
    shown.isBehind = false;
    draw();
  }
}

/** Reads what changed in the open chat: edits, deletions, what waits, what others wrote. */
export async function refreshTalk() {
  if (chatId !== '' && !isLoading) await load('', (page) => shown.refresh(page));
}

/** Reads the open chat from the start again. */
export async function reloadTalk() {
  forgetBlocks();
  if (chatId === '') return;
  await load('', (page) => shown.replace(page));
  scrollToEnd();
}

/** Draws all again, for instance in another language. */
export function redrawTalk() {
  forgetBlocks();
  draw();
}

/** Scrolls to the message if it is here, and lights it up. Returns whether it was. @param {number} number */
export function showMessage(number) {
  const found = document.getElementById(`message-${number}`);
  if (!found) return false;
  const { top } = found.getBoundingClientRect();
  const isNear = Math.abs(top) < 2 * innerHeight;
  found.scrollIntoView({ block: 'center', behavior: isCalm() || !isNear ? 'instant' : 'smooth' });
  const lit = /** @type {HTMLElement} */ (found.closest('.bubble') ?? found);
  lit.dataset.flash = '';
  setTimeout(() => delete lit.dataset.flash, FLASH_MS);
  return true;
}

/** Goes to the latest message, reading it first where it is not here. */
export async function goToEnd() {
  if (shown.hasNewer) await load('', (page) => shown.replace(page));
  scrollToEnd();
}

/** Follows scrolling and window: pages are read as they come near, and what is in sight counts as seen. */
export function watchTalk() {
  byId('scroll').addEventListener('scroll', onScroll, { passive: true });
  new ResizeObserver(() => wasAtEnd && scrollToEnd()).observe(byId('messages'));
  document.addEventListener('visibilitychange', updateEnd);
}

let wasAtEnd = true;

function onScroll() {
  wasAtEnd = isAtEnd();
  updateEnd();
  if (isLoading || chatId === '') return;
  const { scrollTop, scrollHeight, clientHeight } = byId('scroll');
  if (scrollTop < LOAD_PX && shown.hasOlder && shown.first !== undefined) {
    void load(`&before=${shown.first}`, (page) => shown.addOlder(page));
  } else if (
    scrollHeight - scrollTop - clientHeight < LOAD_PX &&
    shown.hasNewer &&
    shown.last !== undefined
  ) {
    void load(`&after=${shown.last}`, (page) => shown.addNewer(page));
  }
}

/**
 * @param {string} query
 * @param {(page: Page) => void} take
 */
async function load(query, take) {
  const id = chatId;
  isLoading = true;
  try {
    /** @type {Page} */
    const page = await ask(`/api/chats/${id}/messages?account=${store.account}${query}`);
    if (id !== chatId) return;
    take(page);
    draw();
  } catch (error) {
    reportError(error);
  } finally {
    isLoading = false;
  }
}

/** Draws what changed. At the end it stays at the end; elsewhere what is in sight stays where it is. */
function draw() {
  const scroll = byId('scroll');
  const list = byId('messages');
  const follows = wasAtEnd && !shown.hasNewer;
  const anchor = follows ? undefined : firstInSight(scroll, list);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  const blocks = blocksOf(shown);
  drawBlocks(list, blocks);
  if (blocks.length === 0) list.append(make('li', { className: 'empty' }, say('emptyChat')));
  if (follows) scroll.scrollTop = scroll.scrollHeight;
  else if (anchor?.isConnected) scroll.scrollTop += anchor.getBoundingClientRect().top - before;
  updateEnd();
}

/**
 * @param {HTMLElement} scroll
 * @param {HTMLElement} list
 */
function firstInSight(scroll, list) {
  const top = scroll.getBoundingClientRect().top;
  const isInSight = (/** @type {Element} */ child) => child.getBoundingClientRect().bottom > top;
  return [...list.children].find((child) => !child.matches('.day') && isInSight(child));
}

/** @param {boolean} isFlooded */
function markFlooded(isFlooded) {
  byId('messages').toggleAttribute('data-flooded', isFlooded);
}

function scrollToEnd() {
  const scroll = byId('scroll');
  scroll.scrollTop = scroll.scrollHeight;
  wasAtEnd = true;
  updateEnd();
}

function isAtEnd() {
  const { scrollTop, scrollHeight, clientHeight } = byId('scroll');
  return scrollHeight - scrollTop - clientHeight < NEAR_PX;
}

/** The button to the end, with how many are unread below; at the end all counts as seen. */
function updateEnd() {
  const chat = store.chats.get(chatId);
  if (!chat) return;
  const isEnd = isAtEnd() && !shown.hasNewer;
  if (isEnd && !document.hidden && unreadOf(chat) > 0) {
    markSeen(chat);
    document.dispatchEvent(new CustomEvent('seen'));
  }
  const unread = unreadOf(chat);
  byId('to-end').hidden = isEnd;
  byId('missed').textContent = unread > 0 ? counted('newMessages', unread) : '';
}
