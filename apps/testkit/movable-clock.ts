/** A clock that runs as the system's does, and that a test moves on or sets. */
import { sleepBy, systemClock, type Clock } from '../kit/clock.ts';

export interface MovableClock extends Clock {
  /** Lets time pass: sleepers whose time has come by then wake. */
  advance(ms: number): void;
  /** Shows another time, as a clock that somebody sets: sleepers sleep on. */
  set(byMs: number): void;
}

export function movableClock(): MovableClock {
  const sleepers = new Set<{ leftMs: number; startedAt: number; stop: () => void; callBack: () => void }>();
  let passedMs = 0;
  let setByMs = 0;
  const after: Clock['after'] = (ms, callBack) => {
    const wake = () => {
      sleepers.delete(sleeper);
      callBack();
    };
    const startedAt = systemClock.uptime();
    const sleeper = { leftMs: ms, startedAt, stop: systemClock.after(ms, wake), callBack: wake };
    sleepers.add(sleeper);
    return () => {
      sleeper.stop();
      sleepers.delete(sleeper);
    };
  };
  return {
    now: () => systemClock.now() + passedMs + setByMs,
    uptime: () => systemClock.uptime() + passedMs,
    after,
    sleep: sleepBy(after),
    set: (byMs) => void (setByMs += byMs),
    advance: (ms) => {
      passedMs += ms;
      const now = systemClock.uptime();
      for (const sleeper of [...sleepers]) {
        sleeper.leftMs -= ms + now - sleeper.startedAt;
        sleeper.startedAt = now;
        sleeper.stop();
        sleeper.stop = systemClock.after(sleeper.leftMs, sleeper.callBack);
      }
    },
  };
}
