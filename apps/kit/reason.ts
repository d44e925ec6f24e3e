/** What a service says to people: a code of the vocabulary with its values. Words are made of both at the edge. */
import { vocabulary, type Code, type Entry } from './vocabulary/vocabulary.ts';

export type { Code };
export type Values = Readonly<Record<string, string | number>>;

/** A reason as it came from another service, whose vocabulary may be newer than this one. */
export interface SentReason {
  readonly code: string;
  readonly values: Values;
  /** What `values.reason` says, where that is one, too. */
  readonly because?: SentReason | undefined;
}

export interface Reason<C extends Code = Code> extends SentReason {
  readonly code: C;
}

/** A reason as an API answers it; `text` is English. */
export interface ToldReason extends SentReason {
  readonly text: string;
}

type NamesIn<Words> = Words extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type AdviceOf<E> = E extends { do: { en: infer Words } } ? Words : never;
type WordsOf<E extends { en: unknown }> = E['en'] | AdviceOf<E>;
type NamesOf<C extends Code> = C extends Code ? NamesIn<WordsOf<(typeof vocabulary)[C]>> : never;
type Given<C extends Code> = {
  readonly [Name in NamesOf<C>]: Name extends 'reason' ? string | Reason : string | number;
};

/** A reason with all values that its words have a place for; others may come with them. */
export function reason<C extends Code>(
  code: C,
  ...[given]: [NamesOf<C>] extends [never] ? [given?: Values] : [given: Given<C> & Record<string, unknown>]
): Reason<C> {
  const { reason: because, ...values } = (given ?? {}) as Record<string, string | number | Reason>;
  if (because === undefined) return { code, values: values as Values };
  if (typeof because !== 'object') return { code, values: { ...values, reason: because } };
  return { code, values: { ...values, reason: sentence(because) }, because };
}

/** What it says, and then what to do about it, in English. */
export function sentence({ code, values }: Reason): string {
  const advice = adviceOf({ code, values });
  const text = filled(vocabulary[code].en, values);
  return advice === undefined ? text : `${text}: ${advice}`;
}

/** What it says, in English. */
export function textOf({ code, values }: Reason): string {
  return filled(vocabulary[code].en, values);
}

/** What the operator can do about it, in English. */
export function adviceOf({ code, values }: Reason): string | undefined {
  const advice = (vocabulary[code] as Entry).do;
  return advice && filled(advice.en, values);
}

export function told(reason: Reason): ToldReason {
  return { ...reason, text: sentence(reason) };
}

/** The same, where this vocabulary has its code. */
export function knownReason(sent: SentReason | null): Reason | undefined {
  return sent && Object.hasOwn(vocabulary, sent.code) ? (sent as Reason) : undefined;
}

/** An error that may say by a reason what went wrong. */
export class ReasonError extends Error {
  readonly reason: Reason | undefined;

  constructor(why: string | Reason, options?: ErrorOptions) {
    super(typeof why === 'string' ? why : sentence(why), options);
    this.reason = typeof why === 'string' ? undefined : why;
  }
}

/** What an error says, in its own words where those are all it has. */
export function reasonOf(error: unknown): Reason {
  const { message, reason: own } = error as Error & { reason?: Reason };
  return own ?? reason('verbatim', { text: message });
}

function filled(words: string, values: Values): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => shown(name, values[name] ?? '')).trim();
}

/** A value in English, with its unit and in no time zone but UTC. */
export function shown(name: string, value: string | number): string {
  if (name === 'scope')
    return String(value)
      .replace(/^method:/, '')
      .replace(/^chat:/, 'chat ');
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
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
