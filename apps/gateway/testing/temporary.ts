/** Folders that are gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Registers what closes something: vitest's `onTestFinished`, or `afterAll` for what several tests share. */
export type WhenDone = (close: () => void | Promise<void>) => void;

/** A new empty folder below `within`, removed with all it holds when the test is over. */
export function temporaryFolder(whenDone: WhenDone = onTestFinished, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, 'vestnik-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
