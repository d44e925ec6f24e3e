/** The language of the page. */
import { openLanguage } from '../../../ui/language.js';

/** @typedef {keyof typeof import('../locales/en.js').en} Word */

export const { language, chooseLanguage, say, counted, translate } = await openLanguage({
  en: async () => (await import('../locales/en.js')).en,
  ru: async () => (await import('../locales/ru.js')).ru,
});
