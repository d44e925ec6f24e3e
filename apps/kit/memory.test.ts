import { expect, it } from 'vitest';
import { releaseUnusedMemory } from './memory.ts';

it('gives back what is of no use any more', async () => {
  const useless = new WeakRef(Array.from({ length: 1_000_000 }, (_, index) => ({ index })));
  const before = process.memoryUsage().heapUsed;
  await releaseUnusedMemory();
  expect(useless.deref()).toBeUndefined();
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(20_000_000);
});
