/** The language of the page. */
import { openLanguage } from '../apps/ui/language.js';

/** @typedef {keyof typeof import('./locales/english.js').words} Word */

export const { language, chooseLanguage, say, sayIfKnown, translate } = await openLanguage({
  en: async () => (await import('./locales/english.js')).words,
  ru: async () => (await import('./locales/russian.js')).words,
});
