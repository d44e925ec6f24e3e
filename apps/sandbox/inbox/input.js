/** What is pressed: one listener for the mouse, one for the keys. */
import { dropCursor, moveCursor, openCursor } from './chats/chat-list.js';
import { searchFor } from './chats/search.js';
import { byId } from '../../ui/elements.js';
import { say } from './shared/language.js';
import { openLightbox } from './media/lightbox.js';
import { closePanel, isPanelOpen, togglePanel } from './panel/panel.js';
import { store } from './shared/store.js';
import { showMessage } from './talk/place.js';
import { goToEnd } from './talk/talk.js';
import { copyText, reportError } from './shared/toast.js';

/** @param {{language: () => void}} page */
export function watchInput(page) {
  /** @type {Record<string, (pressed: HTMLElement) => unknown>} */
  const actions = {
    back: () => (location.hash = ''),
    language: page.language,
    panel: togglePanel,
    'close-panel': closePanel,
    copy: ({ dataset }) => copyText(dataset.text ?? ''),
    'to-end': goToEnd,
    'clear-search': clearSearch,
    'search-for': ({ dataset }) => fillSearch(dataset.text ?? ''),
    'reveal-text': revealText,
    unfold,
    uncover,
    enlarge: openLightbox,
    jump: ({ dataset }) => jump(dataset.of ?? ''),
    'play-note': playNote,
    'play-video': playVideo,
  };
  document.addEventListener('click', ({ target }) => {
    const pressed = /** @type {Element} */ (target).closest('[data-action]');
    if (!(pressed instanceof HTMLElement)) return;
    const action = actions[pressed.dataset.action ?? ''];
    Promise.resolve(action?.(pressed)).catch(reportError);
  });
  document.addEventListener('keydown', onKey);
  searchInput().addEventListener('input', () => fillSearch(searchInput().value));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { key, target } = event;
  const at = /** @type {HTMLElement} */ (target);
  // An open dialog has the keys for itself, wherever the focus is.
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (key === 'Escape') return escape();
  const isInList = at === searchInput() || at.id === 'chats';
  if (isInList && (key === 'ArrowDown' || key === 'ArrowUp')) {
    event.preventDefault();
    moveCursor(key === 'ArrowDown' ? 1 : -1);
  } else if (isInList && key === 'Enter') {
    event.preventDefault();
    if (openCursor()) dropCursor();
  } else if (at.matches('.spoiler') && (key === 'Enter' || key === ' ')) {
    event.preventDefault();
    revealText(at);
  } else if (!at.matches('input, select, textarea')) {
    if (key !== '/' && key !== 'f') return;
    event.preventDefault();
    if (key === 'f') togglePanel(at === document.body ? undefined : at);
    else searchInput().focus();
  }
}

/** Steps back by one: out of the drawer, the search, the chat. */
function escape() {
  if (isPanelOpen()) return closePanel();
  if (store.words !== '') return clearSearch();
  if (document.activeElement === searchInput()) return byId('chats').focus();
  location.hash = '';
}

function clearSearch() {
  fillSearch('');
  searchInput().focus();
}

/** @param {string} words */
function fillSearch(words) {
  const input = searchInput();
  if (input.value !== words) input.value = words;
  byId('clear-search').hidden = words === '';
  if (words !== '' && document.body.dataset.view === 'talk' && matchMedia('(width < 760px)').matches) {
    location.hash = '';
  }
  searchFor(words);
}

function searchInput() {
  return /** @type {HTMLInputElement} */ (byId('search'));
}

/** Shows all hidden stretches of a message. @param {HTMLElement} pressed */
function revealText(pressed) {
  const isShown = pressed.dataset.shown !== undefined;
  for (const one of pressed.closest('.words')?.querySelectorAll('.spoiler') ?? []) {
    if (!(one instanceof HTMLElement) || isShown) continue;
    one.dataset.shown = '';
    one.removeAttribute('aria-label');
    one.removeAttribute('role');
    one.removeAttribute('tabindex');
  }
}

/** @param {HTMLElement} pressed */
function unfold(pressed) {
  const quote = pressed.closest('blockquote');
  if (!quote) return;
  const isFolded = quote.dataset.collapsed === 'yes';
  quote.dataset.collapsed = isFolded ? 'no' : 'yes';
  pressed.textContent = say(isFolded ? 'showLess' : 'showMore');
  pressed.title = pressed.textContent;
  pressed.setAttribute('aria-label', pressed.textContent);
  pressed.setAttribute('aria-expanded', String(isFolded));
}

/** Shows media that was sent as hidden. @param {HTMLElement} pressed */
function uncover(pressed) {
  const covered = pressed.closest('.covered');
  if (!(covered instanceof HTMLElement)) return;
  covered.classList.remove('covered');
  covered.querySelector('.cover')?.remove();
  if (covered.matches('button.visual')) covered.dataset.action = 'enlarge';
  if (covered.matches('.note')) covered.dataset.action = 'play-note';
}

/** @param {string} key */
function jump(key) {
  if (!showMessage(key)) location.hash = `#/${store.current}/${key}`;
}

/** @param {HTMLElement} pressed */
function playNote(pressed) {
  const player = pressed.querySelector('video');
  if (!player) return undefined;
  if (player.paused) return player.play();
  player.pause();
  return undefined;
}

/** Gives a film its controls, and plays it. @param {HTMLElement} pressed */
function playVideo(pressed) {
  const film = pressed.closest('.visual');
  const player = film?.querySelector('video');
  for (const over of film?.querySelectorAll('.start, .length') ?? []) over.remove();
  if (!player) return undefined;
  player.controls = true;
  player.focus();
  return player.play();
}
