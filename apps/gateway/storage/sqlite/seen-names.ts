/**
 * Whose names are whose, as answers show it: a chat that is seen with a name has it from then on, and one that is seen
 * without it has it no more. Objects called `min`, and chats as our own table has them, are no evidence of what is absent.
 */
import type { Database } from './database.ts';
import type { Peer } from '../../model/account.ts';

export interface SeenNames {
  /** The names of a chat that are remembered: first each `@name`, then each `+digits`. */
  of(chatId: string): readonly string[];
  hasOwner(name: string): boolean;
  /** Brings what is remembered up to date. To be called inside a transaction. */
  see(peer: Peer, now: number): void;
}

/** The names of one account. */
export function createSeenNames(db: Database, account: string): SeenNames {
  // Without a hint SQLite walks all names of the account, because those come in order.
  const owned = db.prepare(
    'SELECT name FROM names INDEXED BY names_owner WHERE account = ? AND chat_id = ? ORDER BY name DESC',
  );
  const owner = db.prepare('SELECT 1 FROM names WHERE account = ? AND name = ? AND chat_id IS NOT NULL');
  const give = db.prepare(
    `INSERT INTO names (account, name, chat_id, asked_at, answered_at) VALUES (:account, :name, :chatId, 0, :now)
     ON CONFLICT (account, name) DO UPDATE SET chat_id = excluded.chat_id, answered_at = excluded.answered_at`,
  );
  const disown = db.prepare(
    'UPDATE peers SET username = NULL WHERE account = :account AND username = :username AND chat_id <> :chatId',
  );
  // The row stays, because the budget counts it.
  const forget = db.prepare(
    'UPDATE names SET chat_id = NULL, answered_at = NULL WHERE account = ? AND name = ?',
  );
  const of = (chatId: string) => (owned.all(account, chatId) as { name: string }[]).map(({ name }) => name);
  return {
    of,
    hasOwner: (name) => owner.get(account, name) !== undefined,
    see: (peer, now) => {
      const { chatId } = peer;
      const shown = namesOf(peer);
      for (const name of of(chatId)) {
        if (!shown.includes(name) && isShownWithout(peer, name)) forget.run(account, name);
      }
      for (const name of shown) {
        give.run({ account, name, chatId, now });
        if (name.startsWith('@')) disown.run({ account, username: name.slice(1), chatId });
      }
    },
  };
}

/** The active names that a chat is shown with. */
export function namesOf({ username, usernames = [], phone }: Peer): string[] {
  const all = [...(username === undefined ? [] : [username]), ...usernames];
  const names = all.map((name) => `@${name.toLowerCase()}`);
  return [...new Set(names), ...(phone === undefined ? [] : [`+${phone}`])];
}

/** Usernames are shown to everybody; a phone number only to whom its owner likes, so that only another one says something. */
function isShownWithout({ usernames, phone }: Peer, name: string): boolean {
  return name.startsWith('@') ? usernames !== undefined : phone !== undefined;
}
