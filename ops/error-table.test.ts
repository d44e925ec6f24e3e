import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readmeFile, withErrorTable } from './error-table.ts';

it('the README names every class of error as the code does: node ops/error-table.ts', async () => {
  const readme = readFileSync(readmeFile, 'utf8');
  expect(await withErrorTable(readme)).toBe(readme);
});
