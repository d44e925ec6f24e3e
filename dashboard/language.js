/** The language of the page: the reader's choice, else the browser's, else English. */

/** @typedef {typeof import('./locales/english.js').words} Words */
/** @typedef {keyof Words} Word */
/** @typedef {'en' | 'ru'} Language */

/** Only what is read is fetched. */
const files = { en: () => import('./locales/english.js'), ru: () => import('./locales/russian.js') };
const storageKey = 'vestnik.language';

/** @type {Language} */
let current = initial();
/** @type {Words} */
let words = (await files[current]()).words;

/** @returns {Language} */
export function language() {
  return current;
}

/**
 * Chooses a language and remembers it; where its words cannot be had, all stays as it is.
 * @param {Language} chosen
 */
export async function chooseLanguage(chosen) {
  const file = await files[chosen]().catch(() => undefined);
  if (!file) return;
  words = file.words;
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
  return words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/**
 * The words for a key that comes from outside; undefined where there are none.
 * @param {string} key
 * @returns {string | undefined}
 */
export function sayIfKnown(key) {
  return Object.hasOwn(words, key) ? say(/** @type {Word} */ (key)) : undefined;
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
