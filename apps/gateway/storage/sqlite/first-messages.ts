/** The budget of first messages to strangers in SQLite: one row for each stranger of the last day, of both gateways. */
import type { Strangers } from '../../pacing/strangers.ts';
import type { Database } from './database.ts';

const dayMs = 24 * 60 * 60_000;

/** `perDay` first messages a day, or any number for 0; they are counted all the same. */
export function createFirstMessages(
  db: Database,
  account: string,
  perDay: number,
  isStranger: (chat: string) => boolean,
): Strangers {
  const find = db.prepare('SELECT 1 FROM first_messages WHERE account = ? AND chat = ? AND at > ?');
  const count = db.prepare('SELECT count(*) AS used FROM first_messages WHERE account = ? AND at > ?');
  const nth = db.prepare(
    'SELECT at FROM first_messages WHERE account = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?',
  );
  const add = db.prepare(
    `INSERT INTO first_messages (account, chat, at) VALUES (:account, :chat, :now)
     ON CONFLICT (account, chat) DO UPDATE SET at = excluded.at`,
  );
  const purge = db.prepare('DELETE FROM first_messages WHERE account = ? AND at <= ?');
  /** A clock that was set back leaves messages in the future, which would be counted for longer than a day. */
  const sentByNow = db.prepare('UPDATE first_messages SET at = :now WHERE account = :account AND at > :now');

  const usedUpUntil = (now: number): number => {
    if (perDay === 0) return 0;
    const row = nth.get(account, now - dayMs, perDay - 1) as { at: number } | undefined;
    if (!row) return 0;
    if (row.at > now) sentByNow.run({ account, now });
    return Math.min(row.at, now) + dayMs;
  };
  const isCounted = (chat: string, now: number) => find.get(account, chat, now - dayMs) !== undefined;
  return {
    nextOf: (chat, now) => {
      if (perDay === 0 || !isStranger(chat) || isCounted(chat, now)) return 0;
      return usedUpUntil(now);
    },
    take: (chat, now) => {
      if (!isStranger(chat)) return true;
      if (isCounted(chat, now)) return true;
      if (usedUpUntil(now) > now) return false;
      purge.run(account, now - dayMs);
      add.run({ account, chat, now });
      return true;
    },
    usage: (now) => {
      const { used } = count.get(account, now - dayMs) as { used: number };
      const until = usedUpUntil(now);
      return { perDay, used, nextAt: until > now ? until : undefined };
    },
  };
}
