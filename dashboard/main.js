/** The page: what the monitor sends is kept here, and shown by the cards and panels. */
import { showAlerts } from './alerts.js';
import { createAudit } from './audit.js';
import { createCard } from './card.js';
import { follow } from './connection.js';
import { createDiagnostics } from './diagnostics/diagnostics.js';
import { byId, setAttribute, translate } from './elements.js';
import { createErrors } from './errors/errors.js';
import { createFloodWait } from './flood-wait.js';
import { createChecks } from './health/checks.js';
import { createHealth } from './health/health.js';
import { createNotices } from './health/notices.js';
import { openHelp } from './help-dialog.js';
import { listenForKeys } from './keys.js';
import { chooseLanguage, language } from './language.js';
import { createMessages } from './messages/messages.js';
import { ask } from './request.js';
import { showStatus } from './status-line.js';
import { createTabs } from './tabs.js';
import { followTheme, labelTheme } from './theme.js';
import { showSandbox, showUpdated } from './top.js';
import { createUsage } from './usage.js';

/** @import { Update } from './types.js' */

/** @type {Update | undefined} */
let latest;
/** Since when the monitor has been silent. @type {string | null} */
let lostSince = null;
/** Milliseconds by which the monitor's clock is ahead of the browser's. */
let clockAhead = 0;

const usage = createUsage();
const checks = createChecks();
const notices = createNotices();
const floodWait = createFloodWait(byId('flood'));
const diagnostics = createDiagnostics();
/** @type {Map<string, ReturnType<typeof createCard>>} */
const cards = new Map();

const tabs = createTabs(
  byId('tabs'),
  byId('panels'),
  [
    { name: 'errors', word: 'tab.errors', create: createErrors },
    { name: 'health', word: 'tab.health', create: () => createHealth(checks, notices) },
    { name: 'diagnostics', word: 'tab.diagnostics', create: () => diagnostics },
    { name: 'messages', word: 'tab.messages', create: createMessages },
    { name: 'audit', word: 'tab.audit', create: createAudit },
  ],
  () => queueMicrotask(show),
);

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
listenForKeys({
  '/': () => tabs.current().search?.(),
  r: () => tabs.current().refresh?.(),
  d: () => {
    tabs.open('diagnostics');
    void diagnostics.run();
  },
  '?': openHelp,
  1: () => tabs.open('errors'),
  2: () => tabs.open('health'),
  3: () => tabs.open('diagnostics'),
  4: () => tabs.open('messages'),
  5: () => tabs.open('audit'),
});

// Relative times and what is left of a gate go on while nothing comes in.
setInterval(() => document.visibilityState === 'visible' && show(), 1_000);
translateAll();
show();

/** @param {Update} update */
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
  tabs.current().update(state);
}
