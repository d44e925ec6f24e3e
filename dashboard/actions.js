/** The buttons of a card: which are on, why one is off, and what came of the one that was pressed. */
import { make, setAttribute, setText } from './elements.js';
import { say } from './language.js';
import { confirmStop } from './stop-dialog.js';

/** @import { Action, Level, Service } from './types.js' */

/** @type {Action[]} */
const actions = ['start', 'stop', 'restart', 'reload-cache', 'pause', 'resume'];
/** What needs the launcher, Docker or systemd; the others are asked of the service itself. */
const ofSupervisor = new Set(['start', 'stop', 'restart']);

/** A change of state this soon after an action is what the action did. */
const ownChangeMs = 15_000;

/**
 * Buttons and the line below them, and how to bring them up to date.
 * @returns {{ elements: HTMLElement[], update: (service: Service, isLost: boolean) => void }}
 */
export function createActions() {
  const row = make('div', { class: 'actions' });
  const outcome = make('p', { class: 'outcome', role: 'status' });
  /** @type {Service | undefined} */
  let current;
  let isLost = false;
  /** @type {Action | undefined} */
  let busy;
  /** @type {{ level: Level, text: () => string, at: number } | undefined} */
  let told;

  for (const action of actions) row.append(make('button', { type: 'button', 'data-action': action }));

  const show = () => {
    if (!current) return;
    for (const button of row.querySelectorAll('button')) {
      const action = /** @type {Action} */ (button.dataset.action);
      const off = whyOff(action, current, isLost);
      setText(button, say(`action.${action}`));
      setAttribute(button, 'aria-busy', busy === action ? 'true' : null);
      setAttribute(button, 'class', action === 'stop' ? 'danger' : null);
      button.disabled = off !== null || busy !== undefined;
      button.title = off ?? '';
      button.hidden = action === (current.queue?.paused ? 'pause' : 'resume');
    }
    const { available, reason } = current.control;
    setText(outcome, busy ? say(`busy.${busy}`) : (told?.text() ?? (available ? '' : (reason ?? ''))));
    setAttribute(outcome, 'data-level', busy ? null : (told?.level ?? null));
  };

  row.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('button');
    if (!button || !current || busy) return;
    void press(/** @type {Action} */ (button.dataset.action), current);
  });

  /**
   * @param {Action} action
   * @param {Service} service
   */
  const press = async (action, service) => {
    if (action === 'stop' && !(await confirmStop(service))) return;
    busy = action;
    show();
    const failure = await post(service.name, action);
    busy = undefined;
    told = failure
      ? {
          level: 'error',
          text: () => say('failed.action', { action: say(`action.${action}`), detail: failure() }),
          at: Date.now(),
        }
      : { level: 'ok', text: () => say(`done.${action}`), at: Date.now() };
    show();
  };

  return {
    elements: [row, outcome],
    update: (service, lost) => {
      // What was told of the state before is not true of the next one; but the change right after is the action's own.
      const isNext = current !== undefined && current.state !== service.state;
      if (isNext && told?.level === 'ok' && Date.now() - told.at > ownChangeMs && !busy) told = undefined;
      current = service;
      isLost = lost;
      show();
    },
  };
}

/**
 * Why an action makes no sense now; null when it does.
 * @param {Action} action
 * @param {Service} service
 * @param {boolean} isLost
 * @returns {string | null}
 */
function whyOff(action, service, isLost) {
  if (isLost) return say('off.lost');
  if (!ofSupervisor.has(action)) return service.answers ? null : say('off.silent');
  if (!service.control.available) return service.control.reason;
  if (action === 'start' && service.state === 'running') return say('off.running');
  if (action !== 'start' && service.state === 'stopped') return say('off.stopped');
  return null;
}

/**
 * Asks the monitor.
 * @param {string} name
 * @param {Action} action
 * @returns {Promise<(() => string) | undefined>} why it failed, undefined when it is done
 */
async function post(name, action) {
  try {
    const answer = await fetch(`/api/services/${name}/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(action === 'stop' ? { confirm: 'stop' } : {}),
    });
    if (answer.ok) return undefined;
    const body = await answer.json().catch(() => ({}));
    const detail = typeof body.detail === 'string' ? body.detail : `${answer.status}`;
    return () => detail;
  } catch {
    return () => say('failed.network');
  }
}
