/** A clock on which minutes pass in seconds. */
import { sleepBy, systemClock, type Clock } from '../clock.ts';

/** What waits, waits a part of its time: a fortieth, unless told otherwise. */
export function fastClock(factor = 40): Clock {
  const after: Clock['after'] = (ms, callBack) => systemClock.after(ms / factor, callBack);
  const startedAt = Date.now();
  const now = () => startedAt + (Date.now() - startedAt) * factor;
  return { now, uptime: () => now() - startedAt, after, sleep: sleepBy(after) };
}
