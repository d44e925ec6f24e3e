import { vi } from 'vitest';

/** Tries every 20 ms until nothing is thrown; after 20 s, for the machine may be busy, throws what was thrown last. */
export function untilPasses<T>(probe: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(probe, { timeout: 20_000, interval: 20 });
}
