/** One card: a service, its state in colour, shape and word, its numbers, its buttons. */
import { createActions } from './actions.js';
import { lightUp, make, setAttribute, setText } from './elements.js';
import { createFacts } from './facts.js';
import { formatExact } from './format.js';
import { icon } from './icons.js';
import { say } from './language.js';
import { createTroubles } from './troubles.js';
import { verdictOnOne } from './verdict.js';

/** @import { Service } from './types.js' */

/**
 * A card made once; afterwards only its texts change, so that nothing on the page moves.
 * @param {string} name of the service
 * @returns {{ element: HTMLElement, update: (service: Service, now: number, isLost: boolean) => void }}
 */
export function createCard(name) {
  const title = make('h2', { id: `card-${name}` });
  const port = make('span', { class: 'port' });
  const shape = make('span', { class: 'shape' });
  const word = make('span');
  const state = make('p', { class: 'state' }, shape, word);
  const reason = make('p', { class: 'reason' });
  const facts = createFacts();
  const troubles = createTroubles();
  const actions = createActions();
  facts.element.append(...troubles.elements);
  const element = make(
    'article',
    { class: 'card', 'aria-labelledby': `card-${name}`, 'data-service': name },
    make('header', {}, title, port, state),
    reason,
    facts.element,
    ...actions.elements,
  );
  /** @type {string | undefined} */
  let shown;

  return {
    element,
    update: (service, now, isLost) => {
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
      showReason(reason, service);
      facts.update(service, now);
      troubles.update(service, now);
      actions.update(service, isLost);
    },
  };
}

/**
 * Why it is as it is: the supervisor's or the service's own words, under what the page makes of them.
 * @param {HTMLElement} reason
 * @param {Service} service
 */
function showReason(reason, service) {
  const verdict = verdictOnOne(service);
  const reasons = service.queue?.paused ? '' : service.health?.reasons.join('; ');
  const own = service.state === 'running' ? reasons : service.state_detail;
  const well = service.account === null ? '' : say('status.well', { account: service.account });
  setText(reason, verdict ? [verdict.without, own].filter(Boolean).join(': ') : own || well);
  setAttribute(reason, 'data-level', verdict?.level ?? null);
}
