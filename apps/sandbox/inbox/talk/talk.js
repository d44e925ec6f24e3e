/** The open conversation: reading it page by page, and drawing it. */
import { ask } from '../shared/api.js';
import { byId, make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';
import { store } from '../shared/store.js';
import { reportError } from '../shared/toast.js';
import { blocksOf, drawBlocks, forgetBlocks } from './blocks.js';
import { followEnd, followsEnd, isAtEnd, keepPlace, scrollToEnd, showMessage } from './place.js';
import { showEnd } from './end.js';
import { TalkWindow } from './talk-window.js';

/** @import { LineJson, MessageJson } from '../../http/inbox-views.ts' */

/**
 * @typedef {import('./talk-window.js').Page} Page
 */

const loadPx = 600;
/** More than this at once appear without moving. */
const maxAnimated = 5;

let shown = new TalkWindow();
let chatId = '';
/** Reading goes on step by step: each page is asked for by what the last one left. */
let reading = Promise.resolve();
let isPaging = false;
let isRefreshing = false;

/**
 * Opens a chat at its end, or at the message with this key.
 * @param {string} id
 * @param {string} [key]
 */
export async function openTalk(id, key) {
  if (id === chatId && key !== undefined && showMessage(key)) return;
  if (id !== chatId) {
    closeTalk();
    chatId = id;
  }
  followEnd(key === undefined);
  await load(
    () => (key === undefined ? '' : `&around=${key}`),
    (page) => shown.replace(page),
  );
  if (id !== chatId) return;
  if (key === undefined || !showMessage(key)) goDown();
}

/** Opens a chat at its end, unless it is open: then what is here is read anew. @param {string} id */
export function showTalk(id) {
  if (id === chatId) refreshTalk();
  else void openTalk(id);
}

/** Takes the conversation from the page. */
export function closeTalk() {
  chatId = '';
  shown = new TalkWindow();
  forgetBlocks();
  byId('messages').replaceChildren();
}

/** Takes what just arrived. @param {{messages: MessageJson[], lines: LineJson[]}} arrived */
export function addToTalk({ messages, lines }) {
  const isFollowing = isAtEnd();
  markFlooded(messages.length > maxAnimated);
  for (const message of messages) shown.addLive(message, isFollowing);
  for (const line of lines) shown.addLine(line);
  draw();
  // One that waited may have gone out just now.
  if (messages.length > 0 && shown.waiting.length > 0) refreshTalk();
}

/** Notes that more came than was told; until it is read nothing is added, since that would leave a gap. */
export function noteGap() {
  shown.isBehind = true;
}

/**
 * Reads anew what is here: edits, deletions, votes, what waits, what others wrote, what was missed. The reader stays
 * at the end, or at the message that was in sight; only another start of the sandbox leads to the end.
 */
export function refreshTalk() {
  if (isRefreshing || chatId === '') return;
  isRefreshing = true;
  const isFollowing = () => followsEnd() && !shown.hasNewer;
  void load(
    () => {
      isRefreshing = false;
      return shown.first === undefined ? '' : `&from=${shown.first}`;
    },
    async (page, read) => {
      markFlooded(true);
      if (shown.first === undefined) return shown.replace(page);
      const isOther = page.epoch !== shown.epoch;
      if (!isOther && !(page.has_newer && isFollowing())) return shown.refresh(page);
      const latest = await read('');
      if (isOther) followEnd(true);
      if (latest) shown.replace(latest);
    },
  );
}

/** Draws all again, for instance in another language. */
export function redrawTalk() {
  forgetBlocks();
  if (chatId !== '') draw();
}

/** Goes to the latest message, reading it first where it is not here. */
export async function goToEnd() {
  if (shown.hasNewer)
    await load(
      () => '',
      (page) => shown.replace(page),
    );
  goDown();
}

/** Follows scrolling and window: pages are read as they come near, and what is in sight counts as seen. */
export function watchTalk() {
  byId('scroll').addEventListener('scroll', onScroll, { passive: true });
  new ResizeObserver(() => followsEnd() && goDown()).observe(byId('messages'));
  document.addEventListener('visibilitychange', updateEnd);
}

function onScroll() {
  followEnd(isAtEnd());
  updateEnd();
  readNear();
}

/** Reads the page that the reader comes near to. */
function readNear() {
  if (isPaging || chatId === '') return;
  const { scrollTop, scrollHeight, clientHeight } = byId('scroll');
  const isNearTop = scrollTop < loadPx && shown.hasOlder;
  const isNearEnd = scrollHeight - scrollTop - clientHeight < loadPx && shown.hasNewer;
  if (shown.first === undefined || !(isNearTop || isNearEnd)) return;
  isPaging = true;
  const loaded = isNearTop
    ? load(
        () => `&before=${shown.first}`,
        (page) => shown.addOlder(page),
      )
    : load(
        () => `&after=${shown.last}`,
        (page) => shown.addNewer(page),
      );
  void loaded.finally(() => (isPaging = false));
}

/**
 * Reads a page once it is its turn, and draws what `take` makes of it. What was read of another chat is dropped.
 * @param {() => string} query
 * @param {(page: Page, read: (query: string) => Promise<Page | undefined>) => void | Promise<void>} take
 */
function load(query, take) {
  const id = chatId;
  const read = async (/** @type {string} */ asked) => {
    /** @type {Page} */
    const page = await ask(`/api/chats/${id}/messages?account=${store.account}${asked}`);
    return id === chatId ? page : undefined;
  };
  const work = async () => {
    const asked = query();
    const page = id === chatId ? await read(asked) : undefined;
    if (page) await take(page, read);
    if (page && id === chatId) draw();
  };
  reading = reading.then(work).catch(reportError);
  return reading;
}

/** Draws what changed. At the end it stays at the end; elsewhere what is in sight stays where it is. */
function draw() {
  const list = byId('messages');
  keepPlace(followsEnd() && !shown.hasNewer, () => {
    const blocks = blocksOf(shown);
    drawBlocks(list, blocks);
    if (blocks.length === 0) list.append(make('li', { class: 'empty' }, say('emptyChat')));
  });
  updateEnd();
}

/** @param {boolean} isFlooded */
function markFlooded(isFlooded) {
  byId('messages').toggleAttribute('data-flooded', isFlooded);
}

function goDown() {
  scrollToEnd();
  updateEnd();
}

function updateEnd() {
  showEnd(chatId, isAtEnd() && !shown.hasNewer);
}
