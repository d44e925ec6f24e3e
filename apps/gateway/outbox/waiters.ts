/** Callers that wait for their message to be settled. */
import type { Clock } from '../../kit/clock.ts';
import type { StoredMessage } from '../model/message.ts';

export interface Waiters {
  /** Waits for a message to be settled, up to `ms`; not at all where too many wait already. */
  wait(id: string, ms: number): Waiting;
  /** Tells those who wait for this message. */
  settled(message: StoredMessage): void;
  /** Tells those who would not wait until the message's `notBefore`. */
  held(message: StoredMessage): void;
  /** Lets everybody go on without an answer: the service stops. */
  stop(): void;
}

export interface Waiting {
  /**
   * The settled message; or the message as it is once it is known not to be sent in time; or undefined when nothing
   * came of it in time, or `leave` was called.
   */
  readonly message: Promise<StoredMessage | undefined>;
  readonly leave: () => void;
}

interface Caller {
  readonly tell: (message: StoredMessage | undefined) => void;
  /** How long this caller waits. */
  readonly until: number;
}

/** At most `most` callers wait at a time. */
export function createWaiters(clock: Clock, most = Infinity): Waiters {
  let count = 0;
  const waiting = new Map<string, Set<Caller>>();
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
    wait: (id, ms) => {
      if (count >= most || isStopped) return { message: Promise.resolve(undefined), leave: () => {} };
      const { promise, resolve } = Promise.withResolvers<StoredMessage | undefined>();
      const callers = waiting.get(id) ?? new Set<Caller>();
      const tell: Caller['tell'] = (message) => {
        if (!callers.delete(caller)) return;
        count--;
        if (callers.size === 0) waiting.delete(id);
        stopTimer();
        resolve(message);
      };
      const caller = { tell, until: clock.now() + ms };
      const leave = () => tell(undefined);
      const stopTimer = clock.after(ms, leave);
      count++;
      waiting.set(id, callers.add(caller));
      return { message: promise, leave };
    },
  };
}
