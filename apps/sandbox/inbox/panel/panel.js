/** The drawer of faults, limits and counters: opened, closed, and kept up to date while it is open. */
import { ask } from '../shared/api.js';
import { byId, make } from '../../../ui/elements.js';
import { button, icon } from '../shared/dom.js';
import { say } from '../shared/language.js';
import { store } from '../shared/store.js';
import { activeList } from './active.js';
import { countersSection, drawCounters } from './counters.js';
import { faultForm } from './fault-form.js';
import { limitsForm } from './limits-form.js';
import { quickButtons } from './quick.js';
import { scheduleList, waitingSteps } from './schedule.js';

/** @import { FaultJson } from '../../http/control.ts' */
/** @import { StepJson } from '../../http/schedule.ts' */
/** @import { LimitsDefinition } from '../../control/limits.ts' */

const refreshMs = 1000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {HTMLElement | undefined} */
let opener;

export function isPanelOpen() {
  return !byId('panel').hidden;
}

/** Opens the drawer, or closes it. @param {HTMLElement} [pressed] */
export function togglePanel(pressed) {
  if (isPanelOpen()) return closePanel();
  opener = pressed;
  byId('panel').hidden = false;
  markButtons();
  drawPanel();
  byId('panel').focus();
  timer = setInterval(() => void refresh(), refreshMs);
}

/** Closes the drawer, and puts the focus back where it was opened from. */
export function closePanel() {
  clearInterval(timer);
  byId('panel').hidden = true;
  byId('panel').replaceChildren();
  markButtons();
  opener?.focus();
}

/** Draws the drawer from the start: its forms, what is in force, and the counters. */
export function drawPanel() {
  if (!isPanelOpen()) return;
  const close = button('close-panel', { label: say('close') }, icon('close'));
  const header = make('header', {}, make('h2', {}, say('panelTitle')), close);
  const active = make('div', { id: 'active' });
  const body = make(
    'div',
    { class: 'panel-body', tabindex: 0 },
    section(say('quick'), quickButtons(refresh)),
    section(say('active'), active),
    make('section', { id: 'drawer-rate' }),
    section(say('newFault'), faultForm(refresh)),
    section(say('newLimit'), limitsForm(refresh)),
    section(say('counters'), countersSection()),
  );
  byId('panel').replaceChildren(header, body);
  drawnActive = '';
  void refresh();
  if (store.counters) drawCounters(store.counters);
}

let drawnActive = '';

/** Reads what is in force, and draws it where it changed. */
async function refresh() {
  try {
    /** @type {[FaultJson[], LimitsDefinition, {steps: StepJson[]}]} */
    const [faults, limits, { steps }] = await Promise.all([ask('/faults'), ask('/limits'), ask('/schedule')]);
    const place = document.getElementById('active');
    const times = [...faults.map(({ until }) => until), ...waitingSteps(steps).map(({ at }) => at)];
    const secondsLeft = times.map((at) => at && Math.ceil((Date.parse(at) - Date.now()) / 1000));
    const state = JSON.stringify([faults, limits, steps, secondsLeft]);
    if (!place || state === drawnActive) return;
    drawnActive = state;
    const focused =
      place.contains(document.activeElement) && document.activeElement?.getAttribute('data-key');
    place.replaceChildren(activeList(faults, limits, refresh), ...scheduleList(steps, refresh));
    if (focused) {
      const again = [...place.querySelectorAll('[data-key]')].find(
        (one) => one.getAttribute('data-key') === focused,
      );
      /** @type {HTMLElement | undefined} */ (again)?.focus();
    }
  } catch {
    // The line at the top says that the sandbox is out of reach.
  }
}

function markButtons() {
  for (const one of document.querySelectorAll('[data-action=panel]')) {
    one.setAttribute('aria-expanded', String(isPanelOpen()));
  }
}

/** @param {string} title @param {HTMLElement} content */
function section(title, content) {
  return make('section', {}, make('h3', {}, title), content);
}
