/** How many requests to send came, and when the last one did. */
import type { Clock } from '../../kit/clock.ts';

export interface RequestCounts {
  /** Counts an answered request by its HTTP status. */
  count(status: number): void;
  read(): { total: number; ok: number; failed: number; lastAt: number | undefined };
}

/** `lastAt` is when the last one came to the process before this one. */
export function createRequestCounts(clock: Clock, lastAt?: number): RequestCounts {
  let ok = 0;
  let failed = 0;
  return {
    count: (status) => {
      if (status < 400) ok++;
      else failed++;
      lastAt = clock.now();
    },
    read: () => ({ total: ok + failed, ok, failed, lastAt }),
  };
}
