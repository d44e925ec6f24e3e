/** What the disk under DATA_DIR, and the database on it, fail with: never the fault of a caller, who may ask again. */
import { Problem } from '../../kit/errors.ts';
import { reason, type Code, type Reason } from '../../kit/reason.ts';

const byCode = {
  EROFS: 'folder_read_only',
  ENOSPC: 'folder_full',
  EDQUOT: 'folder_quota',
  EIO: 'folder_broken',
  EACCES: 'folder_forbidden',
  EPERM: 'folder_forbidden',
  EMFILE: 'no_descriptors',
  ENFILE: 'no_descriptors',
  ENOENT: 'folder_gone',
  ENOTDIR: 'folder_gone',
  ENODEV: 'folder_gone',
  ENXIO: 'folder_gone',
  ESTALE: 'folder_gone',
} as const satisfies Record<string, Code>;
const full = new Set(['ENOSPC', 'EDQUOT']);

function isOfDisk(code: string): code is keyof typeof byCode {
  return Object.hasOwn(byCode, code);
}

/** As people know it. */
export const spoolFolder = 'DATA_DIR/spool';

/** Why nothing can be written, and what to do. */
export function cannotWrite(folder: string, { code = '', message }: NodeJS.ErrnoException): Reason {
  if (!isOfDisk(code)) return reason('folder_failed', { folder, error: message });
  return reason(byCode[code], { folder, error: code });
}

/** An error of the system with a file of the spool, for the caller. */
export function diskProblem(error: unknown): Problem {
  const isFull = full.has((error as NodeJS.ErrnoException).code ?? '');
  const detail = reason('not_accepted', { reason: cannotWrite(spoolFolder, error as NodeJS.ErrnoException) });
  const extras = { cause: error, retryAfter: isFull ? 60 : 10 };
  return new Problem(isFull ? 'storage_full' : 'storage_failed', detail, extras);
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

/** An error of the disk or of SQLite as callers see it; any other as it is. */
export function asProblem(error: unknown): unknown {
  const { code: systemCode = '', syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && isOfDisk(systemCode)) return diskProblem(error);
  const code = codeOf(error);
  if (code === sqliteFull) {
    return new Problem('storage_full', reason('no_room'), { cause: error, retryAfter: 60 });
  }
  if (!sqliteFailing.has(code)) return error;
  const detail = reason('database_broken', { error: (error as Error).message });
  return new Problem('storage_failed', detail, { cause: error, retryAfter: 10 });
}

/** Damaged, or no database at all. */
export function isDamage(error: unknown): boolean {
  return [11, 26].includes(codeOf(error));
}

/** The disk is there, and the settings are wrong. */
const lasting = new Set(['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR']);
/** Read-only, failing input or output, full, cannot be opened. */
const sqlitePassing = new Set([8, 10, sqliteFull, 14]);

/** The error of the disk that `error` came from, where that may pass without anybody touching the settings. */
export function passingTrouble(error: unknown): Problem | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code = '' } = each as NodeJS.ErrnoException;
    const isPassing = (isOfDisk(code) && !lasting.has(code)) || sqlitePassing.has(codeOf(each));
    const problem = isPassing ? asProblem(each) : undefined;
    if (problem instanceof Problem) return problem;
  }
  return undefined;
}
