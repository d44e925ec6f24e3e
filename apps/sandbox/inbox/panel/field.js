/** Fields of the forms: a label, an input, and below it what is wrong with it. */
import { ApiError } from '../shared/api.js';
import { make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';
import { explainProblem, fieldNameIn } from '../shared/problem.js';

/** Fields of the forms that stand for fields of another name. */
const fields = new Map([
  ['methods', 'limited'],
  ['connection', 'drop'],
  ['forget_session', 'drop'],
  ['unknown_constructor', 'drop'],
]);

/** A value that a field does not take; shown at the field. */
export class FieldError extends Error {
  /** @param {string} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/**
 * @param {string} name the name of the control API
 * @param {string} label
 * @param {{hint?: string, isMono?: boolean, isWhole?: boolean, list?: string, isNumber?: boolean, value?: string}} [options]
 */
export function textField(name, label, { hint = '', isMono, isWhole, list, isNumber, value = '' } = {}) {
  const input = make('input', {
    name,
    value,
    placeholder: hint,
    autocomplete: 'off',
    spellcheck: 'false',
    list,
    inputmode: isNumber ? 'decimal' : 'text',
    'data-mono': isMono ? '' : undefined,
  });
  return make('label', { class: isWhole ? 'field whole' : 'field' }, make('span', {}, label), input);
}

/**
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options value and word
 */
export function choiceField(name, label, options) {
  const choices = options.map(([value, word]) => make('option', { value }, word));
  return make('label', { class: 'field' }, make('span', {}, label), make('select', { name }, ...choices));
}

/** The text of a field. @param {HTMLFormElement} form @param {string} name */
export function textOf(form, name) {
  const control = form.elements.namedItem(name);
  const isInput = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
  return isInput ? control.value.trim() : '';
}

/**
 * The number of a field, or undefined where it is empty. Throws a FieldError.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {{least?: number, isWhole?: boolean}} [bounds] without `least` it is above 0
 */
export function numberOf(form, name, { least, isWhole = false } = {}) {
  const text = textOf(form, name).replace(',', '.');
  if (text === '') return undefined;
  const value = Number(text);
  const isRight = Number.isFinite(value) && (least === undefined ? value > 0 : value >= least);
  if (isRight && (!isWhole || Number.isInteger(value))) return value;
  throw new FieldError(name, isWhole ? say('wholeNumber', { min: least ?? 1 }) : say('aNumber'));
}

/**
 * Runs what a form is for. A refusal, of the page or of the sandbox, is shown at its field and focused there.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} work
 */
export async function submit(form, work) {
  clearErrors(form);
  const send = form.querySelector('button:not([type=button])');
  if (send instanceof HTMLButtonElement) send.disabled = true;
  try {
    await work();
  } catch (error) {
    showError(form, error);
  } finally {
    if (send instanceof HTMLButtonElement) send.disabled = false;
  }
}

/** @param {HTMLFormElement} form @param {unknown} error */
function showError(form, error) {
  const words = error instanceof FieldError ? error.message : explainProblem(error);
  const path = error instanceof FieldError || error instanceof ApiError ? (error.field ?? '') : '';
  const name = fieldNameIn(path);
  const control = form.elements.namedItem(path) ?? form.elements.namedItem(fields.get(name) ?? name);
  if (!(control instanceof HTMLElement)) {
    form.append(make('p', { class: 'form-error', role: 'alert' }, words));
    return;
  }
  control.setAttribute('aria-invalid', 'true');
  control.closest('.field')?.append(make('em', { role: 'alert' }, words));
  control.focus();
}

/** @param {HTMLFormElement} form */
function clearErrors(form) {
  for (const old of form.querySelectorAll('em[role=alert], .form-error')) old.remove();
  for (const marked of form.querySelectorAll('[aria-invalid]')) marked.removeAttribute('aria-invalid');
}
