/**
 * A clock that nobody can set: it begins with what the machine shows and goes on by the time that passes. A server that is
 * trusted for it puts it right.
 */
import type { Clock } from './clock.ts';

export interface SteadyClock extends Clock {
  /** Whether a server has told its time: before, a wrong clock of the machine cannot be known from a right one. */
  readonly isTold: boolean;
  /** A server says that it is `at` there, in milliseconds since the epoch. */
  tell(at: number): void;
  /** Calls back when the time was told first, and when it was put right since: by how many milliseconds it went on. */
  onTold(listener: (byMs: number) => void): void;
}

/** A message takes its time to come, and no two clocks agree: less than this is no difference. */
const toleranceMs = 3_000;

export function steadyClock(clock: Clock): SteadyClock {
  let offsetMs = clock.now() - clock.uptime();
  let isTold = false;
  const listeners: ((byMs: number) => void)[] = [];
  const now = () => Math.floor(offsetMs + clock.uptime());
  const differ = (one: number, other: number) => Math.abs(one - other) > toleranceMs;
  return {
    now,
    uptime: () => clock.uptime(),
    after: (ms, callBack) => clock.after(ms, callBack),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    get isTold() {
      return isTold;
    },
    tell: (at) => {
      // The time that a machine sleeps does not count as passed: then its own clock says the same as the server.
      const isBelieved = differ(at, now()) && (!isTold || !differ(at, clock.now()));
      if (isTold && !isBelieved) return;
      isTold = true;
      const byMs = isBelieved ? Math.round(at - now()) : 0;
      offsetMs += byMs;
      for (const listener of listeners) listener(byMs);
    },
    onTold: (listener) => void listeners.push(listener),
  };
}
