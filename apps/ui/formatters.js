/** Formatters of Intl: to make one takes longer than to draw a row, so each is made once. */

/** @typedef {Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat} Formatter */

/** @type {Map<string, Formatter>} */
const formatters = new Map();

/**
 * @template {Formatter} T
 * @template O
 * @param {new (language: string, options: O) => T} kind
 * @param {string} language
 * @param {O} options
 * @returns {T}
 */
export function formatterOf(kind, language, options) {
  const key = `${language} ${kind.name} ${JSON.stringify(options)}`;
  const made = formatters.get(key) ?? new kind(language, options);
  formatters.set(key, made);
  return /** @type {T} */ (made);
}
