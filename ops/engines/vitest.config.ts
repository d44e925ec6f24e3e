/** The tests on real engines, by `npm run test:engines`: slow, as root, one file after another. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../', import.meta.url)),
    include: ['ops/**/*.engines.test.ts'],
    testTimeout: 120_000,
    // The first run makes the base images.
    hookTimeout: 600_000,
    // Each test by its title, for a skipped one has its reason there.
    reporters: ['verbose'],
    fileParallelism: false,
    pool: 'forks',
  },
});
