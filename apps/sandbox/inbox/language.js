/** The language of the page: the reader's choice, else the browser's, else English. */
import { en } from './locales/en.js';
import { ru } from './locales/ru.js';

/** @typedef {keyof typeof en} Word */

const words = { en, ru };
const storageKey = 'vestnik.language';

/** @type {'en' | 'ru'} */
let current = initial();

/** @returns {'en' | 'ru'} */
export function language() {
  return current;
}

/** Changes to the other language and remembers it. */
export function switchLanguage() {
  current = current === 'en' ? 'ru' : 'en';
  try {
    localStorage.setItem(storageKey, current);
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
}

/**
 * The words for `key`, with `{name}` replaced by what `values` has for it.
 * @param {Word} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  return words[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/**
 * A count with the form of its word that fits; `key` names forms separated by `|`: one, few, many.
 * @param {Word} key
 * @param {number} count
 */
export function counted(key, count) {
  const forms = words[current][key].split('|');
  const rule = new Intl.PluralRules(current).select(count);
  const form = rule === 'one' ? forms[0] : rule === 'few' ? forms[1] : forms[2];
  return `${new Intl.NumberFormat(current).format(count)} ${form}`;
}

/** Puts the current language into every element that names its word, and what a word labels. */
export function translatePage() {
  document.documentElement.lang = current;
  for (const place of document.querySelectorAll('[data-word]')) {
    const key = /** @type {Word} */ (place.getAttribute('data-word'));
    if (place.textContent !== say(key)) place.textContent = say(key);
  }
  for (const place of document.querySelectorAll('[data-label]')) {
    const key = /** @type {Word} */ (place.getAttribute('data-label'));
    place.setAttribute('aria-label', say(key));
    place.setAttribute(place instanceof HTMLInputElement ? 'placeholder' : 'title', say(key));
  }
}

/** @returns {'en' | 'ru'} */
function initial() {
  let stored;
  try {
    stored = localStorage.getItem(storageKey);
  } catch {
    stored = null;
  }
  if (stored === 'en' || stored === 'ru') return stored;
  return navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}
