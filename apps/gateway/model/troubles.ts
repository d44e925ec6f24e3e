/**
 * What an open message has met. It is kept with the message, so that a restart begins no count anew. Times that add up are
 * counted from one asking to the next, and only so much between two: a wait, a stop and a clock that is set count for little.
 */
import type { Cause } from './reasons.ts';

export interface Troubles {
  /** Attempts that failed by what Telegram said to them, and not by the connection: each makes the next pause longer. */
  readonly failures: number;
  /** Why it waits; `since` in epoch milliseconds. */
  readonly reason?: Cause & { readonly since: number };
  /** The first of its texts, which are in the chat. */
  readonly sent?: readonly SentPart[];
  /** How long it has been asked whether it was sent. */
  readonly unanswered?: Span;
  /** How long the same error has been answered. */
  readonly lasting?: Span & { readonly name: string; readonly method: string };
}

interface SentPart {
  readonly messageIds: readonly (number | null)[];
  readonly date: number;
}

/** Of askings: when the last one ended, and how long they have gone on. */
export interface Span {
  readonly at: number;
  readonly ms: number;
}

export const noTroubles: Troubles = { failures: 0 };

/** After these the outcome stays unknown. */
export const longest = { unansweredMs: 24 * 60 * 60_000, lastingMs: 10 * 60_000 };

/** Askings are half a minute apart, and take a minute at most; an upload tries by itself for minutes. */
const mostBetweenMs = { askings: 2 * 60_000, uploads: 6 * 60_000 };

/** A span with one more asking in it, which ended `now`. */
export function longer(span: Span | undefined, now: number, kind: keyof typeof mostBetweenMs): Span {
  const passed = span ? Math.min(Math.max(0, now - span.at), mostBetweenMs[kind]) : 0;
  return { at: now, ms: (span?.ms ?? 0) + passed };
}

/** The reason for a cause, since it first held without another between. */
export function since({ reason }: Troubles, cause: Cause, now: number): Cause & { readonly since: number } {
  const isSame = reason?.code === cause.code && reason.values.name === cause.values.name;
  return { ...cause, since: isSame ? reason.since : now };
}
