/** What went wrong, in the language of the page. */
import { ApiError } from './api.js';
import { say } from './language.js';

/** @typedef {import('./language.js').Word} Word */

/** What the fields of faults and limits take, by the last part of their path. @type {Map<string, () => string>} */
const takenByField = new Map([
  ['method', () => say('takesMethod')],
  ['methods', () => say('takesMethod')],
  ['error', () => say('takesError')],
  ['peer', () => say('takesId')],
  ['times', () => say('wholeNumber', { min: 1 })],
  ['probability', () => say('aPercent')],
  ['for_seconds', () => say('takesSeconds')],
  ['after_seconds', () => say('takesSeconds')],
  ['delay_ms', () => say('takesDelay')],
  ['clock_skew_seconds', () => say('anyNumber')],
  ['clock_drifts_back', () => say('takesSkewAndTime')],
  ['carry_out', () => say('takesErrorToo')],
  ['error_code', () => say('takesErrorToo')],
  ['omit_item', () => say('wholeNumber', { min: 1 })],
  ['move_to', () => say('takesDataCentre')],
  ['transport_error', () => say('takesTransportError')],
  ['per_second', () => say('aNumber')],
  ['per_seconds', () => say('aNumber')],
  ['burst', () => say('wholeNumber', { min: 1 })],
  ['count', () => say('wholeNumber', { min: 0 })],
  ['wait_seconds', () => say('wholeNumber', { min: 1 })],
]);

/** @type {Map<number, Word>} */
const byStatus = new Map([
  [400, 'problemValue'],
  [403, 'problemSite'],
  [404, 'problemGone'],
  [413, 'problemLarge'],
  [422, 'problemValue'],
]);

/** What failed, in a sentence; for a field what that takes. @param {unknown} error */
export function explainProblem(error) {
  if (error instanceof ApiError) {
    const taken = takenByField.get(fieldNameIn(error.field));
    return taken && error.status === 422 ? taken() : say(byStatus.get(error.status) ?? 'problemInside');
  }
  const isOfNetwork = error instanceof TypeError && /fetch|network|load failed/i.test(error.message);
  const isTooLate = error instanceof DOMException && ['TimeoutError', 'AbortError'].includes(error.name);
  return say(isOfNetwork || isTooLate ? 'unreachable' : 'problemPage');
}

/** The field of a form that a path such as `0.error` or `methods.messages.getDialogs.count` stands for. @param {string} [path] */
export function fieldNameIn(path = '') {
  const last = path.split('.').at(-1) ?? '';
  return takenByField.has(last) || !path.startsWith('methods.') ? last : 'methods';
}
