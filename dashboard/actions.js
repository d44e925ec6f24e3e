/** The buttons of a card: what each will do, why one is off, and what came of the one that was pressed. */
import { confirmAction } from './confirm-dialog.js';
import { make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatClock, formatCount, formatDuration } from './format.js';
import { say } from './language.js';
import { ask } from './request.js';
import { inWords } from './reasons.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { Level } from './verdict.js' */
/** @import { GatewayAction } from '../apps/monitor/health/gateway.ts' */
/** @import { ControlAction } from '../apps/monitor/supervisors/supervisor.ts' */
/** @import { Outcome } from './request.js' */

/** @typedef {ControlAction | GatewayAction} Action */

/** @type {Action[]} */
const actions = ['start', 'stop', 'restart', 'reload-cache', 'pause', 'resume'];
/** What needs the launcher, Docker or systemd; the others are asked of the service itself. */
const ofSupervisor = new Set(['start', 'stop', 'restart']);

/** A change of state this soon after an action is what the action did. */
const ownChangeMs = 15_000;

/**
 * @typedef {object} Around What is true of the page.
 * @property {number} now
 * @property {boolean} isLost
 * @property {boolean} isHeld whether Clear flood wait runs, which starts and stops by itself
 */

/**
 * Buttons and the line below them, and how to bring them up to date.
 * @returns {{ elements: HTMLElement[], update: (service: ServiceView, around: Around) => void }}
 */
export function createActions() {
  const row = make('div', { class: 'actions' });
  const outcome = make('p', { class: 'outcome', role: 'status' });
  /** @type {ServiceView | undefined} */
  let current;
  /** @type {Around} */
  let around = { now: Date.now(), isLost: false, isHeld: false };
  /** @type {Action | undefined} */
  let busy;
  /** The button that the pointer or the focus is on. @type {Action | undefined} */
  let looked;
  /** @type {{ action: Action, level: Level, text: () => string, at: number } | undefined} */
  let told;

  for (const action of actions) row.append(make('button', { type: 'button', 'data-action': action }));

  const show = () => {
    if (!current) return;
    for (const button of row.querySelectorAll('button')) {
      const action = /** @type {Action} */ (button.dataset.action);
      const off = whyOff(action, current, around);
      setText(button, say(`action.${action}`));
      setAttribute(button, 'aria-busy', busy === action ? 'true' : null);
      setAttribute(button, 'class', action === 'stop' ? 'danger' : null);
      // It can still be reached and asked why: a button that is disabled outright cannot.
      setAttribute(button, 'aria-disabled', off !== null || busy !== undefined ? 'true' : null);
      button.title = off ?? effectOf(action, current, around);
      button.hidden = action === (current.queue?.paused ? 'pause' : 'resume');
    }
    const { available, reason, causes } = current.control;
    const why = available ? '' : inWords(reason, causes);
    const hint = looked && (whyOff(looked, current, around) ?? effectOf(looked, current, around));
    // What the supervisor did well is no news any more where it can do nothing now.
    const isStale = why !== '' && told?.level === 'ok' && ofSupervisor.has(told.action);
    const news = isStale ? undefined : told;
    setText(outcome, busy ? say(`busy.${busy}`) : (news?.text() ?? hint ?? why));
    setAttribute(outcome, 'data-level', busy ? null : (news?.level ?? null));
  };

  row.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('button');
    if (!button || !current || busy) return;
    const action = /** @type {Action} */ (button.dataset.action);
    const off = whyOff(action, current, around);
    told = off === null ? undefined : { action, level: 'unknown', text: () => off, at: Date.now() };
    if (off === null) void press(action, current);
    show();
  });
  /** @param {Event} event */
  const look = ({ type, target }) => {
    const button = target instanceof Element && target.closest('button');
    const isGone = type === 'pointerout' || type === 'focusout' || !button;
    looked = isGone ? undefined : /** @type {Action} */ (button.dataset.action);
    show();
  };
  for (const type of ['pointerover', 'pointerout', 'focusin', 'focusout']) row.addEventListener(type, look);

  /**
   * @param {Action} action
   * @param {ServiceView} service
   */
  const press = async (action, service) => {
    if (!(await isMeant(action, service, around))) return;
    busy = action;
    show();
    const body = action === 'stop' ? { confirm: 'stop' } : {};
    const answer = await ask(`/api/services/${service.name}/${action}`, { method: 'POST', body });
    busy = undefined;
    told = { action, ...toldOf(action, answer), at: Date.now() };
    show();
  };

  return {
    elements: [row, outcome],
    update: (service, page) => {
      // What was told of the state before is not true of the next one; but the change right after is the action's own.
      const isNext = current !== undefined && current.state !== service.state;
      if (isNext && told?.level === 'ok' && Date.now() - told.at > ownChangeMs && !busy) told = undefined;
      current = service;
      around = page;
      show();
    },
  };
}

