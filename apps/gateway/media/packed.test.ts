import { expect, it } from 'vitest';
import { isPackedItself } from './packed.ts';

it.each([
  ['gzip', 'backup.tar.gz', undefined, true],
  ['x-gzip', 'backup.tgz', 'application/x-tar', true],
  ['GZIP', 'drawing.svgz', 'image/svg+xml', true],
  ['gzip', 'table.csv.gz', 'text/csv', true],
  ['gzip', 'backup', 'application/gzip', true],
  ['gzip', 'backup', 'application/x-gzip', true],
  ['gzip', 'table.csv', 'text/csv', false],
  ['gzip', 'drawing.svg', 'image/svg+xml', false],
  ['gzip', 'archive.zst', 'application/zstd', false],
  ['br', 'page.html.br', undefined, true],
  ['zstd', 'backup.tar.zst', undefined, true],
  ['x-bzip2', 'backup.tar.bz2', undefined, true],
  ['compress', 'backup.tar.Z', undefined, true],
  ['constructor', 'backup.tar.gz', 'application/gzip', false],
  [undefined, 'backup.tar.gz', 'application/gzip', false],
])('%s of %s (%s): %s', (encoding, name, type, isItself) =>
  expect(isPackedItself(encoding, name, type)).toBe(isItself),
);
