/** Bounded polling for tests: one way to wait for what a probe answers. Where an assertion ends the wait, use expect.poll. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is neither undefined nor false, and resolves with it; an error counts as "not yet". Pauses grow
 * from 20 to 200 ms. Rejects after `withinMs` with an error that names `what`, caused by the last error if there was one.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 25_000,
): Promise<Exclude<T, undefined | false>> {
  const startedAt = performance.now();
  for (;;) {
    let cause: unknown;
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    } catch (error) {
      cause = error;
    }
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`, { cause });
    await sleep(Math.min(200, Math.max(20, waitedMs / 20)));
  }
}
