/** The faults and limits in force: what they do, what is left of them, and a button that removes each. */
import { make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { number, wait } from '../shared/format.js';
import { counted, say } from '../shared/language.js';
import { store } from '../shared/store.js';
import { reportError } from '../shared/toast.js';
import { changeLimits, isInForce, removeFault } from './control.js';
import { effectWords } from './effects.js';

/** @import { FaultJson } from '../../http/control.ts' */
/** @import { LimitsDefinition } from '../../control/limits.ts' */

/**
 * @param {FaultJson[]} faults
 * @param {LimitsDefinition} limits
 * @param {() => Promise<void>} changed
 */
export function activeList(faults, limits, changed) {
  const list = make('ul', { class: 'active' });
  const remove = (/** @type {() => Promise<unknown>} */ work) => void work().then(changed).catch(reportError);
  for (const [index, fault] of faults.entries()) {
    const item = row(effectOf(fault), reachOf(fault), `fault ${index}`, () =>
      remove(() => removeFault(index)),
    );
    if (!isInForce(fault)) item.dataset.spent = '';
    list.append(item);
  }
  for (const kind of /** @type {const} */ (['account', 'chat'])) {
    const rate = limits[kind];
    if (!rate) continue;
    const title = say(kind === 'account' ? 'limitAccount' : 'limitChat');
    const about = say('limitSummary', { rate: number(rate.per_second, 2), burst: number(rate.burst) });
    const drop = () => remove(() => changeLimits((before) => ({ ...before, [kind]: undefined })));
    list.append(row(make('strong', {}, title), about, kind, drop));
  }
  if (limits.strangers) {
    const { count, per_seconds: per } = limits.strangers;
    const about = say('strangersSummary', { count: number(count), per: wait(per) });
    const drop = () => remove(() => changeLimits((before) => ({ ...before, strangers: undefined })));
    list.append(row(make('strong', {}, say('limitStrangers')), about, 'strangers', drop));
  }
  for (const [method, { count, per_seconds: per, wait_seconds: after }] of Object.entries(
    limits.methods ?? {},
  )) {
    const about = say('methodSummary', { count: number(count), per: wait(per), wait: wait(after) });
    const drop = () => remove(() => changeLimits((before) => withoutMethod(before, method)));
    list.append(row(make('code', {}, method), about, `method ${method}`, drop));
  }
  if (list.childElementCount > 0) return list;
  return make('p', { class: 'quiet-note' }, say('noneActive'));
}

/** What a fault does. @param {FaultJson} fault */
function effectOf(fault) {
  if (fault.error) return make('code', {}, fault.error);
  const [first] = effectWords(fault);
  return make('strong', {}, first ?? (fault.delay_ms === undefined ? '–' : say('onlyDelay')));
}

/** Which calls it hits, and how long still. @param {FaultJson} fault */
function reachOf(fault) {
  const { method, peer, error, delay_ms: delay, probability, left, until, from, hits } = fault;
  const { connection, clock_skew_seconds: skew, transport_error: refused } = fault;
  const isOfCalls = !connection && skew === undefined && refused === undefined;
  const others = effectWords(fault).slice(error ? 0 : 1);
  const chat = peer === undefined ? undefined : (store.chats.get(peer)?.title ?? peer);
  const seconds = until === undefined ? undefined : Math.ceil((Date.parse(until) - Date.now()) / 1000);
  const startsIn = from === undefined ? 0 : Math.ceil((Date.parse(from) - Date.now()) / 1000);
  const isOver = left === 0 || (seconds !== undefined && seconds <= 0);
  const parts = [
    isOfCalls && (method ?? say('anyMethod')),
    chat,
    fault.carry_out && say('carriedOut'),
    ...others,
    delay !== undefined && say('delayed', { time: `${number(delay)} ${say('msShort')}` }),
    probability !== undefined && say('chance', { percent: number(probability * 100, 1) }),
    startsIn > 0 && say('startsIn', { time: wait(startsIn) }),
    isOver && say('spent'),
    !isOver && left !== undefined && counted('callsLeft', left),
    !isOver && seconds !== undefined && startsIn <= 0 && say('until', { time: wait(seconds) }),
    !isOver && left === undefined && seconds === undefined && say('untilReset'),
    Boolean(hits) && counted('hits', hits ?? 0),
  ];
  return parts.filter(Boolean).join(' · ');
}

/**
 * @param {HTMLElement} title
 * @param {string} about
 * @param {string} key
 * @param {() => void} remove
 */
function row(title, about, key, remove) {
  const label = `${say('remove')}: ${title.textContent}`;
  const properties = {
    type: 'button',
    class: 'plain',
    title: say('remove'),
    'aria-label': label,
    'data-key': key,
  };
  const made = make('button', properties, icon('close'));
  made.addEventListener('click', remove);
  return make('li', {}, make('div', {}, title, make('small', {}, about)), made);
}

/** @param {LimitsDefinition} limits @param {string} method @returns {LimitsDefinition} */
function withoutMethod({ methods = {}, ...rest }, method) {
  const others = Object.fromEntries(Object.entries(methods).filter(([name]) => name !== method));
  return Object.keys(others).length > 0 ? { ...rest, methods: others } : rest;
}
