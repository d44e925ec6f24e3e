/** The page: what the monitor sends is kept here, and shown by the panels. */
import { createCard } from './card.js';
import { follow } from './connection.js';
import { byId, make, setAttribute, setText } from './elements.js';
import { formatExact } from './format.js';
import { chooseLanguage, language, say } from './language.js';
import { showStatus } from './status-line.js';
import { followTheme, labelTheme } from './theme.js';

/** @import { Update } from './types.js' */

/** @type {Update | undefined} */
let latest;
/** Since when the monitor has been silent. @type {string | null} */
let lostSince = null;
/** Milliseconds by which the monitor's clock is ahead of the browser's. */
let clockAhead = 0;

/** @type {Map<string, ReturnType<typeof createCard>>} */
const cards = new Map();

follow({
  onUpdate: (update) => {
    latest = update;
    lostSince = null;
    clockAhead = Date.parse(update.at) - Date.now();
    show();
  },
  onLost: (since) => {
    lostSince = since;
    show();
  },
});

followTheme(byId('theme'));
byId('languages').addEventListener('click', (event) => {
  const chosen = event.target instanceof HTMLElement && event.target.dataset.language;
  if (chosen !== 'en' && chosen !== 'ru') return;
  chooseLanguage(chosen);
  show();
});

// Relative times and what is left of a gate go on while nothing comes in.
setInterval(() => document.visibilityState === 'visible' && show(), 1_000);
show();

function show() {
  const isLost = lostSince !== null;
  document.documentElement.lang = language();
  setAttribute(document.body, 'data-connection', isLost ? 'lost' : latest ? 'live' : 'waiting');
  for (const button of byId('languages').querySelectorAll('button')) {
    setAttribute(button, 'aria-pressed', String(button.dataset.language === language()));
  }
  labelTheme(byId('theme'));
  showStatus(latest?.services, lostSince);
  showUpdated(isLost);
  showSandbox();
  // While nothing comes in, time stands still on the cards: they show what was.
  const now = isLost && latest ? Date.parse(latest.at) : Date.now() + clockAhead;
  for (const service of latest?.services ?? []) {
    let card = cards.get(service.name);
    if (!card) {
      card = createCard(service.name);
      cards.set(service.name, card);
      byId('cards').append(card.element);
    }
    card.update(service, now, isLost);
  }
}

/** @param {boolean} isLost */
function showUpdated(isLost) {
  const place = byId('updated');
  if (!place.firstChild) place.append(make('span', { class: 'dot' }), make('span'));
  const [dot, text] = place.children;
  if (!dot || !text) return;
  setAttribute(dot, 'data-connection', isLost ? 'lost' : latest ? 'live' : 'waiting');
  const time = latest && new Date(latest.at).toLocaleTimeString(language(), { hourCycle: 'h23' });
  setText(text, time ? say('updated', { time }) : say('updated.never'));
  place.title = latest ? formatExact(latest.at) : '';
}

function showSandbox() {
  const badge = byId('sandbox');
  const isSandbox = latest?.services.some(({ sandbox }) => sandbox) ?? false;
  badge.hidden = !isSandbox;
  setText(badge, say('sandbox.badge'));
  // Only an address of the web may become a link.
  if (latest && /^https?:\/\//.test(latest.inbox_url)) setAttribute(badge, 'href', latest.inbox_url);
}
