/** What services say, in the language of the page: by code and values; without them, as they say it. */
import { formatBytes, formatCount, formatDuration, formatSecond, formatStamp } from './format.js';
import { say, sayIfKnown, template } from './language.js';

/** @import { SentReason, Values } from '../apps/kit/reason.ts' */
/** @typedef {'page' | 'document'} Place A document is read elsewhere and later: its times have date and zone. */

/**
 * The words for `text`, which is made of these reasons.
 * @param {string | null | undefined} text
 * @param {readonly SentReason[]} [causes]
 * @param {Place} [place]
 * @returns {string}
 */
export function inWords(text, causes = [], place = 'page') {
  const words = causes.map((cause) => wordsOf(cause, place));
  return words.length === 0 || words.includes(undefined) ? (text ?? '') : words.join('; ');
}

/**
 * What it says, and what to do about it.
 * @param {SentReason} reason
 * @param {Place} [place]
 * @returns {string | undefined} undefined where there are no words for it, or one of its values is missing
 */
export function wordsOf({ code, values, because }, place = 'page') {
  const words = [template(`reason.${code}`), template(`reason.${code}.do`)]
    .filter((each) => each !== undefined)
    .join(': ');
  const inside = because && wordsOf(because, place);
  const all = inside === undefined ? values : { ...values, reason: inside };
  const isWhole = [...words.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => all[name] !== undefined);
  return words !== '' && isWhole ? filled(words, all, place) : undefined;
}

/**
 * The words of the page for a key that comes from outside, with its values.
 * @param {string} key
 * @param {Values} values
 * @param {Place} [place]
 * @returns {string | undefined} undefined where there are no words for it
 */
export function wordsFor(key, values, place = 'page') {
  const words = template(key);
  return words === undefined ? undefined : filled(words, values, place);
}

/** @param {string} words @param {Values} values @param {Place} place */
function filled(words, values, place) {
  return words.replace(/\{(\w+)\}/g, (_, name) => shown(name, values[name] ?? '', place)).trim();
}

/**
 * A value by its name: `_s` is a duration, `_ms`, `_bytes`, `_at` a time.
 * @param {string} name
 * @param {string | number} value
 * @param {Place} place
 * @returns {string}
 */
function shown(name, value, place) {
  if (typeof value === 'number') {
    if (name.endsWith('_ms')) return say('ms', { value: formatCount(value) });
    if (name.endsWith('_s')) return formatDuration(value);
    return name.endsWith('_bytes') ? formatBytes(value) : formatCount(value);
  }
  if (name.endsWith('_at')) return place === 'page' ? formatSecond(value) : formatStamp(value);
  if (name === 'state') return sayIfKnown(`state.${value}`) ?? value;
  if (name === 'health') return sayIfKnown(`answer.${value}`) ?? value;
  return name === 'scope' ? scopeWords(value) : value;
}

/** What a gate of Telegram is closed for. @param {string} scope */
export function scopeWords(scope) {
  if (scope === 'strangers') return say('scope.strangers');
  if (scope.startsWith('chat:')) return say('scope.chat', { chat: scope.slice('chat:'.length) });
  return scope.replace(/^method:/, '');
}
