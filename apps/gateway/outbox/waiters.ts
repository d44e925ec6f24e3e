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
  readonly tell: (message: StoredMessage | undefined) => void;
  /** How long this caller waits. */
  readonly until: number;
}

/** Why a timeout is over; given, so that no error is made each time. */
const told = 'told';

/** At most `most` callers wait at a time. */
export function createWaiters(clock: Clock, most = Infinity): Waiters {
  let count = 0;
  const waiting = new Map<string, Set<Waiting>>();
  let isStopped = false;
  return {
    stop: () => {
      isStopped = true;
      for (const callers of waiting.values()) for (const { tell } of callers) tell(undefined);
    },
    settled: (message) => {
      for (const { tell } of waiting.get(message.id) ?? []) tell(message);
    },
    held: (message) => {
      for (const { tell, until } of waiting.get(message.id) ?? [])
        if (message.notBefore > until) tell(message);
    },
    wait: async (id, ms, signal) => {
      if (count >= most || isStopped || signal.aborted) return undefined;
      count++;
      const settled = Promise.withResolvers<StoredMessage | undefined>();
      const over = new AbortController();
      const leave = () => settled.resolve(undefined);
      signal.addEventListener('abort', leave, { once: true });
      const callers = waiting.get(id) ?? new Set<Waiting>();
      const caller = { tell: settled.resolve, until: clock.now() + ms };
      waiting.set(id, callers.add(caller));
      void clock.sleep(ms, over.signal).then(leave, () => {});
      try {
        return await settled.promise;
      } finally {
        count--;
        over.abort(told);
        signal.removeEventListener('abort', leave);
        callers.delete(caller);
        if (callers.size === 0) waiting.delete(id);
      }
    },
  };
}
