/** The page: what the monitor sends is kept here, and shown by the cards and, once they have come, by the panels. */
import { showAlerts } from './alerts.js';
import { createCard } from './card.js';
import { follow } from './connection.js';
import { byId, setAttribute } from '../apps/ui/elements.js';
import { createFloodWait } from './flood-wait.js';
import { createChecks } from './health/checks.js';
import { createNotices } from './health/notices.js';
import { openHelp } from './help-dialog.js';
import { listenForKeys } from './keys.js';
import { chooseLanguage, language, translate } from './language.js';
import { ask } from './request.js';
import { showStatus } from './status-line.js';
import { followTheme, labelTheme } from './theme.js';
import { showSandbox, showUpdated } from './top.js';
import { createUsage } from './usage.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { PageUpdate } from '../apps/monitor/http/stream.ts' */

/**
 * @typedef {object} PageState What every panel is brought up to date with.
 * @property {readonly ServiceView[]} services
 * @property {number} now milliseconds since the epoch by the monitor's clock
 * @property {boolean} isLost whether the monitor is out of reach
 * @property {string | null} actedAt when the latest entry was added to the audit
 */

/** @type {PageUpdate | undefined} */
let latest;
/** Since when the monitor has been silent. @type {string | null} */
let lostSince = null;
/** Milliseconds by which the monitor's clock is ahead of the browser's. */
let clockAhead = 0;

const usage = createUsage();
const checks = createChecks();
const notices = createNotices();
const floodWait = createFloodWait(byId('flood'));
/** @type {Map<string, ReturnType<typeof createCard>>} */
const cards = new Map();
/** @type {{ update: (state: PageState) => void } | undefined} */
let panels;

follow({
  // Whoever wants to be told of alerts wants that also while the page is hidden.
  isWanted: () => document.visibilityState === 'visible' || notices.areOn(),
  onUpdate: take,
  onLost: (since) => {
    lostSince = since;
    show();
  },
});

// Fetched with the page, and here before the stream is.
void ask('/api/state').then(({ ok, body }) => {
  if (ok && !latest) take(body);
});

followTheme(byId('theme'));
byId('help').addEventListener('click', openHelp);
byId('languages').addEventListener('click', async (event) => {
  const chosen = event.target instanceof HTMLElement && event.target.dataset.language;
  if (chosen !== 'en' && chosen !== 'ru') return;
  await chooseLanguage(chosen);
  translateAll();
  show();
});
listenForKeys({ '?': openHelp });

// Relative times and what is left of a gate go on while nothing comes in.
setInterval(() => document.visibilityState === 'visible' && show(), 1_000);
translateAll();
show();

void import('./panels.js').then(({ createPanels }) => {
  panels = createPanels({ checks, notices, onOpen: show });
  show();
});

/** @param {PageUpdate} update */
function take(update) {
  latest = update;
  lostSince = null;
  clockAhead = Date.parse(update.at) - Date.now();
  notices.watch(update.services);
  show();
}

function translateAll() {
  document.documentElement.lang = language();
  for (const button of byId('languages').querySelectorAll('button')) {
    setAttribute(button, 'aria-pressed', String(button.dataset.language === language()));
  }
  labelTheme(byId('theme'));
  translate(document.body);
}

function show() {
  const isLost = lostSince !== null;
  const services = latest?.services ?? [];
  // While nothing comes in, time stands still on the page: it shows what was.
  const now = isLost && latest ? Date.parse(latest.at) : Date.now() + clockAhead;
  const state = { services, now, isLost, actedAt: latest?.acted_at ?? null };
  setAttribute(document.body, 'data-connection', isLost ? 'lost' : latest ? 'live' : 'waiting');
  showStatus(latest?.services, lostSince, floodWait.headline(now));
  showUpdated(latest, isLost);
  showSandbox(latest);
  showAlerts(byId('alerts'), services);
  usage.update(state);
  if (latest) checks.update(state);
  for (const service of services) {
    let card = cards.get(service.name);
    if (!card) {
      card = createCard(service.name);
      cards.set(service.name, card);
      byId('cards').append(card.element);
    }
    const past = { usage: usage.of(service.name), checks: checks.of(service.name) };
    card.update(service, past, { ...state, isHeld: floodWait.holds(service.name) });
  }
  if (latest) floodWait.update(state);
  panels?.update(state);
}
