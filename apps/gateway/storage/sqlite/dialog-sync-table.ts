/** Where the walk over an account's dialogs stands, on disk, with the right to walk: one process at a time has it. */
import type { Database } from './database.ts';
import type { DialogCursor } from '../../model/account.ts';
import { syncFloorMs, syncHoldMs, type DialogSyncTable } from '../tables.ts';

interface WalkRow {
  cursor: string | null;
  pages: number;
  started_at: number | null;
  finished_at: number | null;
  requested_at: number | null;
  imported_at: number | null;
}

/** The walk of one account. */
export function createDialogSyncTable(db: Database, account: string): DialogSyncTable {
  db.prepare('INSERT INTO walks (account) VALUES (?) ON CONFLICT (account) DO NOTHING').run(account);
  const read = db.prepare('SELECT * FROM walks WHERE account = ?');
  const hold = db.prepare(
    `UPDATE walks SET holder = :holder, held_until = :until
     WHERE account = :account AND (held_until <= :now OR holder = :holder)`,
  );
  const release = db.prepare('UPDATE walks SET held_until = 0 WHERE account = :account AND holder = :holder');
  const save = db.prepare(
    `UPDATE walks SET cursor = :cursor, pages = :pages, started_at = :startedAt, finished_at = :finishedAt
     WHERE account = :account`,
  );
  const request = db.prepare('UPDATE walks SET requested_at = :now WHERE account = :account');
  const noteImport = db.prepare('UPDATE walks SET imported_at = :now WHERE account = :account');
  const overByNow = db.prepare(
    `UPDATE walks SET
       held_until = CASE WHEN held_until > :now + :holdMs THEN 0 ELSE held_until END,
       requested_at = CASE WHEN requested_at > :now AND requested_at <= finished_at THEN NULL
                           ELSE min(requested_at, :now) END,
       finished_at = CASE WHEN finished_at > :now THEN :now - :floorMs ELSE finished_at END,
       started_at = min(started_at, :now), imported_at = min(imported_at, :now)
     WHERE account = :account`,
  );
  return {
    judge: (now) => void overByNow.run({ account, now, holdMs: syncHoldMs, floorMs: syncFloorMs }),
    read: () => {
      const row = read.get(account) as unknown as WalkRow;
      return {
        cursor: row.cursor === null ? undefined : (JSON.parse(row.cursor) as DialogCursor),
        pages: row.pages,
        startedAt: row.started_at ?? undefined,
        finishedAt: row.finished_at ?? undefined,
        requestedAt: row.requested_at ?? undefined,
        importedAt: row.imported_at ?? undefined,
      };
    },
    hold: (holder, now, until) => hold.run({ account, holder, now, until }).changes === 1,
    release: (holder) => void release.run({ account, holder }),
    save: ({ cursor, pages, startedAt, finishedAt }) => {
      const json = cursor === undefined ? null : JSON.stringify(cursor);
      save.run({
        account,
        cursor: json,
        pages,
        startedAt: startedAt ?? null,
        finishedAt: finishedAt ?? null,
      });
    },
    request: (now) => void request.run({ account, now }),
    noteImport: (now) => void noteImport.run({ account, now }),
  };
}
