/** One process a gateway: two on one session is how Telegram comes to revoke it. */
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../kit/run.ts';
import { preparePrivateFile } from './data-dir.ts';

/**
 * Holds `file` until the returned function is called or the process ends, however it ends: the lock is the
 * operating system's, on an empty database.
 * @throws StartError when another process holds it
 */
export function holdLock(file: string, owner: string): () => void {
  preparePrivateFile(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!/locked/.test((error as Error).message)) throw error;
    throw new StartError(`another ${owner} is running on this DATA_DIR (${file} is held): stop it first`);
  }
  return () => db.close();
}
