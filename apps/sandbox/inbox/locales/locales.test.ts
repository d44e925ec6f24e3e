/** Locales: each error that the sandbox answers is explained, in both languages. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
/** Names that stand for more than one error. */
const others = /^(INTERDC_|FILE_PART_\d_MISSING)$/;

describe('the locales of the inbox', () => {
  it.each(['en', 'ru'])('explain each error that the sandbox answers (%s)', async (language) => {
    const file = join(import.meta.dirname, `${language}-errors.js`);
    const words = (await import(file)) as Record<string, Record<string, string>>;
    const explained = Object.keys(words[`${language}Errors`]!);
    expect(explained).toEqual(expect.arrayContaining(await errorNames()));
  });
});

async function errorNames(): Promise<string[]> {
  const names = new Set<string>();
  for await (const file of glob('{api/*,mtproto/*,control/limits,world/{scheduled,sign-ins,uploads}}.ts', {
    cwd: root,
    exclude: ['**/*.test.ts'],
  })) {
    const source = await readFile(join(root, file), 'utf8');
    for (const [, name] of source.matchAll(/'([A-Z][A-Z0-9]*_[A-Z0-9_]+)'/g)) names.add(name!);
  }
  return [...names].filter((name) => !others.test(name)).sort();
}
