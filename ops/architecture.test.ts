import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const named = /`((?:apps|dashboard|ops|ui|\.github)(?:\/[\w./-]+)?)`|\]\((?!https?:|#)([^)#]+)\)/g;

it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'README.md'])(
  'every path that %s names exists',
  (file) => {
    const paths = [...readFileSync(join(root, file), 'utf8').matchAll(named)].map(
      ([, path, link]) => path ?? link!,
    );
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);
