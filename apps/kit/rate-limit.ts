/** How many requests a second one caller may make: a bucket each, which holds one second's worth. */
import type { Clock } from './clock.ts';

export interface RateLimit {
  /** Counts a request of `caller`; 0 when it may go on, else the seconds to wait. */
  take(caller: string): number;
}

/** Callers that were quiet for longer are forgotten, once there are many. */
const manyCallers = 10_000;

/** A limit of `perSecond` for each caller; 0 is none. */
export function createRateLimit(perSecond: number, clock: Clock): RateLimit {
  const room = Math.max(1, perSecond);
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take: (caller) => {
      if (perSecond === 0) return 0;
      const now = clock.now();
      const bucket = buckets.get(caller) ?? { left: room, at: now };
      bucket.left = Math.min(room, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      buckets.delete(caller); // Set again, it stands last: the first of a full map was quiet longest.
      buckets.set(caller, bucket);
      if (buckets.size > manyCallers) buckets.delete(buckets.keys().next().value!);
      if (bucket.left < 1) return (1 - bucket.left) / perSecond;
      bucket.left -= 1;
      return 0;
    },
  };
}
