/** Group commit: all writes that come in one turn of the event loop share one transaction, and so one sync. */
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import { busyTimeoutMs, inTransaction, type Database } from './database.ts';

interface Write {
  readonly askedAt: number;
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * While another process holds the database: SQLite, which stops everything while it waits, waits for `tryMs` at a time,
 * and everybody else has their turn in between.
 */
const locked = { tryMs: 50, pauseMs: 50, longestMs: 5_000 };

export class GroupCommit {
  readonly #db: Database;
  readonly #clock: Clock;
  #waiting: Write[] = [];
  #isLocked = false;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Since when writes have waited for another process that holds the database. */
  get lockedSince(): number | undefined {
    return this.#isLocked ? this.#waiting[0]?.askedAt : undefined;
  }

  /**
   * Runs `work` in the next transaction; resolves once that is on the disk. What `work` throws is its own failure
   * and undoes what it wrote itself; the writes beside it stand.
   * @throws Problem storage_full when the disk has no room, storage_failed when the database is damaged, or locked for
   *   too long; nothing of the transaction is kept then
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ askedAt: this.#clock.now(), work, resolve, reject });
    });
  }

  #flush(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    this.#isLocked = false;
    const settle: (() => void)[] = [];
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${locked.tryMs}`);
      inTransaction(this.#db, () => {
        for (const write of writes) settle.push(this.#perform(write));
      });
    } catch (error) {
      // Nothing has been performed when another process keeps the transaction from beginning.
      if (codeOf(error) === sqliteBusy && settle.length === 0) return this.#tryAgain(writes, error);
      for (const { reject } of writes) reject(asProblem(error));
      return;
    } finally {
      if (this.#db.isOpen) this.#db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
    for (const tell of settle) tell();
  }

  #tryAgain(writes: readonly Write[], error: unknown): void {
    const tooLate = this.#clock.now() - locked.longestMs;
    this.#waiting = writes.filter(({ askedAt }) => askedAt > tooLate);
    this.#isLocked = true;
    if (this.#waiting.length > 0) void this.#clock.sleep(locked.pauseMs).then(() => this.#flush());
    for (const { askedAt, reject } of writes) if (askedAt <= tooLate) reject(asProblem(error));
  }

  #perform({ work, resolve, reject }: Write): () => void {
    this.#db.exec('SAVEPOINT one');
    try {
      const value = work() as never;
      this.#db.exec('RELEASE one');
      return () => resolve(value);
    } catch (error) {
      if (!this.#db.isTransaction) throw error; // SQLite itself gave the transaction up: the disk is full or failing.
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      return () => reject(asProblem(error));
    }
  }
}

const sqliteBusy = 5;
const sqliteFull = 13;
/** Busy, locked, read-only, failing input or output, damaged, cannot be opened, not a database. */
const sqliteFailing = new Set([sqliteBusy, 6, 8, 10, 11, 14, 26]);

function codeOf(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

function asProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (code === sqliteFull) {
    const detail = 'no room to store the message: free disk space under DATA_DIR';
    return new Problem('storage_full', detail, { cause: error, retryAfter: 60 });
  }
  if (!sqliteFailing.has(code)) return error;
  const detail = `the database under DATA_DIR cannot be written (${(error as Error).message}): nothing was accepted`;
  return new Problem('storage_failed', detail, { cause: error, retryAfter: 10 });
}
