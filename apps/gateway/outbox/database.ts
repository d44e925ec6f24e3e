/** Opens the one SQLite database of a DATA_DIR, shared by both gateways, and brings its schema up to date. */
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../kit/run.ts';
import { preparePrivateFile } from './data-dir.ts';
import { migrations } from './migrations.ts';

export type Database = DatabaseSync;

/** How long a write beside the group commits waits for the other gateway's transaction. */
export const busyTimeoutMs = 5_000;

/**
 * Opens `file`, making it (for the owner only) when missing. Commits are synced to the disk before
 * they return: WAL with synchronous=FULL.
 * @throws StartError when the file cannot be opened, is damaged, or is of a newer version of this project
 */
export function openDatabase(file: string): Database {
  try {
    preparePrivateFile(file);
    const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(db);
    return db;
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`cannot use the database ${file}: ${(error as Error).message}; check DATA_DIR`);
  }
}

function migrate(db: Database): void {
  inTransaction(db, () => {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) {
      throw new StartError(
        `the database is of a newer version (schema ${version}, known ${migrations.length})`,
      );
    }
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** Runs `work` in one transaction that takes the write lock at once. What it throws rolls everything back. */
export function inTransaction<T>(db: Database, work: () => T): T {
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
