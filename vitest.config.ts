import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['apps/**/*.test.ts', 'ops/**/*.test.ts'],
    exclude: ['**/*.engines.test.ts', 'node_modules/**'],
    // What a process has compiled, the next one need not.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The machine may be busy: what is polled for may take a while.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    // A machine that is shared may be late once; the report marks what needed the second try.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    // Most of what they do is to wait for processes and pages.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
