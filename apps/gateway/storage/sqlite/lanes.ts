/** The lanes of a gateway in SQLite, by its index of open messages. */
import { untilKnown, type StoredMessage } from '../../model/message.ts';
import type { Lane, Lanes, StorageState } from '../ledger.ts';
import type { MessageTable } from './message-table.ts';

export class SqliteLanes implements Lanes {
  readonly #table: MessageTable;
  readonly #queueLimit: number;

  constructor(table: MessageTable, queueLimit: number) {
    this.#table = table;
    this.#queueLimit = queueLimit;
  }

  get depth(): number {
    return this.#table.depth;
  }

  get room(): number {
    return Math.max(0, this.#queueLimit - this.depth);
  }

  oldestAcceptedAt(): number | undefined {
    const { sql, of } = this.#table;
    return (sql.oldestOpen.get(of) as { accepted_at: number } | undefined)?.accepted_at;
  }

  storage(): StorageState {
    const { lockedSince, failure } = this.#table;
    return { lockedSince, failure };
  }

  due(limit: number): Lane[] {
    const { sql, of } = this.#table;
    const rows = sql.lanes.all({ ...of, limit }) as { chat: string; due_at: number }[];
    return rows.map(({ chat, due_at }) => ({ chat, dueAt: due_at }));
  }

  head(chat: string): StoredMessage | undefined {
    return this.#table.head(chat);
  }

  firstOf(chat: string): string | undefined {
    const { sql, of } = this.#table;
    return (sql.headOf.get({ ...of, chat }) as { id: string } | undefined)?.id;
  }

  awaited(): string[] {
    const { sql, of } = this.#table;
    const rows = sql.awaited.all({ ...of, untilKnown }) as { chat: string }[];
    return rows.map(({ chat }) => chat);
  }
}
