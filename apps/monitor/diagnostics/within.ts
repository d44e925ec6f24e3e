/** A limit on how long an outcome is waited for: what hangs is left behind, and is an outcome too. */
import type { Clock } from '../../kit/clock.ts';

/** What it was waited for did not come in time. */
export class TooLate extends Error {
  override name = 'TooLate';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`no answer in ${limitMs / 1000} s`);
    this.limitMs = limitMs;
  }
}

/** @throws TooLate; what `awaited` throws */
export async function within<T>(clock: Clock, limitMs: number, awaited: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const limit = clock.sleep(limitMs, settled.signal).then(
    () => Promise.reject(new TooLate(limitMs)),
    () => awaited,
  );
  return Promise.race([awaited, limit]).finally(() => settled.abort());
}

/** Each as soon as it is there, whatever its place. None of them may reject. */
export async function* asTheyEnd<T>(all: readonly Promise<T>[]): AsyncGenerator<T, void, undefined> {
  const pending = new Map(all.map((each, index) => [index, each.then((value) => ({ index, value }))]));
  while (pending.size > 0) {
    const { index, value } = await Promise.race(pending.values());
    pending.delete(index);
    yield value;
  }
}
