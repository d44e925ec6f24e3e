/** What a fault can do beside an error or a delay: one choice of the form each. */
import { say } from '../shared/language.js';

/** @import { FaultFields } from '../../http/schemas.ts' */

/**
 * @typedef {import('../shared/language.js').Word} Word
 */

/** Field of the control API, its value, and the word for it. */
const effects = /** @type {const} */ ([
  ['drop', 'before', 'dropBefore'],
  ['drop', 'after', 'dropAfter'],
  ['forget_session', 'before', 'forgetBefore'],
  ['forget_session', 'after', 'forgetAfter'],
  ['forget_init', true, 'forgetInit'],
  ['unknown_constructor', 'push', 'unknownPush'],
  ['unknown_constructor', 'result', 'unknownResult'],
  ['connection', 'slow', 'connection_slow'],
  ['connection', 'silent', 'connection_silent'],
  ['connection', 'half_open', 'connection_half_open'],
  ['connection', 'refuse', 'connection_refuse'],
  ['connection', 'drain', 'connection_drain'],
]);

/** The choices of the form, with the one that does nothing. @returns {[string, string][]} */
export function effectChoices() {
  const choices = effects.map(
    ([field, value, word]) => /** @type {[string, string]} */ ([`${field} ${value}`, say(word)]),
  );
  return [['', say('dropNone')], ...choices];
}

/** The fields that a choice stands for. @param {string} choice @returns {FaultFields} */
export function faultOfChoice(choice) {
  const chosen = effects.find(([field, value]) => `${field} ${value}` === choice);
  return chosen ? { [chosen[0]]: chosen[1] } : {};
}

/** The words for what a fault does, in the order of the form. @param {FaultFields} fault @returns {string[]} */
export function effectWords(fault) {
  const { omit_item: item, transport_error: code, clock_skew_seconds: skew } = fault;
  const chosen = effects.filter(([field, value]) => fault[field] === value).map(([, , word]) => say(word));
  if (item !== undefined) chosen.push(say('itemOmitted', { item }));
  if (fault.move_to !== undefined) chosen.push(say('accountMoved', { dc: fault.move_to }));
  if (fault.lose_part) chosen.push(say('partLost'));
  if (fault.forget_random_ids) chosen.push(say('randomIdsForgotten'));
  if (code !== undefined) chosen.push(say('transportRefused', { code }));
  if (skew !== undefined) chosen.push(say('skewed', { seconds: skew }));
  if (fault.clock_drifts_back) chosen.push(say('driftsBack'));
  return chosen;
}
