/** The closed gates of an account, on disk: a restart forgets none, and both gateways see the same. */
import type { Database } from './database.ts';
import type { Gate, GateStore } from '../pacing/gates.ts';
import { stopsWithAccount } from '../telegram/account.ts';

/** The gates of one account. */
export function createGateStore(db: Database, account: string): GateStore {
  const close = db.prepare(
    `INSERT INTO gates (account, scope, until, reason) VALUES (:account, :scope, :until, :reason)
     ON CONFLICT (account, scope) DO UPDATE SET until = max(until, excluded.until), reason = excluded.reason`,
  );
  const closed = db.prepare(
    'SELECT scope, until, reason FROM gates WHERE account = :account AND until > :now',
  );
  const closedFor = db.prepare(
    `SELECT scope, until, reason FROM gates
     WHERE account = :account AND scope IN (:all, :method, :chat) AND until > :now
     ORDER BY until DESC LIMIT 1`,
  );
  const purge = db.prepare('DELETE FROM gates WHERE account = :account AND until <= :now');
  /** While the disk is full or held by another process, a gate is closed all the same, and written when it can be. */
  const unwritten = new Map<string, Gate>();
  const write = (now: number) => {
    try {
      purge.run({ account, now });
      for (const { scope, until, reason } of unwritten.values()) {
        close.run({ account, scope, until, reason });
        unwritten.delete(scope);
      }
    } catch {
      // What keeps the database from being written is told by the outbox, which is written all the time.
    }
  };
  const unwrittenFor = (scopes: readonly (string | null)[], now: number): Gate[] =>
    [...unwritten.values()].filter(({ scope, until }) => until > now && scopes.includes(scope));

  return {
    close: (gate, now) => {
      const until = Math.max(gate.until, unwritten.get(gate.scope)?.until ?? 0);
      unwritten.set(gate.scope, { ...gate, until });
      write(now);
    },
    closed: (now) => {
      if (unwritten.size > 0) write(now);
      const kept = closed.all({ account, now }) as unknown as Gate[];
      const others = kept.filter(({ scope }) => !unwritten.has(scope));
      return [...others, ...unwrittenFor([...unwritten.keys()], now)];
    },
    closedFor: ({ method, chatId }, now) => {
      const all = stopsWithAccount(method) ? 'account' : null;
      const of = { all, method: `method:${method}`, chat: `chat:${chatId}` };
      const kept = closedFor.get({ ...of, account, now }) as Gate | undefined;
      if (unwritten.size === 0) return kept;
      const [first = kept] = unwrittenFor(Object.values(of), now);
      return kept && first && kept.until > first.until ? kept : first;
    },
  };
}
