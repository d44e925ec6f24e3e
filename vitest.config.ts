import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { sortTests } from './apps/testkit/quick.ts';

const { quick, slow } = sortTests();
const cores = availableParallelism();

export default defineConfig({
  test: {
    // What one process has compiled, the next one need not.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    hookTimeout: 30_000,
    // The machine may be busy: what is polled for may take a while.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    // A machine that is shared may be late once; the report marks what needed the second try.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: quick,
          // One that takes longer is not quick: see apps/testkit/quick.ts.
          testTimeout: 10_000,
          // They share what is loaded: half of their time goes by with loading it.
          isolate: false,
          maxWorkers: cores,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          testTimeout: 30_000,
          // Most of what they do is to wait for processes and pages.
          maxWorkers: cores + 1,
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
});
