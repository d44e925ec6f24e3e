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
  return {
    close: (gate, now) => {
      purge.run({ account, now });
      close.run({ account, scope: gate.scope, until: gate.until, reason: gate.reason });
    },
    closed: (now) => closed.all({ account, now }) as unknown as Gate[],
    closedFor: ({ method, chatId }, now) =>
      closedFor.get({
        ...{ account, now },
        all: stopsWithAccount(method) ? 'account' : null,
        method: `method:${method}`,
        chat: `chat:${chatId}`,
      }) as Gate | undefined,
  };
}
