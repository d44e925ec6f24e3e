/** Who closes what a test opens: the test itself, or the suite whose tests share it. */

/** Registers a closer: vitest's `onTestFinished`, or the parameter that `shared` passes on. */
export type WhenDone = (close: () => void | Promise<void>) => void;

/**
 * For `beforeAll`: what `setUp` registers is closed after the tests of the suite, the last first. (Vitest ignores an
 * `afterAll` that is called within a hook.)
 */
export function shared(
  setUp: (whenDone: WhenDone) => void | Promise<void>,
): () => Promise<() => Promise<void>> {
  return async () => {
    await using closers = new AsyncDisposableStack();
    await setUp((close) => closers.defer(close));
    const opened = closers.move();
    return () => opened.disposeAsync();
  };
}
