/** When a callback that failed is tried again: with growing pauses, for a day. */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** After the first try, the second, and so on. */
const pausesMs = [
  ...[5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs],
  ...[1, 2, 4, 6, 8].map((hours) => hours * hourMs),
];
/** Of a pause, either way: what failed together is not tried again together. */
const jitter = 0.1;
/** A receiver may ask for a longer pause, up to this. */
const longestAskedMs = hourMs;

/** The longest pause after so many failed tries, one for each number of them. */
export const longestPausesMs: readonly number[] = [
  0,
  ...pausesMs.map((ms) => Math.max(ms * (1 + jitter), longestAskedMs)),
];

export interface Failed {
  /** How many tries have failed, this one among them. */
  readonly attempts: number;
  /** When the message was settled. */
  readonly settledAt: number;
  /** What the receiver asks for. */
  readonly retryAfterMs: number | undefined;
}

/**
 * When to try again, in epoch milliseconds; undefined to give it up, which takes a clock that is known to be right.
 * `random` is from 0 to 1.
 */
export function nextTryAt(
  { attempts, settledAt, retryAfterMs = 0 }: Failed,
  now: number,
  random: number,
  isTold = true,
): number | undefined {
  const pauseMs = pausesMs[attempts - 1];
  if (pauseMs === undefined) return undefined;
  const jittered = Math.round(pauseMs * (1 + jitter * (2 * random - 1)));
  const at = now + Math.max(jittered, Math.min(retryAfterMs, longestAskedMs));
  return !isTold || at <= settledAt + dayMs ? at : undefined;
}
