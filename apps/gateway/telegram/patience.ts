/** Waiting in place: a call that meets a short wait is made again once its gate is open, so that what led to it is kept. */
import type { Clock } from '../../kit/clock.ts';
import { GateClosed } from '../pacing/gates.ts';
import { judge, TelegramError, Unreached } from '../model/telegram-error.ts';

/** Makes a call, again after every wait that it meets. @throws Unreached when aborted meanwhile; what the call throws */
export type Patiently = <T>(call: () => Promise<T>) => Promise<T>;

export interface PatienceOptions {
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** How long all of the calls together may go without one success; a wait beyond that is thrown. */
  readonly longestMs: number;
}

/** For calls that together get one thing done: each that succeeds gives the others their time anew. */
export function createPatience({ clock, signal, longestMs }: PatienceOptions): Patiently {
  let lastSuccessAt = clock.now();
  return async (call) => {
    for (;;) {
      try {
        const value = await call();
        lastSuccessAt = clock.now();
        return value;
      } catch (error) {
        const opensAt = openingAfter(error, clock.now());
        if (opensAt === undefined || opensAt > lastSuccessAt + longestMs) throw error;
        await clock.sleep(opensAt - clock.now(), signal).catch((cause: unknown) => {
          throw new Unreached('given up while Telegram asked to wait', { cause });
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
