/** The form of limits: for the account, for each chat, and for one method. An empty one stays as it is. */
import { make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';
import { toast } from '../shared/toast.js';
import { changeLimits } from './control.js';
import { FieldError, numberOf, submit, textField, textOf } from './field.js';

/** @import { LimitsDefinition, Rate } from '../../control/limits.ts' */

/** @param {() => Promise<void>} changed called once the limits are set */
export function limitsForm(changed) {
  const form = make(
    'form',
    { novalidate: true },
    rateFields('account', say('limitAccount'), '30', '30'),
    rateFields('chat', say('limitChat'), '1', '3'),
    make(
      'fieldset',
      {},
      make('legend', {}, say('limitMethod')),
      make(
        'div',
        { class: 'fields three' },
        textField('limited', say('method'), {
          hint: 'messages.getDialogs',
          isMono: true,
          isWhole: true,
          list: 'methods',
        }),
        textField('count', say('limitCount'), { hint: '10', isNumber: true }),
        textField('per_seconds', say('limitPer'), { hint: '30', isNumber: true }),
        textField('wait_seconds', say('limitWait'), { hint: '26', isNumber: true }),
      ),
    ),
    make('button', { class: 'push strong' }, say('setLimits')),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(form, async () => {
      const added = limitsIn(form);
      await changeLimits((before) => ({ ...before, ...added, ...methodsOf(before, added) }));
      form.reset();
      toast(say('limitsSet'));
      await changed();
    });
  });
  return form;
}

/** What is filled in. Throws a FieldError. @param {HTMLFormElement} form @returns {LimitsDefinition} */
function limitsIn(form) {
  /** @type {LimitsDefinition} */
  const limits = {};
  for (const kind of /** @type {const} */ (['account', 'chat'])) {
    const rate = rateIn(form, kind);
    if (rate) limits[kind] = rate;
  }
  const method = textOf(form, 'limited');
  const count = numberOf(form, 'count', { least: 0, isWhole: true });
  const per = numberOf(form, 'per_seconds');
  const wait = numberOf(form, 'wait_seconds', { least: 1, isWhole: true });
  if (method === '' && (count ?? per ?? wait) !== undefined)
    throw new FieldError('limited', say('needsMethod'));
  if (method !== '') {
    limits.methods = { [method]: { count: count ?? 10, per_seconds: per ?? 30, wait_seconds: wait ?? 26 } };
  }
  if (Object.keys(limits).length === 0) throw new FieldError('account.per_second', say('aNumber'));
  return limits;
}

/** @param {HTMLFormElement} form @param {'account' | 'chat'} kind @returns {Rate | undefined} */
function rateIn(form, kind) {
  const perSecond = numberOf(form, `${kind}.per_second`);
  const burst = numberOf(form, `${kind}.burst`, { least: 1 });
  if (perSecond === undefined && burst === undefined) return undefined;
  if (perSecond === undefined) throw new FieldError(`${kind}.per_second`, say('aNumber'));
  return { per_second: perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) };
}

/** @param {LimitsDefinition} before @param {LimitsDefinition} added */
function methodsOf({ methods: before }, { methods: added }) {
  return before || added ? { methods: { ...before, ...added } } : {};
}

/** @param {'account' | 'chat'} kind @param {string} title @param {string} rate @param {string} burst */
function rateFields(kind, title, rate, burst) {
  const fields = [
    textField(`${kind}.per_second`, say('limitPerSecond'), { hint: rate, isNumber: true }),
    textField(`${kind}.burst`, say('limitBurst'), { hint: burst, isNumber: true }),
  ];
  return make('fieldset', {}, make('legend', {}, title), make('div', { class: 'fields' }, ...fields));
}
