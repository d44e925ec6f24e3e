/** The inbox as a whole: what is read anew, what arrives, and what is drawn then. */
import { ask } from './shared/api.js';
import { startChatList } from './chats/chat-list.js';
import { drawConnect } from './connect/connect.js';
import { loadIcons } from './shared/dom.js';
import { watchInput } from './input.js';
import { chooseLanguage, language, translate } from './shared/language.js';
import { listen } from './live.js';
import { announce, draw, drawLive, drawNumbers, drawUnread, drawView, isInTalk } from './page.js';
import { drawPanel } from './panel/panel.js';
import { enterEpoch, replaceChats, store } from './shared/store.js';
import {
  addToTalk,
  closeTalk,
  noteGap,
  openTalk,
  redrawTalk,
  refreshTalk,
  showTalk,
  watchTalk,
} from './talk/talk.js';
import { reportError } from './shared/toast.js';

/** @import { InboxUpdate } from '../http/stream.ts' */

const allAgainMs = 1200;
/** Telegram's own notifications, which sign-in codes come from. */
const telegramChat = '777000';

let stopListening = () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let again;

/** Puts the page to work. */
export function start() {
  loadIcons().catch(reportError);
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
  const { account, event_id: since, counters } = answer;
  Object.assign(store, { accounts: all, account, since, counters });
  replaceChats(answer.chats);
  if (!store.connect) drawConnect(answer.connect);
  store.connect = answer.connect;
  draw(chooseAccount);
}

function connect() {
  stopListening();
  stopListening = listen(store.account, store.since, {
    update: (update) => arrive(update).catch(reportError),
    state(state) {
      const isBack = state === 'on' && (store.live === 'off' || store.epoch === '');
      store.live = state;
      drawLive();
      if (isBack) loadAll(store.account).then(readAgain).catch(reportError);
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
  const [id = '', key] = location.hash.slice(2).split('/');
  const isOther = store.current !== id;
  store.current = id;
  drawView();
  if (!isInTalk()) closeTalk();
  else if (isOther || key !== undefined) openTalk(id, key).catch(reportError);
  drawUnread();
  if (isOther) drawPanel();
}

/** Draws what was just read anew; the reader stays where they are. */
function readAgain() {
  drawView();
  if (isInTalk()) showTalk(store.current);
  else closeTalk();
}

/** Takes an event of the stream. @param {InboxUpdate} update */
async function arrive({ epoch, events, many, chats, counters }) {
  const isOther = enterEpoch(epoch);
  const hasNewCodes = counters.codes.length !== store.counters?.codes.length;
  store.counters = counters;
  for (const chat of chats) store.chats.set(chat.chat_id, chat);
  const messages = events.flatMap((event) => (event.type === 'delivery' ? [event.message] : []));
  const lines = events.flatMap((event) => (event.type === 'service' ? [event.line] : []));
  const here = messages.filter(({ chat_id: id }) => id === store.current);
  const linesHere = lines.filter(({ chat_id: id }) => id === undefined || id === store.current);
  if (isOther || events.some(({ type }) => type === 'world' || type === 'reset')) {
    await loadAll(store.account);
    readAgain();
    drawPanel();
  } else if (many) {
    noteGap();
    again ??= setTimeout(() => {
      again = undefined;
      loadAll(store.account).then(refreshTalk).catch(reportError);
    }, allAgainMs);
  } else if (isInTalk()) {
    if (here.length + linesHere.length > 0) addToTalk({ messages: here, lines: linesHere });
    const isChanged = events.some((event) => event.type === 'chat' && event.chat_id === store.current);
    if (isChanged || (hasNewCodes && store.current === telegramChat)) refreshTalk();
  }
  announce(here);
  drawNumbers();
}

function translatePage() {
  document.documentElement.lang = language();
  translate(document.body);
}

async function changeLanguage() {
  await chooseLanguage(language() === 'en' ? 'ru' : 'en');
  translatePage();
  drawLive();
  if (store.connect) drawConnect(store.connect);
  draw(chooseAccount);
  drawPanel();
  redrawTalk();
}
