/**
 * Group commit: all writes that come while the disk syncs share the next transaction, and so one sync, which another
 * thread waits for.
 */
import type { Clock } from '../../../kit/clock.ts';
import { Problem } from '../../../kit/errors.ts';
import { reason, type Reason } from '../../../kit/reason.ts';
import type { DatabaseSync } from 'node:sqlite';
import { asProblem, isBusy } from '../storage-trouble.ts';
import type { Written } from '../ledger.ts';
import { busyTimeoutMs, inTransaction } from './transaction.ts';

export interface WriteOptions {
  /** Whether it may be on the disk only a moment after it has outlived this process. */
  readonly canBeLate?: boolean;
}

interface Write {
  readonly askedAt: number;
  readonly work: () => unknown;
  readonly canBeLate: boolean;
  readonly committed: ((value: never) => void) | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** How a write ended, for whoever asked for it. */
interface Ended {
  readonly committed?: () => void;
  /** To be told only once it is on the disk. */
  readonly isAwaited: boolean;
  readonly tell: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * While another process holds the database: SQLite, which stops everything while it waits, waits for `tryMs` at a time,
 * and everybody else has their turn in between.
 */
const locked = { tryMs: 50, pauseMs: 50, longestMs: 5_000 };

/** How late what nobody waits for is synced. */
const latestSyncMs = 100;

/** A database that is synced apart from its commits. */
interface SyncedDatabase extends DatabaseSync {
  /** Whether a commit returns only once it is on the disk. */
  syncAtCommit(isAwaited: boolean): void;
  /** Resolves once all that is committed by now is on the disk. */
  sync(): Promise<void>;
}

export class GroupCommit {
  readonly #db: SyncedDatabase;
  readonly #clock: Clock;
  #waiting: Write[] = [];
  #isLocked = false;
  /** Whether the waiting writes have their turn without more being done: a flush comes, or a sync that one follows. */
  #isUnderWay = false;
  #isSynced = true;
  #isSyncDue = false;
  #syncFailed: Problem | undefined;

  constructor(db: SyncedDatabase, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Since when writes have waited for another process that holds the database. */
  get lockedSince(): number | undefined {
    return this.#isLocked ? this.#waiting[0]?.askedAt : undefined;
  }

  /** Why nothing is written any more, once the disk has failed. */
  get failure(): Reason | undefined {
    return this.#syncFailed?.reason;
  }

  /**
   * Runs `work` in the next transaction; resolves once that is on the disk, or with `canBeLate` once it outlives this
   * process, to be on the disk a moment later. What `work` throws is its own failure and undoes what it wrote itself;
   * the writes beside it stand.
   * @throws Problem storage_full when the disk has no room, storage_failed when the database is damaged, or locked for
   *   too long; nothing of the transaction is kept then. Storage_failed too when the disk failed in the end: then it may
   *   be kept, and nothing is written any more.
   */
  write<T>(work: () => T, { canBeLate = false }: WriteOptions = {}): Promise<T> {
    return this.#write(work, canBeLate);
  }

  /** As `write`, for whoever goes on while the disk syncs. */
  writeAhead<T>(work: () => T): Written<T> {
    const { promise: committed, resolve, reject } = Promise.withResolvers<T>();
    committed.catch(() => {}); // Whoever waits for the disk alone is told as well.
    const durable = this.#write(work, false, resolve);
    durable.catch(reject);
    return { committed, durable };
  }

  #write<T>(work: () => T, canBeLate: boolean, committed?: (value: T) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ askedAt: this.#clock.now(), work, canBeLate, committed, resolve, reject });
      if (!this.#isUnderWay) this.#flushSoon();
    });
  }

  #flushSoon(): void {
    this.#isUnderWay = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    this.#isUnderWay = false;
    this.#isLocked = false;
    const ended: Ended[] = [];
    try {
      if (this.#syncFailed) throw this.#syncFailed;
      this.#db.exec(`PRAGMA busy_timeout = ${locked.tryMs}`);
      this.#db.syncAtCommit(false);
      inTransaction(this.#db, () => {
        for (const write of writes) ended.push(this.#perform(write));
      });
    } catch (error) {
      // Nothing has been performed when another process keeps the transaction from beginning.
      if (isBusy(error) && ended.length === 0) return this.#tryAgain(writes, error);
      for (const { reject } of writes) reject(asProblem(error));
      return;
    } finally {
      if (this.#db.isOpen) {
        this.#db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
        this.#db.syncAtCommit(true);
      }
    }
    this.#isSynced = false;
    const awaited = ended.filter(({ isAwaited }) => isAwaited);
    if (awaited.length > 0) void this.#sync(awaited);
    else this.#syncLater();
    for (const { isAwaited, tell, committed } of ended) {
      committed?.();
      if (!isAwaited) tell();
    }
  }

  #tryAgain(writes: readonly Write[], error: unknown): void {
    const tooLate = this.#clock.now() - locked.longestMs;
    this.#waiting = writes.filter(({ askedAt }) => askedAt > tooLate);
    this.#isLocked = true;
    this.#isUnderWay = this.#waiting.length > 0;
    if (this.#isUnderWay) void this.#clock.sleep(locked.pauseMs).then(() => this.#flush());
    for (const { askedAt, reject } of writes) if (askedAt <= tooLate) reject(asProblem(error));
  }

  #perform({ work, canBeLate, committed, resolve, reject }: Write): Ended {
    this.#db.exec('SAVEPOINT one');
    try {
      const value = work() as never;
      this.#db.exec('RELEASE one');
      const tell = () => resolve(value);
      return { isAwaited: !canBeLate, tell, reject, committed: () => committed?.(value) };
    } catch (error) {
      if (!this.#db.isTransaction) throw error; // SQLite itself gave the transaction up: the disk is full or failing.
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      return { isAwaited: false, tell: () => reject(asProblem(error)), reject };
    }
  }

  async #sync(awaited: readonly Ended[]): Promise<void> {
    this.#isUnderWay = true;
    this.#isSynced = true;
    try {
      await this.#db.sync();
      for (const { tell } of awaited) tell();
    } catch (error) {
      // What the disk has kept of it is not known, and a second sync would not tell.
      this.#syncFailed = syncFailed(error);
      if (this.#db.isOpen) this.#db.exec('PRAGMA query_only = ON'); // For what is written beside the groups, too.
      for (const { reject } of awaited) reject(this.#syncFailed);
    }
    this.#isUnderWay = false;
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  #syncLater(): void {
    if (this.#isSyncDue) return;
    this.#isSyncDue = true;
    void this.#clock.sleep(latestSyncMs).then(() => {
      this.#isSyncDue = false;
      if (!this.#isSynced && !this.#isUnderWay && this.#db.isOpen) void this.#sync([]);
    });
  }
}

function syncFailed(cause: unknown): Problem {
  const detail = reason('disk_failed', { error: (cause as Error).message });
  return new Problem('storage_failed', detail, { cause, retryAfter: 60 });
}
