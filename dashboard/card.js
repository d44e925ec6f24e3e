/** One card: a service, its state in colour, shape and word, its numbers, its buttons. */
import { createActions } from './actions.js';
import { lightUp, make, setAttribute, setText } from '../apps/ui/elements.js';
import { createFacts } from './facts.js';
import { formatClock, formatCount, formatDuration, formatExact } from './format.js';
import { createStrip } from './health/strip.js';
import { icon } from './icons.js';
import { say } from './language.js';
import { createTroubles } from './troubles.js';
import { createUsageCharts } from './usage-charts.js';
import { verdictOnOne } from './verdict.js';
import { inWords } from './reasons.js';

/** @import { KeptCheck } from '../apps/monitor/health/history.ts' */
/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { ServiceUsage } from '../apps/monitor/http/health-history.ts' */
/** @import { PageState } from './main.js' */

/** A service that was started again by itself and is younger than this may be in a loop. */
const youngSeconds = 600;
/** Of more services than this only the heads are shown, until one is opened. */
const mostWhole = 4;

/**
 * A card made once; afterwards only its texts change, so that nothing on the page moves.
 * @param {string} name of the service
 * @returns {{
 *   element: HTMLElement,
 *   update: (
 *     service: ServiceView,
 *     past: { usage: ServiceUsage[], checks: KeptCheck[] },
 *     state: PageState & { isHeld: boolean },
 *   ) => void,
 * }}
 */
export function createCard(name) {
  const title = make('h2', { id: `card-${name}` });
  const port = make('span', { class: 'port' });
  const shape = make('span', { class: 'shape' });
  const word = make('span');
  const restarts = make('span', { class: 'restarts' });
  const state = make('p', { class: 'state' }, restarts, shape, word);
  const reason = make('p', { class: 'reason' });
  const facts = createFacts();
  const usage = createUsageCharts();
  const troubles = createTroubles();
  const strip = createStrip(48);
  const actions = createActions();
  const fold = make('button', { type: 'button', class: 'icon-button fold', 'aria-expanded': 'false' }, '▾');
  facts.element.append(...usage.elements, ...troubles.elements);
  const element = make(
    'article',
    { class: 'card', 'aria-labelledby': `card-${name}`, 'data-service': name },
    make('header', {}, title, port, state, fold),
    reason,
    facts.element,
    strip.element,
    ...actions.elements,
  );
  /** @type {string | undefined} */
  let shown;
  fold.addEventListener('click', () => {
    setAttribute(fold, 'aria-expanded', String(element.toggleAttribute('data-open')));
  });

  return {
    element,
    update: (service, past, { services, now, isLost, isHeld }) => {
      setAttribute(element, 'data-foldable', services.length > mostWhole ? '' : null);
      fold.hidden = services.length <= mostWhole;
      setAttribute(fold, 'aria-label', say('card.more', { label: service.label }));
      setText(title, service.label);
      setText(port, say('port', { port: service.port }));
      setText(word, say(`state.${service.state}`));
      state.title = service.since === null ? '' : formatExact(service.since);
      if (shown !== service.state) {
        if (shown !== undefined) lightUp(state);
        shape.replaceChildren(icon(service.state));
        setAttribute(element, 'data-state', service.state);
        state.classList.toggle('restarting', service.state === 'restarting');
        shown = service.state;
      }
      setAttribute(element, 'data-silent', service.state === 'running' && !service.answers ? '' : null);
      showRestarts(restarts, service);
      showReason(reason, service, now, isHeld);
      facts.update(service, now);
      usage.update(service, past.usage);
      troubles.update(service, now);
      strip.update(past.checks, now);
      actions.update(service, { now, isLost, isHeld });
    },
  };
}

/**
 * How often it was started again by itself, beside its state: a loop of restarts is not running well.
 * @param {HTMLElement} place
 * @param {ServiceView} service
 */
function showRestarts(place, { restarts, uptime_s, state_detail, state_causes }) {
  place.hidden = !restarts;
  const words = say('restarts', { count: formatCount(restarts ?? 0) });
  if (place.textContent !== words && place.textContent !== '') lightUp(place);
  setText(place, words);
  place.title = inWords(state_detail, state_causes);
  setAttribute(place, 'data-level', uptime_s !== null && uptime_s < youngSeconds ? 'warning' : null);
}

/**
 * Why it is as it is: the supervisor's or the service's own words, under what the page makes of them.
 * @param {HTMLElement} reason
 * @param {ServiceView} service
 * @param {number} now
 * @param {boolean} isHeld whether Clear flood wait has it: what that does is no error
 */
function showReason(reason, service, now, isHeld) {
  if (service.delayed) {
    const left = formatDuration(Math.max(0, (Date.parse(service.delayed.at) - now) / 1000));
    setText(
      reason,
      say(`delayed.${service.delayed.action}`, { time: formatClock(service.delayed.at), left }),
    );
    setAttribute(reason, 'data-level', 'warning');
    return;
  }
  const verdict = verdictOnOne(service);
  const { health, state_detail, state_causes } = service;
  const reasons = service.queue?.paused ? '' : inWords(health?.reasons.join('; '), health?.causes);
  const own = service.state === 'running' ? reasons : inWords(state_detail, state_causes);
  const well = service.account === null ? '' : say('status.well', { account: service.account });
  const lacks = service.lacks.length === 0 ? '' : say('card.lacks', { paths: service.lacks.join(', ') });
  const faults = inWords(service.faults.join('; '), service.fault_causes);
  const without = verdict?.isExplained && own ? undefined : verdict?.without;
  const first = verdict ? [without, own].filter(Boolean).join(': ') : own || well;
  setText(reason, [first, faults, lacks].filter(Boolean).join('; '));
  const level = verdict?.level ?? (faults === '' ? null : 'warning');
  setAttribute(reason, 'data-level', isHeld && level === 'error' ? 'warning' : level);
}
