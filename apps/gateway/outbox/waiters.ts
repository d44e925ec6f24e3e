/** Callers that wait for their message to be settled. */
import type { Clock } from '../../kit/clock.ts';
import type { StoredMessage } from './store.ts';

export interface Waiters {
  /**
   * The settled message; or the message as it is once it is known not to be sent within `ms`; or undefined when `ms`
   * passed, the signal was aborted, or too many wait already.
   */
  wait(id: string, ms: number, signal: AbortSignal): Promise<StoredMessage | undefined>;
  /** Tells those who wait for this message. */
  settled(message: StoredMessage): void;
  /** Tells those who would not wait until the message's `notBefore`. */
  held(message: StoredMessage): void;
  /** Lets everybody go on without an answer: the service stops. */
  stop(): void;
}

interface Waiting {
  readonly tell: (message: StoredMessage) => void;
  /** How long this caller waits. */
  readonly until: number;
}

/** At most `most` callers wait at a time. */
export function createWaiters(clock: Clock, most = Infinity): Waiters {
  let count = 0;
  const waiting = new Map<string, Set<Waiting>>();
  const stopped = new AbortController();
  return {
    stop: () => stopped.abort(),
    settled: (message) => {
      for (const { tell } of waiting.get(message.id) ?? []) tell(message);
    },
    held: (message) => {
      for (const { tell, until } of waiting.get(message.id) ?? [])
        if (message.notBefore > until) tell(message);
    },
    wait: async (id, ms, signal) => {
      if (count >= most) return undefined;
      count++;
      const settled = Promise.withResolvers<StoredMessage>();
      const over = new AbortController();
      const callers = waiting.get(id) ?? new Set<Waiting>();
      const caller = { tell: settled.resolve, until: clock.now() + ms };
      waiting.set(id, callers.add(caller));
      const timeout = clock.sleep(ms, AbortSignal.any([signal, over.signal, stopped.signal])).catch(() => {});
      try {
        return await Promise.race([settled.promise, timeout.then(() => undefined)]);
      } finally {
        count--;
        over.abort();
        callers.delete(caller);
        if (callers.size === 0) waiting.delete(id);
      }
    },
  };
}
