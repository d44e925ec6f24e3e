/**
 * Names and whose they are, with the budget for asking: lookups are guarded by waits of many hours, so they are few, and
 * counted on disk for both gateways. What answers show of names by themselves is written by seen-names.ts.
 */
import type { Database } from './database.ts';
import type { LookupBudget, NameTable } from '../tables.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Somebody may take a name that was free. */
const missingForMs = dayMs;

/** The names of one account. */
export function createNameTable(db: Database, account: string, budget: LookupBudget): NameTable {
  const find = db.prepare('SELECT chat_id, answered_at FROM names WHERE account = ? AND name = ?');
  const asked = db.prepare(
    'SELECT asked_at FROM names WHERE account = ? AND asked_at > ? ORDER BY asked_at DESC LIMIT 1 OFFSET ?',
  );
  const ask = db.prepare(
    `INSERT INTO names (account, name, asked_at) VALUES (:account, :name, :now)
     ON CONFLICT (account, name) DO UPDATE SET asked_at = excluded.asked_at`,
  );
  /** A clock that was set back leaves lookups in the future, which would block for as long. */
  const askedByNow = db.prepare(
    'UPDATE names SET asked_at = :now WHERE account = :account AND asked_at > :now',
  );
  const answer = db.prepare(
    'UPDATE names SET chat_id = :chatId, answered_at = :now WHERE account = :account AND name = :name',
  );
  const disown = db.prepare('UPDATE peers SET username = NULL WHERE account = ? AND username = ?');
  const forget = db.prepare(
    'UPDATE names SET chat_id = NULL, answered_at = NULL WHERE account = ? AND name = ?',
  );
  /** When the oldest of the last `limit` lookups of a window leaves it; in the past while there is room. */
  const fullUntil = (limit: number, windowMs: number, now: number): number => {
    if (limit === 0) return now + windowMs;
    const row = asked.get(account, now - windowMs, limit - 1) as { asked_at: number } | undefined;
    return row ? Math.min(row.asked_at, now) + windowMs : 0;
  };
  const nextLookupAt = (now: number) =>
    Math.max(fullUntil(budget.perMinute, minuteMs, now), fullUntil(budget.perDay, dayMs, now));
  return {
    nextLookupAt,
    find: (name, now) => {
      const row = find.get(account, name) as
        { chat_id: string | null; answered_at: number | null } | undefined;
      if (!row?.answered_at) return undefined;
      if (row.chat_id !== null) return { chatId: row.chat_id, seenAt: row.answered_at };
      return Math.abs(now - row.answered_at) < missingForMs ? 'missing' : undefined;
    },
    take: (name, now) => {
      askedByNow.run({ account, now });
      const until = nextLookupAt(now);
      if (until > now) return until;
      ask.run({ account, name, now });
      return 'taken';
    },
    remember: (name, chatId, now) => {
      answer.run({ account, name, chatId: chatId ?? null, now });
      if (chatId === undefined) disown.run(account, name.slice(1));
    },
    forget: (name) => void forget.run(account, name),
  };
}
