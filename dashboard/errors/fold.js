/** Folds lines that repeat into one with a count. Pure. */

/** @import { LogLine } from '../../apps/monitor/logs/log-line.ts' */

/**
 * @typedef {object} Fold
 * @property {LogLine} line the newest
 * @property {LogLine} first the oldest
 * @property {number} count
 */

/** What differs between repeats of one trouble: numbers of up to five digits, and ids. Ids of chats are longer. */
const varying = /[\da-f]{8}-[\da-f-]{27}|(?<![\d-])\d{1,5}(?!\d)/gi;
const compared = 300;

/** @type {WeakMap<LogLine, string>} */
const keys = new WeakMap();

/**
 * What two lines have in common that say the same of different times.
 * @param {LogLine} line
 * @returns {string}
 */
export function keyOf(line) {
  const kept = keys.get(line);
  if (kept !== undefined) return kept;
  const said = line.message.slice(0, compared).replace(varying, '#');
  const key = [line.service, line.level, line.class, line.chat ?? '', said].join('\0');
  keys.set(line, key);
  return key;
}

/**
 * Newest first. Of each service, lines in a row that say the same are one; it stands where its newest line stood.
 * @param {readonly LogLine[]} lines oldest first
 * @returns {Fold[]}
 */
export function foldLines(lines) {
  /** @type {Fold[]} */
  const folds = [];
  /** @type {Map<string, Fold>} */
  const lastOf = new Map();
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = /** @type {LogLine} */ (lines[index]);
    const last = lastOf.get(line.service);
    if (last && keyOf(last.line) === keyOf(line)) {
      last.first = line;
      last.count += 1;
      continue;
    }
    const fold = { line, first: line, count: 1 };
    folds.push(fold);
    lastOf.set(line.service, fold);
  }
  return folds;
}
