/**
 * The bytes of messages that wait: one file each, on the disk before the message is accepted, gone when it was sent.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../kit/errors.ts';
import { StartError } from '../../kit/run.ts';
import { makeFolder } from '../storage/data-dir.ts';
import { diskFull, type DiskRoom } from '../storage/disk-room.ts';
import { diskProblem } from '../storage/storage-trouble.ts';

export interface Spooled {
  /** Name within the spool. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Spool {
  /**
   * Writes a stream to a new file and syncs it.
   * @throws Problem storage_full, storage_failed; what the stream fails with. No file is left behind.
   */
  write(source: Readable): Promise<Spooled>;
  /** Absolute path of a spooled file. */
  path(name: string): string;
  has(name: string): boolean;
  /** Writes a file and removes it, to see whether that works. @throws what the system fails with */
  probe(): Promise<void>;
  remove(name: string): Promise<void>;
  /** Removes every file that is not in `needed`: what a process that died left behind. How many there were. */
  sweep(needed: ReadonlySet<string>): Promise<number>;
}

/** Makes the folder where it is missing. @throws StartError */
function sizesIn(folder: string): Map<string, number> {
  try {
    makeFolder(folder);
    return new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`the spool ${folder} cannot be used (${code}): it must be a folder of this user`, {
      cause: error,
    });
  }
}

/** A spool in `folder`, made for the owner only when missing, that takes `limitBytes` in all, and no more than `room`. */
export function createSpool(folder: string, limitBytes = Infinity, room?: DiskRoom): Spool {
  const path = (name: string) => join(folder, name);
  const sizes = sizesIn(folder);
  let used = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let probing: Promise<void> | undefined;
  const forget = (name: string) => {
    used -= sizes.get(name) ?? 0;
    sizes.delete(name);
  };
  const remove = async (name: string) => {
    try {
      await rm(path(name), { force: true });
    } finally {
      forget(name);
    }
  };
  /** Counts what passes as used by `name`, and lets nothing pass beyond the limit. */
  const counting = (name: string) =>
    new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        if (used + chunk.length > limitBytes) return done(spoolFull(limitBytes));
        if (room?.isFull()) return done(diskFull());
        used += chunk.length;
        sizes.set(name, (sizes.get(name) ?? 0) + chunk.length);
        done(null, chunk);
      },
    });
  return {
    path,
    remove,
    has: (name) => existsSync(path(name)),
    probe: () => (probing ??= probe(path('.probe')).finally(() => (probing = undefined))),
    write: async (source) => {
      const name = randomUUID();
      const file = createWriteStream(path(name), { flags: 'wx', mode: 0o600, flush: true });
      sizes.set(name, 0);
      // A source that fails takes the file with it; what the file fails of by itself is the disk's.
      let ofDisk: unknown;
      file.once('error', (error) => {
        if (!source.errored) ofDisk = error;
      });
      try {
        await pipeline(source, counting(name), file);
        await syncFolder(folder).catch((error: unknown) => {
          throw (ofDisk = error);
        });
        return { name, sizeBytes: file.bytesWritten };
      } catch (error) {
        await remove(name).catch(() => {}); // A disk that takes nothing does not give it up, either.
        throw error === ofDisk && !(error instanceof Problem) ? diskProblem(error) : error;
      }
    },
    sweep: async (needed) => {
      const left = [...sizes.keys()].filter((name) => !needed.has(name));
      await Promise.all(left.map(remove));
      return left.length;
    },
  };
}

async function probe(file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.write('1');
    await handle.datasync();
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
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

function spoolFull(limitBytes: number): Problem {
  const detail = `files of ${limitBytes} bytes wait already (SPOOL_LIMIT_MB): nothing was accepted, ask again later`;
  return new Problem('storage_full', detail, { retryAfter: 60 });
}
