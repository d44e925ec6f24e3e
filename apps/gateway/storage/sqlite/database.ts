/** Opens the one SQLite database of a DATA_DIR, shared by both gateways, and brings its schema up to date. */
import { close, existsSync, fdatasync, fdatasyncSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { systemClock, type Clock } from '../../../kit/clock.ts';
import { memoizePerTick } from '../../../kit/memoize-per-tick.ts';
import { StartError } from '../../../kit/run.ts';
import { preparePrivateFile } from '../data-dir.ts';
import { GroupCommit } from './group-commit.ts';
import { migrations } from './migrations.ts';
import { restoreAdvice } from '../newest-backup.ts';
import { isDamage } from '../storage-trouble.ts';
import { busyTimeoutMs, inTransaction } from './transaction.ts';

/** How large the log becomes before it is carried over, in pages of 4 KB: pages that many messages change are so once. */
const checkpointPages = 2_000;

const syncFile = promisify(fdatasync);

/** In WAL mode: what was committed is on the disk once its log was synced. */
export class Database extends DatabaseSync {
  /** Of all who write here: once the disk has failed, none of them writes any more. */
  readonly commits: GroupCommit;
  readonly #isKept: boolean;
  /** Opened here again, for SQLite syncs it on the main thread only. */
  readonly #log: number;
  readonly #version: StatementSync;
  readonly #syncs = new Set<Promise<void>>();
  readonly #statements = new Map<string, StatementSync>();
  /** A number that is another one once another connection has written; looked at once in a turn of the event loop. */
  readonly otherWrites = memoizePerTick(() => this.#version.get()!.data_version as number);

  constructor(file: string, { isKept = true, clock = systemClock }: DatabaseOptions = {}) {
    super(file, { timeout: busyTimeoutMs });
    this.#isKept = isKept;
    this.commits = new GroupCommit(this, clock);
    try {
      this.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = ${checkpointPages}`);
      this.exec('PRAGMA foreign_keys = ON');
      this.syncAtCommit(true);
      this.#version = this.prepare('PRAGMA data_version');
      this.otherWrites(); // What reads makes the log.
      this.#log = openSync(`${file}-wal`, 'r+'); // Windows syncs only what can be written.
    } catch (error) {
      super.close();
      throw error;
    }
  }

  /** One statement for the same SQL: the accounts of a database share theirs. */
  override prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? super.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Whether a commit returns only once it is on the disk, as at first. */
  syncAtCommit(isAwaited: boolean): void {
    this.exec(`PRAGMA synchronous = ${this.#isKept ? (isAwaited ? 'FULL' : 'NORMAL') : 'OFF'}`);
  }

  /** Resolves once all that is committed by now is on the disk, and stops nobody meanwhile. */
  sync(): Promise<void> {
    if (!this.#isKept) return Promise.resolve();
    const syncing = syncFile(this.#log).finally(() => this.#syncs.delete(syncing));
    this.#syncs.add(syncing);
    return syncing;
  }

  override close(): void {
    try {
      if (this.#isKept) fdatasyncSync(this.#log);
    } finally {
      super.close();
      // A descriptor that is being synced must not become another file's.
      void Promise.allSettled(this.#syncs).then(() => close(this.#log));
    }
  }
}

export interface DatabaseOptions {
  /** False where only processes die, and no machine does: then nothing waits for the disk. */
  readonly isKept?: boolean;
  readonly clock?: Clock;
}

/**
 * Opens `file`, making it (for the owner only) when missing. Commits are synced to the disk before
 * they return: WAL with synchronous=FULL; group commits, which others wait for, have it synced beside.
 * @throws StartError when the file cannot be opened, is damaged, or is of a newer version of this project
 */
export function openDatabase(file: string, options?: DatabaseOptions): Database {
  let db: Database | undefined;
  try {
    refuseEmptied(file);
    preparePrivateFile(file);
    db = new Database(file, options);
    migrate(db);
    refuseDamaged(db, file);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof StartError ? error : unusable(file, error);
  }
}

/** @throws StartError for a file without a byte in a folder that has been used */
function refuseEmptied(file: string): void {
  const wasUsed = existsSync(join(dirname(file), 'spool')) || sizeOf(`${file}-wal`) > 0;
  if (wasUsed && sizeOf(file) === 0)
    throw new StartError(
      `the database ${file} is empty, and was not before: ${restoreAdvice(dirname(file))}`,
    );
}

/** Larger ones are not read through at each start: what is damaged there is told when it is met. */
const mostCheckedBytes = 64_000_000;

function refuseDamaged(db: Database, file: string): void {
  if (sizeOf(file) > mostCheckedBytes) return;
  const [sound] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
  if (sound !== 'ok') throw damaged(file, String(sound).replaceAll(/\s+/g, ' '));
}

/** -1 where there is no such file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
}

function damaged(file: string, why: string, cause?: unknown): StartError {
  const detail = `cannot use the database ${file}: ${why}; ${restoreAdvice(dirname(file))}`;
  return new StartError(detail, { cause });
}

/** What whoever starts a gateway is told where its database fails. */
function unusable(file: string, error: unknown): StartError {
  const { message } = error as Error;
  if (isDamage(error)) return damaged(file, message, error);
  return new StartError(`cannot use the database ${file}: ${message}; check DATA_DIR`, { cause: error });
}

/** Makes a failure of SQLite, while what stands in `file` is opened, one that is told in a line. @throws StartError; what `work` throws */
export async function opening<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR' ? unusable(file, error) : error;
  }
}

function migrate(db: Database): void {
  inTransaction(db, () => {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    refuseNewer(version);
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** @throws StartError when a newer version of this project has been here: its schema may mean what this one would damage */
export function refuseNewer(version: number): void {
  const known = migrations.length;
  if (version <= known) return;
  throw new StartError(
    `the database was made by a newer version of Vestnik (schema ${version}, this version knows ${known}): ` +
      'install that version again, or move DATA_DIR aside and restore a backup made before the upgrade ' +
      '(npm run restore -- BACKUP)',
  );
}
