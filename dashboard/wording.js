/**
 * Words with values of known units in them (`{x_s}` a duration, `{x_ms}`, `{x_bytes}`, `{x_at}` a time), and the
 * sentences that services and the monitor say in English, in the language of the page.
 */
import { formatBytes, formatCount, formatDuration, formatSecond, formatStamp } from './format.js';
import { say, sayIfKnown } from './language.js';
import { patterns } from './locales/told-patterns.js';

/** @import { Word } from './language.js' */
/** @typedef {Record<string, string | number>} Values */

/** In parts between semicolons. */
const longestSentence = 2;

/**
 * The words for a key that comes from outside with its values, for the page; for a document, which is read elsewhere
 * and later, times have date and zone.
 * @param {string} key
 * @param {Values} values
 * @param {'page' | 'document'} [place]
 * @returns {string | undefined} undefined where there are no words for it
 */
export function wordsFor(key, values, place = 'page') {
  if (sayIfKnown(key) === undefined) return undefined;
  const entries = Object.entries(values).map(([name, value]) => [name, shown(name, value, place)]);
  return say(/** @type {Word} */ (key), Object.fromEntries(entries));
}

/**
 * @param {string} name
 * @param {string | number} value
 * @param {'page' | 'document'} place
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
  if (name === 'scope') return scopeWords(value);
  return name === 'reason' ? told(value) : value;
}

/** What a gate of Telegram is closed for. @param {string} scope */
export function scopeWords(scope) {
  if (scope === 'strangers') return say('scope.strangers');
  if (scope.startsWith('chat:')) return say('scope.chat', { chat: scope.slice('chat:'.length) });
  return scope.replace(/^method:/, '');
}

/**
 * What was told in English in one sentence, or in several between semicolons; what is not known stays as it is.
 * @param {string} text
 * @returns {string}
 */
export function told(text) {
  const parts = text.split('; ');
  const said = [];
  while (parts.length > 0) {
    const [words, taken] = beginningOf(parts);
    said.push(words);
    parts.splice(0, taken);
  }
  return said.join('; ');
}

/** The sentence that these parts begin with, which may have semicolons itself. @param {string[]} parts */
function beginningOf(parts) {
  for (let taken = 1; taken <= longestSentence; taken += 1) {
    const words = sayTold(parts.slice(0, taken).join('; '));
    if (words !== undefined) return /** @type {const} */ ([words, taken]);
  }
  return /** @type {const} */ ([parts[0] ?? '', 1]);
}

/** @param {string} sentence */
function sayTold(sentence) {
  for (const [word, pattern] of patterns) {
    const found = pattern.exec(sentence);
    if (found) return wordsFor(word, valuesOf(found.groups ?? {}))?.trim();
  }
  return undefined;
}

/** Amounts with a unit are numbers. @param {Record<string, string | undefined>} groups */
function valuesOf(groups) {
  const entries = Object.entries(groups).map(([name, value = '']) => [
    name,
    /_(?:s|ms|bytes)$|^(?:count|size|depth)$/.test(name) ? Number(value) : value,
  ]);
  return Object.fromEntries(entries);
}