/**
 * What came of an action, in words.
 * @param {Action} action
 * @param {Outcome} answer
 * @returns {{ level: Level, text: () => string }}
 */
function toldOf(action, { ok, body, note, why }) {
  if (!ok) {
    return {
      level: 'error',
      text: () => say('failed.action', { action: say(`action.${action}`), detail: why() }),
    };
  }
  const until = body?.delayed_until;
  if (typeof until === 'string') {
    return { level: 'warning', text: () => say('done.delayed', { time: formatClock(until) }) };
  }
  if (note() !== '') return { level: 'warning', text: () => `${say(`done.${action}`)} ${note()}` };
  return { level: 'ok', text: () => say(`done.${action}`) };
}

/**
 * Asks before what stops sending, or would not help.
 * @param {Action} action
 * @param {ServiceView} service
 * @param {Around} around
 */
async function isMeant(action, service, { now }) {
  const { label, port, queue } = service;
  if (action === 'stop') {
    const effect = queue
      ? say('stop.effect', { port, depth: formatCount(queue.depth) })
      : say('stop.effect.unknown', { port });
    return confirmAction({
      title: say('stop.title', { label }),
      effects: [effect],
      confirm: say('stop.confirm', { label }),
    });
  }
  const left = longestGate(service, now);
  if (action !== 'restart' || left <= 0) return true;
  return confirmAction({
    title: say('restart.title', { label }),
    effects: [say('effect.restart'), say('restart.gate', { left: formatDuration(left) })],
    confirm: say('restart.confirm'),
  });
}

/**
 * What a press will do.
 * @param {Action} action
 * @param {ServiceView} service
 * @param {Around} around
 */
function effectOf(action, service, { now }) {
  const left = longestGate(service, now);
  if (action === 'restart' && left > 0) return say('restart.gate', { left: formatDuration(left) });
  return say(`effect.${action}`, { port: service.port });
}

/** Seconds. @param {ServiceView} service @param {number} now */
function longestGate({ floods }, now) {
  const lefts = (floods ?? [])
    .filter(({ holds }) => holds)
    .map(({ until, seconds }) => (until === null ? seconds : (Date.parse(until) - now) / 1000));
  return Math.max(0, ...lefts);
}

/**
 * Why an action makes no sense now; null when it does.
 * @param {Action} action
 * @param {ServiceView} service
 * @param {Around} around
 * @returns {string | null}
 */
function whyOff(action, service, { isLost, isHeld }) {
  if (isLost) return say('off.lost');
  if (!ofSupervisor.has(action)) {
    if (!service.answers) return say('off.silent');
    return service.lacks.includes('/stats') ? say('off.lacking') : null;
  }
  if (isHeld) return say('off.held');
  if (!service.control.available)
    return inWords(service.control.reason, service.control.causes) || say('off.unknown');
  if (action === 'start' && service.state === 'running') return say('off.running');
  if (action !== 'start' && service.state === 'stopped') return say('off.stopped');
  return null;
}
