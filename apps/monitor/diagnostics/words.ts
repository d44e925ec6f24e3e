/** What diagnostics say to readers of the API: the page's own words, in English and without its local time. */
import { enDiagnostics } from '../../../dashboard/locales/en-diagnostics.js';
import { shown } from '../../kit/reason.ts';
import type { CauseId, FactId } from './causes.ts';
import type { CheckId, DetailId, Values } from './outcome.ts';

type Key =
  | `check.${CheckId}`
  | `detail.${DetailId}`
  | `fact.${FactId}`
  | `cause.${CauseId}`
  | `cause.${CauseId}.do`
  | `cause.${CauseId}.avoid`;

const words: Readonly<Record<Key, string>> = enDiagnostics;

/** The words for a key with its values in place, units and all. */
export function say(key: Key, values: Values = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (_, name: string) => shown(name, values[name] ?? '')).trim();
}
