import { setImmediate } from 'node:timers/promises';

/** What takes longer to read than other requests should wait. */
const longBytes = 64 * 1024;

let last: Promise<unknown> = Promise.resolve();

/** Resolves at once for a small body; a large one gets a turn of the event loop of its own, so that many hold nobody up. */
export async function ownTurn(bytes: number): Promise<void> {
  if (bytes <= longBytes) return;
  last = last.then(() => setImmediate());
  await last;
}
