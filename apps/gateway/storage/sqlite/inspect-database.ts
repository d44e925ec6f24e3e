/** Looks into the database of a DATA_DIR and changes nothing in it. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StartError } from '../../../kit/run.ts';
import { databaseFile } from '../data-dir.ts';
import { refuseNewer } from './database.ts';
import { ownUserId, refuseOtherRealm, type Realm } from './data-owner.ts';
import { busyTimeoutMs } from './transaction.ts';

/**
 * How many messages wait.
 * @throws StartError where a gateway could not use it on `realm`; Error where it cannot be read
 */
export function inspectDatabase(file: string, realm: Realm | undefined): number {
  return reading(file, (db, schema) => {
    refuseNewer(schema);
    const [sound] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (sound !== 'ok') throw new StartError(`it is damaged (${String(sound)}): npm run restore -- BACKUP`);
    if (schema === 0) return 0;
    if (realm) refuseOtherRealm(db, realm);
    const count = `SELECT count(*) waiting FROM messages WHERE status IN ('queued', 'sending')`;
    return (db.prepare(count).get() as { waiting: number }).waiting;
  });
}

/** Id of the Telegram user that the data of `account` is of; undefined where that is not known. */
export function dataOwner(dataDir: string, account: string): string | undefined {
  try {
    return reading(databaseFile(dataDir), (db) => ownUserId(db, account));
  } catch {
    return undefined; // There is none yet, or it cannot be read, which its own check tells.
  }
}

function reading<T>(file: string, read: (db: DatabaseSync, schema: number) => T): T {
  const db = openToRead(file);
  try {
    const { user_version: schema } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    return read(db, schema);
  } finally {
    db.close();
  }
}

/** Without a log nobody has it open; then it is read as what nobody writes to, for which SQLite makes no files beside it. */
function openToRead(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: busyTimeoutMs });
}
