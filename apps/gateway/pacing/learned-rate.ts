/**
 * The rate an account may send at, learned from the waits Telegram announces: down at once on a wait, up slowly
 * without, and for a while not beyond what was too much.
 */

/** What the last wait taught. Times are milliseconds since the epoch, rates calls a second. */
export interface LearnedRate {
  /** The rate that was too much. */
  readonly ceiling: number;
  /** When that wait is over. */
  readonly since: number;
}

/** Right after a wait, as a part of what was too much. */
const afterWait = 0.7;
/** How near to what was too much it comes again at once; the rest is the margin that keeps the waits away. */
const nearCeiling = 0.98;
const recoverMs = 60_000;
/** What was too much an hour ago may not be any more. */
const rememberMs = 60 * 60_000;
/** A minute, once that is forgotten; on itself, so that many waits in a row are made up for as well. */
const growthPerMinute = 1.02;
/** Of the bound: waits in a row may be about anything, and each of them is a gate besides. */
const slowest = 0.05;

/** The rate at a time, at most `bound`. */
export function rateAt(learned: LearnedRate | undefined, bound: number, now: number): number {
  if (!learned) return bound;
  const { ceiling, since } = learned;
  const elapsed = Math.max(0, now - since);
  const recovered = afterWait + (nearCeiling - afterWait) * Math.min(1, elapsed / recoverMs);
  const grown = growthPerMinute ** (Math.max(0, elapsed - rememberMs) / 60_000);
  return Math.max(slowest * bound, Math.min(bound, ceiling * recovered * grown));
}

/** What a wait that ends at `until` teaches while sending at `rate`. */
export function learnedFrom(rate: number, until: number): LearnedRate {
  return { ceiling: rate, since: until };
}
