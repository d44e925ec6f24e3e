/** Bounded polling, every 20 ms. */
import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';

/** What a probe answers when the wait is over. */
type Ready<T> = Exclude<T, undefined | false>;

/**
 * Asks until `isReady` accepts the answer, and resolves with it; without `isReady`, until the answer is neither undefined
 * nor false. Rejects after `withinMs` with an error that names `what` and the last answer, and at once when `ask` does.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  isReady: (answer: T) => boolean = (answer) => answer !== undefined && answer !== false,
  withinMs = 15_000,
): Promise<Ready<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isReady(answer)) return answer as Ready<T>;
    if (performance.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${what}; last answer: ${JSON.stringify(answer)}`);
    }
    await sleep(20);
  }
}

/** Calls until nothing is thrown, at most 20 s long because the machine may be busy; rejects with the last error. */
export function untilPasses<T>(probe: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(probe, { timeout: 20_000, interval: 20 });
}
