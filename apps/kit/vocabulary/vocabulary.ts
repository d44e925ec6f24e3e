/**
 * Everything a service says that a page shows in another language: a code, and its words in English and Russian.
 * `{…}` is a value: `{x_s}` a duration, `{x_ms}` milliseconds, `{x_bytes}` a size, `{x_at}` a time; `{reason}` may be
 * another of these. `do` is what the operator can do about it.
 */
import { accountWords } from './account.ts';
import { failureWords, noteWords } from './failures.ts';
import { healthWords } from './health.ts';
import { monitoringWords } from './monitoring.ts';
import { waitingWords } from './waiting.ts';

export type Language = 'en' | 'ru';
type InBoth = Readonly<Record<Language, string>>;
export interface Entry extends InBoth {
  readonly do?: InBoth;
}

export const vocabulary = {
  /** Words of a service that is not ours. */
  verbatim: { en: '{text}', ru: '{text}' },
  ...accountWords,
  ...healthWords,
  ...waitingWords,
  ...failureWords,
  ...noteWords,
  ...monitoringWords,
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof vocabulary;

/** All words of a language for a page: of a code at `reason.code`, and what to do about it at `reason.code.do`. */
export function wordsIn(language: Language): Record<string, string> {
  const entries = Object.entries<Entry>(vocabulary).flatMap(([code, entry]) => [
    [`reason.${code}`, entry[language]],
    ...(entry.do ? [[`reason.${code}.do`, entry.do[language]]] : []),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
