/**
 * Names that were looked up with Telegram, found or not, with the budget for it: lookups are guarded by waits of many
 * hours, so they are few, counted on disk for both gateways, and their answers remembered for long.
 */
import type { Database } from '../outbox/database.ts';
import type { Peer } from '../telegram/account.ts';

/** How many lookups an account may make. */
export interface LookupBudget {
  readonly perMinute: number;
  readonly perDay: number;
}

export type RememberedName = { readonly chatId: string } | 'missing' | undefined;

export interface NameTable {
  /** What is remembered of a name (`@name` or `+digits`): its chat, that there is none, or nothing. */
  find(name: string, now: number): RememberedName;
  /** Takes one lookup out of the budget, or answers from when on there is one again. */
  take(name: string, now: number): 'taken' | number;
  remember(name: string, chatId: string | undefined, now: number): void;
  /** Forgets the usernames of chats that are seen without them: somebody else may have them now. */
  forgetLost(seen: readonly Pick<Peer, 'chatId' | 'username' | 'usernames'>[]): void;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Somebody may take a name that was free; one that was found is kept until its owner is seen without it. */
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
  const answer = db.prepare(
    'UPDATE names SET chat_id = :chatId, answered_at = :now WHERE account = :account AND name = :name',
  );
  const owned = db.prepare(
    `SELECT name, chat_id FROM names
     WHERE account = ? AND chat_id IS NOT NULL AND answered_at IS NOT NULL AND name LIKE '@%'`,
  );
  // The row stays, because the budget counts it.
  const forget = db.prepare('UPDATE names SET answered_at = NULL WHERE account = ? AND name = ?');
  /** When the oldest of the last `limit` lookups of a window leaves it; undefined while there is room. */
  const fullUntil = (limit: number, windowMs: number, now: number): number | undefined => {
    if (limit === 0) return now + windowMs;
    const row = asked.get(account, now - windowMs, limit - 1) as { asked_at: number } | undefined;
    return row && row.asked_at + windowMs;
  };
  return {
    find: (name, now) => {
      const row = find.get(account, name) as
        { chat_id: string | null; answered_at: number | null } | undefined;
      if (!row?.answered_at) return undefined;
      if (row.chat_id !== null) return { chatId: row.chat_id };
      return now - row.answered_at < missingForMs ? 'missing' : undefined;
    },
    take: (name, now) => {
      const until = Math.max(
        fullUntil(budget.perMinute, minuteMs, now) ?? 0,
        fullUntil(budget.perDay, dayMs, now) ?? 0,
      );
      if (until > now) return until;
      ask.run({ account, name, now });
      return 'taken';
    },
    remember: (name, chatId, now) => void answer.run({ account, name, chatId: chatId ?? null, now }),
    forgetLost: (seen) => {
      const peerById = new Map(seen.map((peer) => [peer.chatId, peer]));
      for (const row of owned.all(account)) {
        const { name, chat_id: chatId } = row as { name: string; chat_id: string };
        const peer = peerById.get(chatId);
        if (peer?.usernames && !namesOf(peer).includes(name.toLowerCase())) forget.run(account, name);
      }
    },
  };
}

/** Whether an answer shows a chat that is not known yet, or under another username than the one that is kept. */
export function isNews({ username, usernames }: Peer, known: Peer | undefined): boolean {
  return !known || (usernames !== undefined && known.username !== username?.toLowerCase());
}

function namesOf({ username, usernames = [] }: Pick<Peer, 'username' | 'usernames'>): string[] {
  return [...(username === undefined ? [] : [username]), ...usernames].map(
    (name) => `@${name.toLowerCase()}`,
  );
}
