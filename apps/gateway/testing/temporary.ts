/** Folders that are gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Registers what closes something: vitest's `onTestFinished`, or what `shared` gives for what several tests share. */
export type WhenDone = (close: () => void | Promise<void>) => void;

/**
 * For `beforeAll`: what `setUp` registers is closed after the tests of the suite, the last first. (An `afterAll` that is
 * called within a hook vitest does not hear of.)
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

/** A new empty folder below `within`, removed with all it holds when the test is over. */
export function temporaryFolder(whenDone: WhenDone = onTestFinished, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, 'vestnik-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
