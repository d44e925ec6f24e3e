/** Transactions of a connection. */
import type { DatabaseSync } from 'node:sqlite';

/** How long a write beside the group commits waits for the other gateway's transaction. */
export const busyTimeoutMs = 5_000;

/** Runs `work` in one transaction that takes the write lock at once. What it throws rolls everything back. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
