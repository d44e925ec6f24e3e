/** What the schedule still holds: each step with its time, and a button that clears it. */
import { ask } from '../shared/api.js';
import { make } from '../../../ui/elements.js';
import { wait } from '../shared/format.js';
import { say } from '../shared/language.js';
import { reportError } from '../shared/toast.js';

/** @import { StepJson } from '../../http/schedule.ts' */

/** What a step does, and its word. */
const deedsOfFields = /** @type {const} */ ([
  ['faults', 'stepFaults'],
  ['limits', 'stepLimits'],
  ['world', 'stepWorld'],
  ['cut', 'stepCut'],
  ['revoke', 'stepRevoke'],
]);
const maxShown = 20;

/** The steps that wait, the next one first. @param {StepJson[]} steps */
export function waitingSteps(steps) {
  return steps.filter(({ state }) => state === 'waiting');
}

/**
 * Nothing where no step waits.
 * @param {StepJson[]} steps
 * @param {() => Promise<void>} changed
 */
export function scheduleList(steps, changed) {
  const waiting = waitingSteps(steps);
  if (waiting.length === 0) return [];
  const rows = waiting.slice(0, maxShown).map((step) => {
    const deeds = deedsOfFields.flatMap(([field, word]) => (step[field] === undefined ? [] : say(word)));
    const seconds = Math.max(0, Math.ceil((Date.parse(step.at) - Date.now()) / 1000));
    const when = make('small', {}, say('comesIn', { time: wait(seconds) }));
    return make('li', {}, make('div', {}, make('strong', {}, deeds.join(' · ')), when));
  });
  const properties = { type: 'button', class: 'push', 'data-key': 'schedule' };
  const clear = make('button', properties, say('clearSchedule'));
  clear.addEventListener('click', () => {
    ask('/schedule', { steps: [] }).then(changed).catch(reportError);
  });
  const title = make('h4', {}, say('schedule'));
  return [title, make('ul', { class: 'active to-come' }, ...rows), clear];
}
