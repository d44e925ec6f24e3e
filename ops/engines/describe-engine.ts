/** A suite that needs something of the machine: what cannot have it says so, and fails where CI is set. */
import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { chromiumPath } from './dashboard-page.ts';

/** `whyNot` is why it cannot be had here; undefined when it can. */
export function describeEngine(title: string, whyNot: string | undefined, tests: () => void): void {
  if (whyNot && process.env.CI) throw new Error(`not to be skipped where CI is set: ${whyNot}`);
  describe.skipIf(whyNot)(whyNot ? `${title} (skipped: ${whyNot})` : title, tests);
}

/** For a suite that opens pages. */
export function whyNoChromium(): string | undefined {
  return existsSync(chromiumPath) ? undefined : `needs ${chromiumPath}, or another by CHROMIUM`;
}
