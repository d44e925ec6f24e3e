/** Time as a dependency: what waits or stamps is given a clock, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that have passed since some moment: goes on evenly, whatever the clock is set to. */
  uptime(): number;
  /** False as long as it may be wrong: nothing is forgotten or given up by it. */
  readonly isTold?: boolean;
  /** Calls back after `ms` milliseconds; returns the way to stop that. */
  after(ms: number, callBack: () => void): () => void;
  /**
   * Resolves after `ms` milliseconds.
   * @throws the signal's reason when it is aborted first
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node's longest timer; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

const after: Clock['after'] = (ms, callBack) => {
  const timer = setTimeout(callBack, Math.min(Math.max(0, ms), longestTimerMs));
  return () => clearTimeout(timer);
};

export const systemClock: Clock = {
  now: () => Date.now(),
  uptime: () => performance.now(),
  after,
  sleep: sleepBy(after),
};

/** `Clock.sleep` by a clock's `after`. */
export function sleepBy(after: Clock['after']): Clock['sleep'] {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const aborted = () => {
        stop();
        reject(signal?.reason as Error);
      };
      const stop = after(ms, () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      signal?.addEventListener('abort', aborted, { once: true });
    });
}
