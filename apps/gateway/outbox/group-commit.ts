/** Group commit: all writes that come in one turn of the event loop share one transaction, and so one sync. */
import { Problem } from '../../kit/errors.ts';
import { inTransaction, type Database } from './database.ts';

interface Write {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #db: Database;
  #waiting: Write[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Runs `work` in the next transaction; resolves once that is on the disk. What `work` throws is its own failure
   * and undoes what it wrote itself; the writes beside it stand.
   * @throws Problem storage_full when the disk has no room, storage_failed when the database is locked or damaged;
   *   nothing of the transaction is kept then
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush());
      this.#waiting.push({ work, resolve, reject });
    });
  }

  /** Commits what waits now, without waiting for the turn to end. */
  flush(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      inTransaction(this.#db, () => {
        for (const write of writes) settle.push(this.#perform(write));
      });
    } catch (error) {
      for (const { reject } of writes) reject(asProblem(error));
      return;
    }
    for (const tell of settle) tell();
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

const sqliteFull = 13;
/** Busy, locked, read-only, failing input or output, damaged, cannot be opened, not a database. */
const sqliteFailing = new Set([5, 6, 8, 10, 11, 14, 26]);

function asProblem(error: unknown): unknown {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (code === sqliteFull) {
    const detail = 'no room to store the message: free disk space under DATA_DIR';
    return new Problem('storage_full', detail, { cause: error, retryAfter: 60 });
  }
  if (!sqliteFailing.has(code)) return error;
  const detail = `the database under DATA_DIR cannot be written (${(error as Error).message}): nothing was accepted`;
  return new Problem('storage_failed', detail, { cause: error, retryAfter: 10 });
}
