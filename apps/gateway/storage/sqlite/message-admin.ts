/** Looking through the outbox in SQLite, and tending it. */
import type { MessageTable } from './message-table.ts';
import type { MessageRow } from './row.ts';
import type { MessageStatus, StoredMessage } from '../../model/message.ts';
import type { MessageFilter, MessageAdmin } from '../ledger.ts';

/** Over the messages of `table`. */
export function createMessageAdmin(table: MessageTable): MessageAdmin {
  const { sql, of } = table;

  const change = (
    ids: readonly string[],
    perform: (id: string, message: StoredMessage) => boolean,
    added: 1 | 0 | -1,
  ) =>
    table.write((count) => {
      const changed: StoredMessage[] = [];
      for (const id of ids) {
        const message = table.find(id);
        if (!message || !perform(id, message)) continue;
        count(added);
        table.updateLane(message.chat);
        changed.push(table.find(id)!);
      }
      return changed;
    });

  return {
    list: ({ status, chat, caller }: MessageFilter, limit, beforeSeq = Number.MAX_SAFE_INTEGER) => {
      const values = { ...(chat !== undefined && { chat }), ...(caller !== undefined && { caller }) };
      const statement = sql.list(status, Object.keys(values) as (keyof typeof values)[]);
      return Promise.try(() => table.readAll(statement.all({ ...of, ...values, limit, beforeSeq })));
    },
    retry: (ids, expiresAt) =>
      change(
        ids,
        (id, { seq, chat }) => {
          if (sql.retry.run({ ...of, id, expiresAt }).changes === 0) return false;
          table.openLane(chat, seq);
          return true;
        },
        1,
      ),
    cancel: (ids, now) =>
      change(
        ids,
        (id, message) => {
          if (sql.cancel.run({ ...of, id, now }).changes === 0) return false;
          table.callBack(message, now);
          return true;
        },
        -1,
      ),
    cancelHeld: (ids, now) => change(ids, (id) => sql.cancelHeld.run({ ...of, id, now }).changes > 0, 0),
    purge: async (settledBefore, limit) => {
      const old = oldest(limit);
      return old.length === 0 ? [] : table.write(() => old.filter(({ seq }) => purged(seq, settledBefore)));

      function oldest(most: number): StoredMessage[] {
        const found: StoredMessage[] = [];
        const rows = sql.oldest.iterate(of) as Iterable<MessageRow>;
        for (const row of rows) {
          // Numbered as they were accepted, and settled later than that: what follows is not old enough either.
          if (row.accepted_at >= settledBefore || found.length >= most) break;
          if (row.settled_at === null || row.settled_at >= settledBefore || !isSettled(row.status)) continue;
          if (row.callback_state !== 'pending') found.push(table.read(row)!);
        }
        return found;
      }
    },
  };

  function purged(seq: number, settledBefore: number): boolean {
    return sql.purge.run({ ...of, seq, settledBefore }).changes > 0;
  }
}

function isSettled(status: MessageStatus): boolean {
  return status !== 'queued' && status !== 'sending';
}
