/** The language of a page, the same on all of them: the reader's choice, else the browser's, else English. */
import { setAttribute, setText } from './elements.js';

/** @typedef {'en' | 'ru'} Language */

const storageKey = 'vestnik.language';

/** Where `translate` puts words, by the attribute that names them. @type {Record<string, (element: Element, text: string) => void>} */
const places = {
  'data-word': setText,
  'data-word-label': (element, text) => setAttribute(element, 'aria-label', text),
  'data-word-placeholder': (element, text) => setAttribute(element, 'placeholder', text),
  'data-word-title': (element, text) => setAttribute(element, 'title', text),
};

/**
 * @template {Record<string, string>} Words
 * @param {Record<Language, () => Promise<Words>>} files only the language that is read is fetched
 */
export async function openLanguage(files) {
  let current = initial();
  let words = await files[current]();

  /** @returns {Language} */
  const language = () => current;

  /** Chooses a language and remembers it; where it cannot be fetched, all stays as it is. @param {Language} chosen */
  const chooseLanguage = async (chosen) => {
    const fetched = await files[chosen]().catch(() => undefined);
    if (!fetched) return;
    words = fetched;
    current = chosen;
    try {
      localStorage.setItem(storageKey, chosen);
    } catch {
      // Storage can be switched off; the choice then lasts as long as the page.
    }
  };

  /**
   * The words for `key`, with `{name}` replaced by what `values` has for it.
   * @param {keyof Words} key
   * @param {Record<string, string | number>} [values]
   * @returns {string}
   */
  const say = (key, values = {}) =>
    /** @type {string} */ (words[key]).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));

  /** The words for a key from outside; undefined where there are none. @param {string} key */
  const sayIfKnown = (key) => (Object.hasOwn(words, key) ? say(key) : undefined);

  /** The words for a key from outside with their places for values; undefined where there are none. @param {string} key */
  const template = (key) => (Object.hasOwn(words, key) ? words[key] : undefined);

  /**
   * A count with the form of its word that fits; `key` names forms separated by `|`: one, few, many.
   * @param {keyof Words} key
   * @param {number} count
   */
  const counted = (key, count) => {
    const forms = say(key).split('|');
    const rule = new Intl.PluralRules(current).select(count);
    const form = rule === 'one' ? forms[0] : rule === 'few' ? forms[1] : forms[2];
    return `${new Intl.NumberFormat(current).format(count)} ${form}`;
  };

  /** Puts words where `data-word` and its kin name them. @param {Element} element and all below it */
  const translate = (element) => {
    for (const [attribute, put] of Object.entries(places)) {
      for (const each of [element, ...element.querySelectorAll(`[${attribute}]`)]) {
        const word = each.getAttribute(attribute);
        if (word !== null) put(each, say(word));
      }
    }
  };

  return { language, chooseLanguage, say, sayIfKnown, template, counted, translate };
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
