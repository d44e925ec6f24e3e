/** A clock that stands still until a test moves it. */
import { sleepBy, type Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on; sleepers whose time has come wake in the order of their times. */
  advance(ms: number): Promise<void>;
  /** Shows another time, as a clock that somebody sets: no time passes, and sleepers sleep on. */
  set(byMs: number): void;
  /** How many sleep now. */
  sleepers(): number;
  /** When they will wake, in milliseconds since the epoch. */
  dueTimes(): number[];
}

/** A clock that shows `startMs` (milliseconds since the epoch). */
export function manualClock(startMs = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let now = startMs;
  /** What it shows beyond the time that passes. */
  let offsetMs = 0;
  const sleeping = new Set<{ at: number; wake: () => void }>();
  const after: Clock['after'] = (ms, callBack) => {
    const sleeper = {
      at: now + ms,
      wake: () => {
        sleeping.delete(sleeper);
        callBack();
      },
    };
    sleeping.add(sleeper);
    return () => void sleeping.delete(sleeper);
  };
  return {
    now: () => now + offsetMs,
    uptime: () => now - startMs,
    set: (byMs) => void (offsetMs += byMs),
    sleepers: () => sleeping.size,
    dueTimes: () => [...sleeping].map(({ at }) => at + offsetMs),
    after,
    sleep: sleepBy(after),
    advance: async (ms) => {
      await settle(); // What was just started may not sleep yet.
      const until = now + ms;
      for (;;) {
        const [next] = [...sleeping].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets everything run that waits for nothing but the event loop: promises, and group commits. */
export async function settle(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
