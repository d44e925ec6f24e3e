/**
 * A copy of DATA_DIR, made while the gateways go on: the database at one moment, the files its messages need, and the
 * sessions. And the way back. Whoever has a copy can send as the account.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../gateway/storage/data-dir.ts';
import { readSnapshot, takeSnapshot, type Snapshot } from '../gateway/storage/sqlite/snapshot.ts';

const databaseName = 'vestnik.db';
/** How often it begins anew where a message was sent, and its file removed, in between. */
const tries = 5;

export interface Backup extends Snapshot {
  readonly folder: string;
}

/** Makes a folder named by the time `nowMs` below `to`. @throws Error when DATA_DIR holds nothing, or cannot be copied */
export function backUp(dataDir: string, to: string, nowMs: number): Backup {
  if (!existsSync(join(dataDir, databaseName)))
    throw new Error(`${dataDir} holds no ${databaseName}: set DATA_DIR to the folder of the gateways`);
  const folder = join(to, `vestnik-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}`);
  if (existsSync(folder)) throw new Error(`${folder} exists already`);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  makeFolder(part);
  try {
    const snapshot = copyMoment(dataDir, part);
    copyFiles(join(dataDir, 'sessions'), join(part, 'sessions'));
    renameSync(part, folder);
    return { folder, ...snapshot };
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

/** Puts a backup into `dataDir`, which holds nothing yet. What it holds. @throws Error before anything is written */
export function restore(folder: string, dataDir: string): Snapshot {
  const database = join(folder, databaseName);
  if (!existsSync(database)) throw new Error(`${folder} is not a backup: it holds no ${databaseName}`);
  const snapshot = readSnapshot(database);
  const missing = snapshot.spooled.filter((name) => !existsSync(join(folder, 'spool', name)));
  if (missing.length > 0) throw new Error(`${missing.length} files of messages are missing in ${folder}`);
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0)
    throw new Error(
      `${dataDir} is not empty: stop the gateways and move it aside, because nothing is overwritten`,
    );
  makeFolder(dataDir);
  cpSync(folder, dataDir, { recursive: true });
  return snapshot;
}

/** Files are removed when their message was sent: those from before the snapshot and those from after it are all it needs. */
function copyMoment(dataDir: string, part: string): Snapshot {
  const [from, spool, database] = [join(dataDir, 'spool'), join(part, 'spool'), join(part, databaseName)];
  for (let left = tries; left > 0; left--) {
    copyFiles(from, spool);
    rmSync(database, { force: true });
    takeSnapshot(join(dataDir, databaseName), database);
    copyFiles(from, spool);
    const snapshot = readSnapshot(database);
    const needed = new Set(snapshot.spooled);
    for (const name of filesBelow(spool)) if (!needed.has(name)) rmSync(join(spool, name));
    if (snapshot.spooled.every((name) => existsSync(join(spool, name)))) return snapshot;
  }
  throw new Error(
    'files of messages disappeared during every try to copy them: do the gateways use another DATA_DIR?',
  );
}

/** For the owner only. A file that has grown since it was copied is copied again. */
function copyFiles(from: string, to: string): void {
  for (const name of filesBelow(from)) {
    const size = statSync(join(from, name), { throwIfNoEntry: false })?.size;
    if (size === undefined || size === statSync(join(to, name), { throwIfNoEntry: false })?.size) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true, mode: 0o700 });
    try {
      copyFileSync(join(from, name), join(to, name));
      chmodSync(join(to, name), 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}
