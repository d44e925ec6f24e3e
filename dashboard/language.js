/** The language of the page, with the words of what services say as `reason.` and their code. */
import { openLanguage } from '../apps/ui/language.js';

/** @typedef {typeof import('./locales/english.js').words} Words */
/** @typedef {keyof Words} Word */

/** @param {[{ words: Words }, { vocabulary: Record<string, string> }]} parts @returns {Words} */
const together = ([{ words }, { vocabulary }]) => ({ ...words, ...vocabulary });

export const { language, chooseLanguage, say, sayIfKnown, template, translate } = await openLanguage({
  en: () =>
    Promise.all([import('./locales/english.js'), import('../apps/kit/vocabulary/english.js')]).then(together),
  ru: () =>
    Promise.all([import('./locales/russian.js'), import('../apps/kit/vocabulary/russian.js')]).then(together),
});
