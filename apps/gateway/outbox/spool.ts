/** The bytes of messages that wait: one file each, on the disk before the message is accepted, gone when it is settled. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { open, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../kit/errors.ts';

export interface Spooled {
  /** Name within the spool. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Spool {
  /**
   * Writes a stream to a new file and syncs it.
   * @throws Problem storage_full; what else the stream fails with. No file is left behind.
   */
  write(source: Readable): Promise<Spooled>;
  /** Absolute path of a spooled file. */
  path(name: string): string;
  remove(name: string): Promise<void>;
  /** Removes every file that is not in `needed`: what a process that died left behind. How many there were. */
  sweep(needed: ReadonlySet<string>): Promise<number>;
}

/** A spool in `folder`, made for the owner only when missing. */
export function createSpool(folder: string): Spool {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(folder, name);
  const remove = (name: string) => rm(path(name), { force: true });
  return {
    path,
    remove,
    write: async (source) => {
      const name = randomUUID();
      const file = createWriteStream(path(name), { flags: 'wx', mode: 0o600, flush: true });
      try {
        await pipeline(source, file);
        await syncFolder(folder);
        return { name, sizeBytes: file.bytesWritten };
      } catch (error) {
        await remove(name);
        throw asProblem(error);
      }
    },
    sweep: async (needed) => {
      const left = (await readdir(folder)).filter((name) => !needed.has(name));
      await Promise.all(left.map((name) => unlink(path(name))));
      return left.length;
    },
  };
}

/** A new file's name is durable only once its folder is synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function asProblem(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new Problem('storage_full', 'no room to store the file: free disk space under DATA_DIR', {
    cause: error,
    retryAfter: 60,
  });
}
