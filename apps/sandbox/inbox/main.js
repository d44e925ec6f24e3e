/** Starts the inbox: what is shown, what is clicked, what arrives. */
import { drawChats } from './chats.js';
import { drawConnect, drawCounters } from './counters.js';
import { byId } from './dom.js';
import { addToTalk, drawHead, drawTalk, goToEnd, watchScrolling } from './talk.js';
import { switchLanguage, translatePage, words } from './words.js';

const state = {
  chats: [],
  counters: undefined,
  connect: undefined,
  current: undefined,
  filter: '',
  /** @type {Map<string, number>} */
  unseen: new Map(),
  live: false,
};

async function ask(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

async function loadChats() {
  Object.assign(state, await ask('/api/chats'));
  draw();
}

async function loadTalk() {
  const id = state.current;
  if (!id) return;
  const { messages, lines } = await ask(`/api/chats/${id}/messages`);
  if (id === state.current) drawTalk(messages, lines);
}

function draw() {
  translatePage();
  const language = document.querySelector('.language');
  language.textContent = words().language;
  byId('search').placeholder = words().search;
  document.querySelector('.back').title = words().back;
  drawLive();
  if (state.counters) drawCounters(state.counters);
  if (state.connect) drawConnect(state.connect);
  drawChats(state.chats, state);
  const chat = state.chats.find(({ chat_id: id }) => id === state.current);
  byId('talk').hidden = !chat;
  byId('welcome').hidden = Boolean(chat);
  document.body.dataset.view = chat ? 'talk' : 'chats';
  if (chat) drawHead(chat);
}

function drawLive() {
  document.querySelector('.live').dataset.live = state.live ? 'on' : 'off';
  document.querySelector('[data-word="tagline"]').textContent = state.live
    ? words().tagline
    : words().offline;
}

/** Opens the chat that the address names. */
function follow() {
  state.current = decodeURIComponent(location.hash.slice(2)) || undefined;
  state.unseen.delete(state.current);
  draw();
  loadTalk().catch(report);
}

function arrive({ events, many, counters }) {
  state.counters = counters;
  const isStale = many || events.some(({ type }) => type === 'world' || type === 'reset');
  if (isStale) {
    if (events.some(({ type }) => type === 'reset')) state.unseen.clear();
    return Promise.all([loadChats(), loadTalk()]);
  }
  for (const { message, line } of events) {
    const chatId = message ? message.chat_id : line.chat_id;
    if (message) touch(message);
    if (chatId === state.current || (line && !chatId)) addToTalk({ message, line });
  }
  draw();
  return undefined;
}

/** Moves a chat up to its place, below the pinned ones, with its new last message. */
function touch(message) {
  const index = state.chats.findIndex(({ chat_id: id }) => id === message.chat_id);
  if (index < 0) return void loadChats().catch(report);
  const [chat] = state.chats.splice(index, 1);
  chat.last = {
    at: message.at,
    text: message.text,
    own: true,
    media: message.media && mediaWord(message.media.kind),
  };
  const pinned = state.chats.filter((other) => other.pinned).length;
  state.chats.splice(chat.pinned ? 0 : pinned, 0, chat);
  if (message.chat_id !== state.current) {
    state.unseen.set(message.chat_id, (state.unseen.get(message.chat_id) ?? 0) + 1);
  }
}

function mediaWord(kind) {
  if (kind === 'photo') return 'photo';
  if (kind === 'audio' || kind === 'voice') return 'audio';
  return kind === 'document' ? 'file' : 'video';
}

function listen() {
  const stream = new EventSource('/api/stream');
  stream.addEventListener('open', () => {
    const wasLost = !state.live;
    state.live = true;
    if (wasLost) Promise.all([loadChats(), loadTalk()]).catch(report);
  });
  stream.addEventListener('error', () => {
    state.live = false;
    drawLive();
  });
  stream.addEventListener('message', ({ data }) => {
    const result = arrive(JSON.parse(data));
    result?.catch(report);
  });
}

const ACTIONS = {
  open: (button) => (location.hash = `/${button.dataset.chat}`),
  back: () => (location.hash = ''),
  'to-end': goToEnd,
  language() {
    switchLanguage();
    draw();
    loadTalk().catch(report);
  },
  async copy(button) {
    await navigator.clipboard.writeText(button.dataset.id);
    button.dataset.done = '';
    setTimeout(() => delete button.dataset.done, 1200);
  },
};

function report(error) {
  console.error(error);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (button) Promise.resolve(ACTIONS[button.dataset.action]?.(button)).catch(report);
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== byId('search')) {
    event.preventDefault();
    byId('search').focus();
  }
  if (event.key === 'Escape') location.hash = '';
});
byId('search').addEventListener('input', ({ target }) => {
  state.filter = target.value;
  drawChats(state.chats, state);
});
addEventListener('hashchange', follow);
watchScrolling();
draw();
listen();
follow();
