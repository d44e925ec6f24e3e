/** The folder everything is kept in, for its owner only. */
import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartError } from '../../kit/run.ts';

/** The database of a DATA_DIR. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'vestnik.db');
}

/** Makes `folder` when missing. @throws StartError when it cannot be made or written */
export function prepareDataDir(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`DATA_DIR ${folder} cannot be written (${code}): set it to a folder of this user`, {
      cause: error,
    });
  }
}

/** What is wrong with the mode of `folder`: others who may write there may put another database in place. */
export function openToOthers(folder: string): string | undefined {
  const mode = statSync(folder).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o022) === 0) return undefined;
  return `DATA_DIR ${folder} can be written by other users (mode ${mode.toString(8)}): chmod 700 it`;
}

/**
 * Makes `folder`, and what is missing above it, for its owner only. A power loss takes a new folder with all that is in
 * it, unless the folder around it was synced: each of them is.
 */
export function makeFolder(folder: string): void {
  const topmost = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (topmost === undefined) return;
  const end = dirname(resolve(topmost));
  for (let made = resolve(folder); made !== end; made = dirname(made)) syncFolder(dirname(made));
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes `file`, empty and for its owner only, when missing: SQLite would make it readable for everybody. */
export function preparePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}
