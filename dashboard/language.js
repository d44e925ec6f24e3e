/** The language of the page: the reader's choice, else the browser's, else English. */
import { enDiagnostics } from './words/en-diagnostics.js';
import { enPanels } from './words/en-panels.js';
import { enTerms } from './words/en-terms.js';
import { enTold } from './words/en-told.js';
import { en as enPage } from './words/en.js';
import { ruDiagnostics } from './words/ru-diagnostics.js';
import { ruPanels } from './words/ru-panels.js';
import { ruTerms } from './words/ru-terms.js';
import { ruTold } from './words/ru-told.js';
import { ru as ruPage } from './words/ru.js';

const en = { ...enPage, ...enPanels, ...enTerms, ...enDiagnostics, ...enTold };
/** @type {typeof en} */
const ru = { ...ruPage, ...ruPanels, ...ruTerms, ...ruDiagnostics, ...ruTold };

/** @typedef {keyof typeof en} Word */
/** @typedef {'en' | 'ru'} Language */

const words = { en, ru };
const storageKey = 'vestnik.language';

/** @type {Language} */
let current = initial();

/** @returns {Language} */
export function language() {
  return current;
}

/**
 * Chooses a language and remembers it.
 * @param {Language} chosen
 */
export function chooseLanguage(chosen) {
  current = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
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
 * The words for a key that comes from outside; undefined where there are none.
 * @param {string} key
 * @returns {string | undefined}
 */
export function sayIfKnown(key) {
  return Object.hasOwn(en, key) ? say(/** @type {Word} */ (key)) : undefined;
}

/** @returns {Language} */
function initial() {
  let stored;
  try {
    stored = localStorage.getItem(storageKey);
  } catch {
    stored = null;
  }
  if (stored === 'en' || stored === 'ru') return stored;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('ru')) ? 'ru' : 'en';
}
