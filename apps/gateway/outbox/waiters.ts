/** Callers that wait for their message to be settled. */
import type { Clock } from '../../kit/clock.ts';
import type { StoredMessage } from './store.ts';

export interface Waiters {
  /** The settled message, or undefined when `ms` passed, the signal was aborted, or too many wait already. */
  wait(id: string, ms: number, signal: AbortSignal): Promise<StoredMessage | undefined>;
  /** Tells those who wait for this message. */
  settled(message: StoredMessage): void;
  /** Lets everybody go on without an answer: the service stops. */
  stop(): void;
}

/** At most `most` callers wait at a time. */
export function createWaiters(clock: Clock, most = Infinity): Waiters {
  let count = 0;
  const waiting = new Map<string, Set<(message: StoredMessage) => void>>();
  const stopped = new AbortController();
  return {
    stop: () => stopped.abort(),
    settled: (message) => {
      for (const tell of waiting.get(message.id) ?? []) tell(message);
    },
    wait: async (id, ms, signal) => {
      if (count >= most) return undefined;
      count++;
      const settled = Promise.withResolvers<StoredMessage>();
      const over = new AbortController();
      const callers = waiting.get(id) ?? new Set();
      waiting.set(id, callers.add(settled.resolve));
      const timeout = clock.sleep(ms, AbortSignal.any([signal, over.signal, stopped.signal])).catch(() => {});
      try {
        return await Promise.race([settled.promise, timeout.then(() => undefined)]);
      } finally {
        count--;
        over.abort();
        callers.delete(settled.resolve);
        if (callers.size === 0) waiting.delete(id);
      }
    },
  };
}
