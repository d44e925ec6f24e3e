/** Whether the disk of each DATA_DIR has room, and how long it takes to keep something for good. */
import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { reservedBytes } from '../../gateway/storage/disk-room.ts';
import { sentence } from '../../kit/reason.ts';
import { cannotWrite } from '../../gateway/storage/storage-trouble.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { Setup } from '../setup.ts';
import { dataDirs, nearest } from './files.ts';

const syncs = 9;
/** No more syncs begin after so long. */
const patienceMs = 5_000;
/** Every text waits for one before it is answered. */
const slowMs = 100;
const megabyte = 1_000_000;

export async function checkDisk(setup: Setup): Promise<readonly Finding[]> {
  const folders = [...new Set(dataDirs(setup).map(nearest))];
  const largest = Math.max(0, ...setup.gateways.map(({ config }) => config.MAX_UPLOAD_MB)) * megabyte;
  const found = await Promise.all(folders.map((folder) => checkFolder(folder, largest)));
  return found.flat();
}

async function checkFolder(folder: string, largest: number): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  return [roomOf(folder, bavail * bsize, largest), await syncOf(folder)];
}

/** Judges the free bytes of a folder's disk; `largest` is the size of the largest file that is taken. */
export function roomOf(folder: string, free: number, largest: number): Finding {
  const check = 'room on the disk';
  const said = `${Math.floor(free / megabyte)} MB free under ${folder}`;
  if (free < reservedBytes)
    return fail(
      check,
      `${said}, and below ${reservedBytes / megabyte} MB messages are refused: free some space`,
    );
  if (free < reservedBytes + largest)
    return warn(
      check,
      `${said}, less than one file of MAX_UPLOAD_MB (${largest / megabyte}): free some space`,
    );
  return ok(check, said);
}

async function syncOf(folder: string): Promise<Finding> {
  const check = 'sync of the disk';
  const file = join(folder, `.check-setup-${randomUUID()}`);
  try {
    const ms = await medianSyncMs(file);
    const said = `${ms.toFixed(1)} ms under ${folder}`;
    return ms < slowMs
      ? ok(check, said)
      : warn(check, `${said}: every message waits that long before it is answered; use a faster disk`);
  } catch (error) {
    return fail(check, sentence(cannotWrite(folder, error as NodeJS.ErrnoException)));
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

async function medianSyncMs(file: string): Promise<number> {
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  await using handle = await open(file, 'wx', 0o600);
  const startedAt = performance.now();
  while (times.length < syncs && performance.now() - startedAt < patienceMs) {
    const before = performance.now();
    await handle.write(block);
    await handle.datasync();
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
