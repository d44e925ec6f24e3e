/**
 * The callbacks of settled messages: which are due, and how far each is. They are columns of the messages, so that the
 * write which settles a message puts its callback in line, and a retry of the message takes it out again.
 */
import type { Database } from './database.ts';
import { readRow, type MessageRow } from './row.ts';
import type { CallbackTable } from '../tables.ts';

/** Word for word as the partial index has it, which SQLite goes by. */
const mine = `account = :account AND gateway = :gateway AND callback_state = 'pending'`;

/** The callbacks of one gateway of one account. */
export function createCallbackTable(db: Database, account: string, gateway: string): CallbackTable {
  const of = { account, gateway };
  // One step from host to host in the index, however many callbacks wait for each.
  const hosts = db.prepare(
    `WITH RECURSIVE hosts (host) AS (
       SELECT min(callback_host) FROM messages WHERE ${mine}
       UNION ALL
       SELECT (SELECT min(callback_host) FROM messages WHERE ${mine} AND callback_host > host)
       FROM hosts WHERE host IS NOT NULL)
     SELECT host, (SELECT min(callback_due_at) FROM messages WHERE ${mine} AND callback_host = host) AS due_at
     FROM hosts WHERE host IS NOT NULL ORDER BY due_at LIMIT :limit`,
  );
  const due = db.prepare(
    `SELECT * FROM messages WHERE ${mine} AND callback_host = :host AND callback_due_at <= :now
     ORDER BY callback_due_at LIMIT :limit`,
  );
  const pending = db.prepare(`SELECT count(*) AS pending FROM messages WHERE ${mine}`);
  const tried = db.prepare(
    `UPDATE messages SET callback_state = :state, callback_due_at = :dueAt, callback_error = :error,
                         callback_attempts = callback_attempts + 1
     WHERE ${mine} AND seq = :seq AND callback_id = :id`,
  );
  const dueByNow = db.prepare(
    `UPDATE messages SET callback_due_at = :now
     WHERE ${mine} AND callback_attempts = :attempts AND callback_due_at > :latest`,
  );
  return {
    dueByNow: (attempts, now, latest) =>
      db.commits.write(() => void dueByNow.run({ ...of, attempts, now, latest })),
    hosts: (limit) => {
      const rows = hosts.all({ ...of, limit }) as { host: string; due_at: number }[];
      return rows.map(({ host, due_at }) => ({ host, dueAt: due_at }));
    },
    due: (host, now, limit) =>
      (due.all({ ...of, host, now, limit }) as unknown as MessageRow[]).map((row) => {
        const message = readRow(row);
        return {
          id: row.callback_id!,
          url: message.content.options.callbackUrl!,
          message,
          settledAt: row.settled_at!,
          attempts: row.callback_attempts ?? 0,
        };
      }),
    pending: () => (pending.get(of) as { pending: number }).pending,
    tried: ({ id, message: { seq } }, result) =>
      db.commits.write(() => {
        const { error, dueAt } = { error: null, dueAt: null, ...result };
        tried.run({ ...of, id, seq, state: result.state, error, dueAt });
      }),
  };
}
