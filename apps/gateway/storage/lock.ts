/** One process a gateway: two on one session is how Telegram comes to revoke it. */
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../kit/run.ts';
import { preparePrivateFile } from './data-dir.ts';

/** Another process holds it. */
export class LockHeld extends StartError {
  constructor(file: string, owner: string) {
    super(`another ${owner} is running on this DATA_DIR (${file} is held): stop it first`);
  }
}

/**
 * Holds `file` until the returned function is called or the process ends, however it ends: the lock is the
 * operating system's, on an empty database.
 * @throws LockHeld; StartError when it cannot be taken for another reason
 */
export function holdLock(file: string, owner: string): () => void {
  let db: DatabaseSync | undefined;
  try {
    preparePrivateFile(file);
    db = new DatabaseSync(file, { timeout: 0 });
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    const { message } = error as Error;
    if (/locked/.test(message)) throw new LockHeld(file, owner);
    throw new StartError(
      `the lock ${file} cannot be taken (${message}): it must be an empty file of this user`,
      { cause: error },
    );
  }
  return () => db.close();
}
