/** Whether what was read from the database may be kept in memory. */
import type { Database } from './database.ts';

/** Tells, each time it is asked, whether another connection has written since it was asked before; true at first. */
export function createOtherWrites(db: Database): () => boolean {
  let seen: number | undefined;
  return () => {
    const now = db.otherWrites();
    const hasWritten = now !== seen;
    seen = now;
    return hasWritten;
  };
}
