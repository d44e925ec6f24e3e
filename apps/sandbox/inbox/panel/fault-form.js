/** The form of a new fault. */
import { make } from '../../../ui/elements.js';
import { button } from '../shared/dom.js';
import { say } from '../shared/language.js';
import { store } from '../shared/store.js';
import { toast } from '../shared/toast.js';
import { addFault } from './control.js';
import { effectChoices, faultOfChoice } from './effects.js';
import { choiceField, FieldError, numberOf, submit, textField, textOf } from './field.js';
import { knownMethods, presets } from './presets.js';

/** @import { FaultFields } from '../../http/schemas.ts' */

/** The fields that say which calls a fault hits and when, and do nothing by themselves. */
const conditions = new Set(['method', 'peer', 'times', 'for_seconds', 'after_seconds', 'probability']);

/** @param {() => Promise<void>} changed called once the fault is set */
export function faultForm(changed) {
  const methods = make('datalist', { id: 'methods' });
  const names = new Set([...Object.keys(store.counters?.rpc ?? {}), ...knownMethods]);
  methods.append(...[...names].map((value) => make('option', { value })));
  const chats = make('datalist', { id: 'peers' });
  chats.append(
    ...[...store.chats.values()]
      .slice(0, 200)
      .map((chat) => make('option', { value: chat.chat_id, label: chat.title })),
  );
  const form = make(
    'form',
    { novalidate: true },
    make(
      'div',
      { class: 'fields' },
      textField('error', say('error'), { hint: say('errorHint'), isMono: true, isWhole: true }),
      presetButtons(),
      choiceField('carry_out', say('errorWhen'), [
        ['', say('insteadOfCall')],
        ['yes', say('carriedOut')],
      ]),
      textField('error_code', say('errorCode'), { hint: say('errorCodeHint'), isNumber: true }),
      textField('method', say('method'), {
        hint: say('methodHint'),
        isMono: true,
        isWhole: true,
        list: 'methods',
      }),
      peerField(),
      textField('times', say('timesLabel'), { hint: say('timesHint'), isNumber: true }),
      textField('for_seconds', say('forSeconds'), { hint: say('timesHint'), isNumber: true }),
      textField('probability', say('probability'), { hint: '100', isNumber: true }),
      textField('delay_ms', say('delay'), { hint: '0', isNumber: true }),
      textField('after_seconds', say('afterSeconds'), { hint: '0', isNumber: true }),
      textField('omit_item', say('omitItem'), { hint: '–', isNumber: true }),
      textField('move_to', say('moveTo'), { hint: '–', isNumber: true }),
      textField('clock_skew_seconds', say('clockSkew'), { hint: '0', isNumber: true }),
      choiceField('clock_drifts_back', say('clockReturns'), [
        ['', say('atOnce')],
        ['yes', say('driftsBack')],
      ]),
      textField('transport_error', say('transportError'), { hint: '-429', isNumber: true }),
      connectionField(),
    ),
    make('button', { class: 'push strong' }, say('addFault')),
    methods,
    chats,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(form, async () => {
      await addFault(faultIn(form));
      form.reset();
      toast(say('faultAdded'));
      await changed();
    });
  });
  form.addEventListener('click', (event) => fillPreset(form, /** @type {Element} */ (event.target)));
  return form;
}

/** What is filled in. Throws a FieldError. @param {HTMLFormElement} form @returns {FaultFields} */
function faultIn(form) {
  /** @type {FaultFields} */
  const fault = {};
  for (const name of /** @type {const} */ (['method', 'peer', 'error'])) {
    const text = textOf(form, name);
    if (text !== '') fault[name] = text;
  }
  if (fault.peer && !/^-?\d+$/.test(fault.peer)) throw new FieldError('peer', say('takesId'));
  if (fault.error && !/^[\w-]+$/.test(fault.error)) throw new FieldError('error', say('takesError'));
  const percent = numberOf(form, 'probability', { least: 0 });
  if (percent !== undefined && percent > 100) throw new FieldError('probability', say('aPercent'));
  const skew = signedNumberOf(form, 'clock_skew_seconds');
  /** @type {FaultFields} */
  const numbers = {
    times: numberOf(form, 'times', { least: 1, isWhole: true }),
    for_seconds: numberOf(form, 'for_seconds', { least: 0 }),
    after_seconds: numberOf(form, 'after_seconds', { least: 0 }),
    delay_ms: numberOf(form, 'delay_ms', { least: 0, isWhole: true }),
    probability: percent === undefined ? undefined : percent / 100,
    clock_skew_seconds: skew === 0 ? undefined : skew,
    clock_drifts_back: textOf(form, 'clock_drifts_back') === '' ? undefined : true,
    carry_out: textOf(form, 'carry_out') === '' ? undefined : true,
    error_code: signedNumberOf(form, 'error_code'),
    move_to: numberOf(form, 'move_to', { least: 1, isWhole: true }),
    omit_item: numberOf(form, 'omit_item', { least: 1, isWhole: true }),
    transport_error: signedNumberOf(form, 'transport_error'),
    ...faultOfChoice(textOf(form, 'drop')),
  };
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined) Object.assign(fault, { [name]: value });
  const effects = Object.keys(fault).filter((name) => !conditions.has(name));
  if (effects.length === 0) throw new FieldError('error', say('needsEffect'));
  return fault;
}

/** Undefined where the field is empty. Throws a FieldError. @param {HTMLFormElement} form @param {string} name */
function signedNumberOf(form, name) {
  const text = textOf(form, name).replace(',', '.').replace('−', '-');
  if (text === '') return undefined;
  if (!Number.isFinite(Number(text))) throw new FieldError(name, say('anyNumber'));
  return Number(text);
}

function peerField() {
  const made = textField('peer', say('peer'), {
    hint: say('peerHint'),
    isMono: true,
    isWhole: true,
    list: 'peers',
  });
  const chat = store.chats.get(store.current);
  if (!chat) return made;
  const input = made.querySelector('input');
  const here = button(
    'none',
    { label: say('thisChat'), class: 'push', 'data-peer': chat.chat_id },
    say('thisChat'),
  );
  made.append(make('div', { class: 'with-button' }, input, here));
  return made;
}

function connectionField() {
  const made = choiceField('drop', say('drop'), effectChoices());
  made.classList.add('whole');
  return made;
}

function presetButtons() {
  const buttons = presets.map((name) =>
    make('button', { type: 'button', class: 'preset', 'data-preset': name }, name),
  );
  return make('div', { class: 'presets' }, ...buttons);
}

/** Puts a preset, or the open chat, into its field. @param {HTMLFormElement} form @param {Element} pressed */
function fillPreset(form, pressed) {
  for (const [attribute, name] of [
    ['data-preset', 'error'],
    ['data-peer', 'peer'],
  ]) {
    const value = pressed.closest(`[${attribute}]`)?.getAttribute(attribute ?? '');
    const field = form.elements.namedItem(name ?? '');
    if (value && field instanceof HTMLInputElement) field.value = value;
  }
}
