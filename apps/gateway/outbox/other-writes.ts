/** Whether what was read from the database may be kept in memory. */
import type { Database } from './database.ts';

/**
 * Tells, each time it is asked, whether another connection has written since it was asked before; true at first. The
 * database is looked at once in a turn of the event loop.
 */
export function createOtherWrites(db: Database): () => boolean {
  const version = db.prepare('PRAGMA data_version');
  let seen: unknown;
  let isSeen = false;
  return () => {
    if (isSeen) return false;
    isSeen = true;
    setImmediate(() => (isSeen = false));
    const { data_version: now } = version.get() as { data_version: number };
    const hasWritten = now !== seen;
    seen = now;
    return hasWritten;
  };
}
