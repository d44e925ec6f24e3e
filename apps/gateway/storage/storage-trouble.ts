/** What the disk under DATA_DIR, and the database on it, fail with: never the fault of a caller, who may ask again. */
import { Problem } from '../../kit/errors.ts';

const words: Readonly<Record<string, string>> = {
  EROFS: 'is mounted read-only: dmesg says why; remount it',
  ENOSPC: 'is full: free some of it (df -h, df -i)',
  EDQUOT: 'has a quota, which is used up: free some of it, or raise the quota',
  EIO: 'fails (EIO): restore a backup to another one',
};
const forbidden = new Set(['EACCES', 'EPERM']);
const full = new Set(['ENOSPC', 'EDQUOT']);
const outOfDescriptors = new Set(['EMFILE', 'ENFILE']);
const gone = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ESTALE']);

/** Why nothing can be written, and what to do. */
export function cannotWrite(folder: string, { code = '', message }: NodeJS.ErrnoException): string {
  if (forbidden.has(code))
    return `${folder} cannot be written by this user: set DATA_DIR to a folder of this user`;
  if (outOfDescriptors.has(code))
    return `this process has no file descriptor left (${code}): raise its limit (LimitNOFILE, ulimit -n)`;
  if (gone.has(code)) return `${folder} is gone (${code}): mount its disk again, or restore a backup`;
  return words[code]
    ? `the disk of ${folder} ${words[code]}`
    : `nothing can be kept under ${folder}: ${message}`;
}

/** An error of the system with a file of the spool, for the caller. */
export function diskProblem(error: unknown): Problem {
  const isFull = full.has((error as NodeJS.ErrnoException).code ?? '');
  const detail = cannotWrite('the spool under DATA_DIR', error as NodeJS.ErrnoException);
  const extras = { cause: error, retryAfter: isFull ? 60 : 10 };
  return new Problem(isFull ? 'storage_full' : 'storage_failed', `${detail}; nothing was accepted`, extras);
}

const sqliteBusy = 5;
const sqliteFull = 13;
/** Busy, locked, read-only, failing input or output, damaged, cannot be opened, not a database. */
const sqliteFailing = new Set([sqliteBusy, 6, 8, 10, 11, 14, 26]);

function codeOf(error: unknown): number {
  return ((error as { errcode?: number } | undefined)?.errcode ?? 0) & 0xff;
}

/** Whether another process holds the database. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === sqliteBusy;
}

const systemCodes = new Set([...Object.keys(words), ...forbidden, ...outOfDescriptors, ...gone]);

/** An error of the disk or of SQLite as callers are told of it; any other as it is. */
export function asProblem(error: unknown): unknown {
  const { code: systemCode = '', syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && systemCodes.has(systemCode)) return diskProblem(error);
  const code = codeOf(error);
  if (code === sqliteFull) {
    const detail = 'no room to store the message: free disk space under DATA_DIR';
    return new Problem('storage_full', detail, { cause: error, retryAfter: 60 });
  }
  if (!sqliteFailing.has(code)) return error;
  const detail = `the database under DATA_DIR does not work (${(error as Error).message}): nothing was accepted`;
  return new Problem('storage_failed', detail, { cause: error, retryAfter: 10 });
}

/** Damaged, or no database at all. */
export function isDamage(error: unknown): boolean {
  return [11, 26].includes(codeOf(error));
}

/** A system that is short of something, or a disk that takes or gives nothing. */
const passing = new Set([...Object.keys(words), ...outOfDescriptors, 'ESTALE', 'ENODEV', 'ENXIO']);
/** Read-only, failing input or output, full, cannot be opened. */
const sqlitePassing = new Set([8, 10, sqliteFull, 14]);

/** The error of the disk that `error` came from, where that may pass without anybody touching the settings. */
export function passingTrouble(error: unknown): Problem | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const isPassing =
      passing.has((each as NodeJS.ErrnoException).code ?? '') || sqlitePassing.has(codeOf(each));
    const told = isPassing ? asProblem(each) : undefined;
    if (told instanceof Problem) return told;
  }
  return undefined;
}
