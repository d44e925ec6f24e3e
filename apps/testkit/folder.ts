/** Temporary folders that are removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WhenDone } from './when-done.ts';

/** A new empty folder in `within`, removed with its content when the test is over. */
export function temporaryFolder(whenDone: WhenDone = onTestFinished, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, 'vestnik-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
