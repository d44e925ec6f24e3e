/** The inbox as a whole: what is open, what is read anew, what arrives, and what is drawn then. */
import { ask } from './api.js';
import { drawAccounts } from './chats/account-switch.js';
import { startChatList } from './chats/chat-list.js';
import { drawCodes } from './chats/codes.js';
import { drawList } from './chats/search.js';
import { drawConnect } from './connect/connect.js';
import { byId } from './dom.js';
import { watchInput } from './input.js';
import { say, switchLanguage, translatePage } from './language.js';
import { listen } from './live.js';
import { drawCounters, drawStrip } from './panel/counters.js';
import { drawPanel } from './panel/panel.js';
import { chatsInOrder, enterEpoch, replaceChats, store, unreadOf } from './store.js';
import {
  addToTalk,
  catchUp,
  closeTalk,
  noteGap,
  openTalk,
  redrawTalk,
  refreshTalk,
  reloadTalk,
  watchTalk,
} from './talk/talk.js';
import { drawHead } from './talk/talk-head.js';
import { reportError } from './toast.js';

/** @typedef {import('./types.js').Update} Update */

const ALL_AGAIN_MS = 1200;
/** Telegram's own notifications, which sign-in codes come from. */
const TELEGRAM_CHAT = '777000';

/** @type {import('./types.js').Account[]} */
let accounts = [];
let stopListening = () => {};
/** @type {'on' | 'off' | 'wait'} */
let live = 'wait';
/** @type {number | undefined} */
let again;

/** Puts the page to work. */
export function start() {
  startChatList();
  watchTalk();
  watchInput({ language: changeLanguage });
  document.addEventListener('seen', drawUnread);
  addEventListener('hashchange', follow);
  translatePage();
  drawLive();
  loadAll('')
    .then(follow)
    .catch(reportError)
    .finally(() => connect());
}

/** Reads chats, counters and accounts; the account of `id`, or the default one. @param {string} id */
async function loadAll(id) {
  const [answer, all] = await Promise.all([
    ask(`/api/chats?account=${id}`),
    ask('/accounts').catch(() => []),
  ]);
  enterEpoch(answer.epoch);
  accounts = all;
  Object.assign(store, { account: answer.account, counters: answer.counters });
  replaceChats(answer.chats);
  if (!store.connect) drawConnect(answer.connect);
  store.connect = answer.connect;
  draw();
}

function connect() {
  stopListening();
  stopListening = listen(store.account, {
    update: (update) => arrive(update).catch(reportError),
    state(state) {
      const isBack = state === 'on' && (live === 'off' || store.epoch === '');
      live = state;
      drawLive();
      if (isBack) loadAll(store.account).then(catchUp).catch(reportError);
    },
  });
}

/** @param {string} id */
function chooseAccount(id) {
  closeTalk();
  location.hash = '';
  loadAll(id).then(connect).catch(reportError);
}

/** Opens what the address names: a chat, a message in it, the page on connecting, or nothing. */
function follow() {
  const [id = '', number] = decodeURIComponent(location.hash.slice(2)).split('/');
  const isOther = store.current !== id;
  store.current = id;
  const chat = store.chats.get(id);
  const view = chat ? 'talk' : id === 'connect' ? 'connect' : 'chats';
  document.body.dataset.view = view;
  byId('talk').hidden = !chat;
  byId('welcome').hidden = Boolean(chat);
  if (!chat) {
    closeTalk();
  } else {
    drawHead(chat);
    if (isOther || number !== undefined) {
      openTalk(id, number === undefined ? undefined : Number(number)).catch(reportError);
    }
  }
  drawUnread();
  if (isOther) drawPanel();
}

/** Takes an event of the stream. @param {Update} update */
async function arrive({ epoch, events, many, chats, counters }) {
  const isOther = enterEpoch(epoch);
  const hasNewCodes = counters.codes.length !== store.counters?.codes.length;
  store.counters = counters;
  for (const chat of chats) store.chats.set(chat.chat_id, chat);
  const isStale = isOther || events.some(({ type }) => type === 'world' || type === 'reset');
  const messages = events.flatMap((event) => (event.type === 'delivery' ? [event.message] : []));
  const lines = events.flatMap((event) => (event.type === 'service' ? [event.line] : []));
  const here = messages.filter(({ chat_id: id }) => id === store.current);
  const linesHere = lines.filter(({ chat_id: id }) => id === undefined || id === store.current);
  if (isStale) {
    await loadAll(store.account);
    await reloadTalk();
    drawPanel();
    follow();
  } else if (many) {
    noteGap();
    again ??= setTimeout(() => {
      again = undefined;
      Promise.all([loadAll(store.account), catchUp()]).catch(reportError);
    }, ALL_AGAIN_MS);
  } else if (store.chats.has(store.current)) {
    if (here.length + linesHere.length > 0) addToTalk({ messages: here, lines: linesHere });
    const isChanged = events.some((event) => event.type === 'chat' && event.chat_id === store.current);
    if (isChanged || (hasNewCodes && store.current === TELEGRAM_CHAT)) await refreshTalk();
  }
  announce(here);
  drawNumbers();
}

/** Tells screen readers what came into the open chat. @param {import('./types.js').Message[]} messages */
function announce(messages) {
  const last = messages.at(-1);
  if (last) byId('announcer').textContent = last.text || (last.media ? say(last.media.kind) : '');
}

function draw() {
  drawAccounts(accounts, chooseAccount);
  const chat = store.chats.get(store.current);
  if (chat) drawHead(chat);
  drawNumbers();
}

function drawNumbers() {
  if (store.counters) {
    drawStrip(store.counters);
    drawCounters(store.counters);
    drawCodes(store.counters.codes);
  }
  drawUnread();
}

/** The list with its badges, and the count in the title. */
function drawUnread() {
  drawList();
  const unread = chatsInOrder().reduce((sum, chat) => sum + unreadOf(chat), 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}Vestnik sandbox`;
}

function drawLive() {
  byId('live-dot').dataset.live = live;
  const words = { on: say('live'), off: say('offline'), wait: say('connecting') };
  byId('live-words').textContent = words[live];
}

function changeLanguage() {
  switchLanguage();
  translatePage();
  drawLive();
  if (store.connect) drawConnect(store.connect);
  draw();
  drawPanel();
  redrawTalk();
}
