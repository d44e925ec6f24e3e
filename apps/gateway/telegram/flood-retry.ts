/**
 * Patience in place: a call that may be made again is, after a wait that Telegram announced and after a failure of the
 * server or of the way to it, so that what led to it is kept.
 */
import type { Clock } from '../../kit/clock.ts';
import { GateClosed } from '../pacing/gates.ts';
import { isNotOffered, judge, OutcomeUnknown, TelegramError, Unreached } from '../model/telegram-error.ts';

/**
 * Makes a call until it succeeds or is refused. @throws Unreached when aborted meanwhile; what the call throws
 */
export type Patiently = <T>(call: () => Promise<T>) => Promise<T>;

export interface PatienceOptions {
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** How long all of the calls together may go without one success; a failure beyond that is thrown. */
  readonly longestMs: number;
}

/** Between the attempts of one call that failed without a wait. */
const pauseMs = { first: 250, longest: 16_000 };

/** For calls that together get one thing done: each that succeeds gives the others their time anew. */
export function createPatience({ clock, signal, longestMs }: PatienceOptions): Patiently {
  let lastSuccessAt = clock.now();
  return async (call) => {
    for (let failures = 0; ; failures++) {
      if (signal.aborted) throw new Unreached('given up');
      try {
        const value = await call();
        lastSuccessAt = clock.now();
        return value;
      } catch (error) {
        const now = clock.now();
        const at =
          openingAfter(error, now) ?? (isNobodysFault(error) ? now + pauseAfter(failures) : undefined);
        if (at === undefined || at > lastSuccessAt + longestMs) throw error;
        await clock.sleep(at - now, signal).catch((cause: unknown) => {
          throw new Unreached('given up while waiting for Telegram', { cause });
        });
      }
    }
  };
}

/** When the gate opens that a call met or closed; undefined for every other failure. */
function openingAfter(error: unknown, now: number): number | undefined {
  if (error instanceof GateClosed) return error.gate.until;
  const verdict = error instanceof TelegramError ? judge(error) : undefined;
  return verdict?.gate && now + verdict.gate.waitMs;
}

/** Whether a call failed by the server or the connection, and not by what it says. */
export function isNobodysFault(error: unknown): boolean {
  if (error instanceof TelegramError) {
    const { message, account } = judge(error);
    return message === 'unknown' && account === undefined && !isNotOffered(error);
  }
  return error instanceof Unreached || error instanceof OutcomeUnknown;
}

function pauseAfter(failures: number): number {
  return Math.min(pauseMs.first * 2 ** failures, pauseMs.longest);
}
