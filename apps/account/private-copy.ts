/** A copy of an SQLite file with what stands beside it, so that the original is never opened by SQLite. */
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../kit/run.ts';

/** What SQLite has not put into the file yet; the shared memory of a WAL is made anew. */
const beside = ['-wal', '-journal'];

/** The file and those beside it that are there. */
export function withSiblings(file: string): string[] {
  return [file, ...beside.map((suffix) => file + suffix)].filter((each) => stampOf(each) !== undefined);
}

/**
 * Gives `read` a copy in a folder of its own under `folder`, for the owner only and gone afterwards.
 * @throws StartError when the original changes meanwhile
 */
export function withCopy<T>(file: string, folder: string, read: (copy: string) => T): T {
  const own = mkdtempSync(join(folder, 'import-'));
  try {
    const before = stampsOf(file);
    const copy = join(own, 'copy');
    for (const each of withSiblings(file)) {
      const target = copy + each.slice(file.length);
      copyFileSync(each, target);
      chmodSync(target, 0o600); // Of an original that is read-only SQLite could not put the copy in order.
    }
    if (stampsOf(file) !== before) {
      throw new StartError(
        'the session file changed while it was copied: first stop the program that writes to it',
      );
    }
    return read(copy);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function stampsOf(file: string): string {
  return withSiblings(file).map(stampOf).join();
}

function stampOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
