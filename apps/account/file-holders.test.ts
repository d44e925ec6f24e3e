import { linkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';
import { findHolders, lockersOf } from './file-holders.ts';

/** Lines as Linux writes them: a lock, one that waits for it, and one of another file. */
const recorded = `1: POSIX  ADVISORY  WRITE 4711 fe:01:131073 1073741824 1073742335
1: -> POSIX  ADVISORY  READ  4712 fe:01:131073 1073741824 1073741824
2: FLOCK  ADVISORY  WRITE 815 00:1a:131073 0 EOF
`;

it('the processes that lock a file are told by its device and its number', () => {
  const onDisk = { dev: 0xfe01n, ino: 131_073n };
  expect(lockersOf(recorded, [onDisk])).toEqual([4711, 4712]);
  expect(lockersOf(recorded, [{ dev: 0x1an, ino: 131_073n }])).toEqual([815]);
  expect(lockersOf(recorded, [{ dev: 0xfe01n, ino: 7n }])).toEqual([]);
});

it('the process that has a file open is told by its id and command, also under another name of the file', async () => {
  const file = join(temporaryFolder(), 'open');
  writeFileSync(file, 'x');
  linkSync(file, `${file}-too`);
  expect(findHolders([file]).holders).toEqual([]);
  const script = `require('node:fs').openSync(process.argv[1]); console.log('open'); setInterval(() => {}, 1e6)`;
  const child = startProcess('-e', { args: [script, `${file}-too`, '+79990000001'] });
  await child.says(/open/);
  const { holders } = findHolders([file]);
  expect(holders).toEqual([{ pid: child.pid, command: `${process.execPath} -e` }]);
  expect(statSync(file).size).toBe(1);
});

it('a file that is not there is open nowhere', () => {
  expect(findHolders([join(temporaryFolder(), 'gone')]).holders).toEqual([]);
});
