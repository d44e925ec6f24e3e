/** On a card: the gates that Telegram has closed, with what is left of them, and the errors by class. */
import { lightUp, make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatCount, formatCountdown, formatExact } from './format.js';
import { say } from './language.js';
import { scopeWords } from './reasons.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { Word } from './language.js' */

/**
 * Two wide places for the list of numbers, and how to bring them up to date.
 * @returns {{ elements: HTMLElement[], update: (service: ServiceView, now: number) => void }}
 */
export function createTroubles() {
  const gates = createPlace();
  const errors = createPlace();
  let shownErrors = '';
  return {
    elements: [gates.place, errors.place],
    update: (service, now) => {
      setText(gates.term, say('fact.gates'));
      setText(errors.term, say('fact.errors'));
      showGates(gates.value, service, now);
      const counted = JSON.stringify(service.errors_by_class);
      if (shownErrors !== '' && shownErrors !== counted) lightUp(errors.place);
      shownErrors = counted;
      showErrors(errors.value, service);
    },
  };
}

function createPlace() {
  const term = make('dt');
  const value = make('dd', { class: 'counts' });
  return { term, value, place: make('div', { class: 'wide' }, term, value) };
}

/**
 * @param {HTMLElement} value
 * @param {ServiceView} service
 * @param {number} now
 */
function showGates(value, { floods }, now) {
  const open = (floods ?? []).map((gate) => ({
    ...gate,
    left: gate.until === null ? gate.seconds : (Date.parse(gate.until) - now) / 1000,
  }));
  const closed = open.filter(({ left }) => left > 0);
  if (floods === null) return setText(value, say('value.none'));
  if (closed.length === 0) return setText(value, say('gates.none'));
  while (value.childElementCount > closed.length || value.firstChild instanceof Text)
    value.lastChild?.remove();
  closed.forEach(({ scope, until, left, holds }, index) => {
    if (!value.children[index]) value.append(make('span', { class: 'gate' }, make('code'), make('span')));
    const gate = value.children[index];
    const [name, words] = gate?.children ?? [];
    if (!(gate instanceof HTMLElement) || !name || !words) return;
    gate.title = until === null ? '' : formatExact(until);
    setText(name, scopeWords(scope));
    const effect = say(holds ? effectOf(scope) : 'gate.of_another');
    setText(words, ` ${say('gates.left', { left: formatCountdown(left), effect })}`);
    setAttribute(gate, 'data-holds', holds ? '' : null);
  });
}

/** What a closed gate keeps from being done. @param {string} scope @returns {Word} */
function effectOf(scope) {
  if (scope === 'strangers') return 'gate.strangers';
  if (scope.startsWith('chat:')) return 'gate.chat';
  if (/getDialogs|getPinnedDialogs/.test(scope)) return 'gate.cache';
  if (/resolve|getContacts|importContacts|getUsers|getChannels|getChats/.test(scope)) return 'gate.resolve';
  if (/upload/.test(scope)) return 'gate.upload';
  if (/sendMe|sendMulti|forward/i.test(scope)) return 'gate.send';
  return 'gate.other';
}

/**
 * @param {HTMLElement} value
 * @param {ServiceView} service
 */
function showErrors(value, { errors_by_class: counts }) {
  if (counts === null) return setText(value, say('value.none'));
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (entries.length === 0) return setText(value, say('errors.none'));
  value.replaceChildren(
    ...entries.map(([name, count]) => make('span', {}, make('code', {}, name), ` ${formatCount(count)}`)),
  );
}
