/** What diagnostics say to readers of the API: the page's own words, in English and without its local time. */
import { enDiagnostics } from '../../../dashboard/locales/en-diagnostics.js';
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

function shown(name: string, value: string | number): string {
  if (typeof value === 'string') return value;
  if (name.endsWith('_ms')) return `${value} ms`;
  if (name.endsWith('_s')) return duration(value);
  if (name.endsWith('_bytes')) return value < 1e9 ? `${Math.round(value / 1e6)} MB` : gigabytes(value);
  return String(value);
}

function gigabytes(bytes: number): string {
  return `${Math.round(bytes / 1e8) / 10} GB`;
}

/** The two largest units: `14 h 48 min`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
