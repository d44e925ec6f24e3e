/** The outbox in SQLite. One process writes for one gateway of an account; the other gateway has rows of its own. */
import { Problem } from '../../kit/errors.ts';
import type { Database } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { readRow, type MessageRow } from './row.ts';
import {
  spooledFilesOf,
  type Failure,
  type Lane,
  type MessageContent,
  type NewMessage,
  type Outcome,
  type QueueState,
  type Store,
  type StoredMessage,
} from './store.ts';

/** The store of one gateway (`text` or `media`) of one account. */
export function createSqliteStore(db: Database, account: string, gateway: string): Store {
  return new SqliteStore(db, account, gateway);
}

class SqliteStore implements Store {
  readonly #commits: GroupCommit;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #of: { account: string; gateway: string };
  #lastSeq: number;

  constructor(db: Database, account: string, gateway: string) {
    this.#commits = new GroupCommit(db);
    this.#sql = prepare(db);
    this.#of = { account, gateway };
    this.#lastSeq = (this.#sql.lastSeq.get(this.#of) as { seq: number }).seq;
  }

  add(message: NewMessage): Promise<{ message: StoredMessage; isNew: boolean }> {
    return this.#commits.write(() => {
      const earlier = this.#earlier(message);
      if (earlier) return { message: earlier, isNew: false };
      const seq = ++this.#lastSeq;
      this.#sql.add.run({
        ...this.#of,
        seq,
        id: message.id,
        chat: message.chat,
        content: JSON.stringify(message.content),
        randomIds: JSON.stringify(message.randomIds),
        idempotencyKey: message.idempotencyKey ?? null,
        fingerprint: message.fingerprint,
        acceptedAt: message.acceptedAt,
        expiresAt: message.expiresAt,
      });
      this.#sql.openLane.run({ ...this.#of, chat: message.chat, head: seq });
      const fresh = {
        status: 'queued',
        notBefore: 0,
        attempts: 0,
        maybeSent: false,
        messageIds: [],
      } as const;
      return { message: { ...message, ...fresh, seq, sentAt: undefined, failure: undefined }, isNew: true };
    });
  }

  find(id: string): StoredMessage | undefined {
    return read(this.#sql.find.get({ ...this.#of, id }));
  }

  queue(): QueueState {
    const row = this.#sql.queue.get(this.#of) as { depth: number; oldest: number | null };
    return { depth: row.depth, oldestAcceptedAt: row.oldest ?? undefined };
  }

  lanes(limit: number): Lane[] {
    const rows = this.#sql.lanes.all({ ...this.#of, limit }) as { chat: string; due_at: number }[];
    return rows.map(({ chat, due_at }) => ({ chat, dueAt: due_at }));
  }

  head(chat: string): StoredMessage | undefined {
    return read(this.#sql.head.get({ ...this.#of, chat }));
  }

  claim(message: StoredMessage): Promise<StoredMessage | undefined> {
    return this.#commits.write(() => {
      const { changes } = this.#sql.claim.run({ ...this.#of, seq: message.seq });
      if (changes === 0) return undefined;
      return { ...message, status: 'sending' as const, attempts: message.attempts + 1 };
    });
  }

  hold({ seq, chat }: StoredMessage, notBefore: number, failure: Failure): Promise<void> {
    return this.#commits.write(() => {
      const { class: errorClass, detail: errorDetail } = failure;
      this.#sql.hold.run({ ...this.#of, seq, notBefore, errorClass, errorDetail });
      this.#updateLane(chat);
    });
  }

  settle(message: StoredMessage, outcome: Outcome, now: number): Promise<StoredMessage> {
    return this.#commits.write(() => {
      const seq = message.seq;
      if (outcome.status === 'sent') {
        const messageIds = JSON.stringify(outcome.messageIds);
        this.#sql.sent.run({ ...this.#of, seq, messageIds, sentAt: outcome.sentAt, now });
      } else {
        const { class: errorClass, detail: errorDetail } = outcome.failure;
        const error = { ...this.#of, seq, errorClass, errorDetail };
        if (outcome.status === 'failed') this.#sql.failed.run({ ...error, now });
        else {
          const { notBefore, maybeSent } = outcome;
          this.#sql.again.run({ ...error, notBefore, maybeSent: maybeSent ? 1 : 0 });
        }
      }
      this.#updateLane(message.chat);
      return this.find(message.id)!;
    });
  }

  async expire(now: number, limit: number, reason: Failure | undefined): Promise<StoredMessage[]> {
    if (this.#sql.expiring.get({ ...this.#of, now }) === undefined) return [];
    return this.#commits.write(() => {
      const because = { errorClass: reason?.class ?? null, errorDetail: reason?.detail ?? null };
      const rows = this.#sql.expire.all({ ...this.#of, ...because, now, limit }) as unknown as MessageRow[];
      for (const chat of new Set(rows.map((row) => row.chat))) this.#updateLane(chat);
      return rows.map(readRow);
    });
  }

  recover(): Promise<number> {
    return this.#commits.write(() => Number(this.#sql.recover.run(this.#of).changes));
  }

  spooledFiles(): Set<string> {
    const files = new Set<string>();
    for (const { content } of this.#sql.spooled.iterate(this.#of) as Iterable<{ content: string }>) {
      for (const file of spooledFilesOf(JSON.parse(content) as MessageContent)) files.add(file);
    }
    return files;
  }

  #earlier({ idempotencyKey, fingerprint }: NewMessage): StoredMessage | undefined {
    if (idempotencyKey === undefined) return undefined;
    const earlier = read(this.#sql.byKey.get({ ...this.#of, idempotencyKey }));
    if (earlier && earlier.fingerprint !== fingerprint) {
      throw new Problem(
        'idempotency_conflict',
        `the idempotency key ${JSON.stringify(idempotencyKey)} was used for another request: use a new key`,
        { id: earlier.id },
      );
    }
    return earlier;
  }

  /** Makes the chat's lane stand at its first open message, or go when there is none. */
  #updateLane(chat: string): void {
    const head = this.#sql.headOf.get({ ...this.#of, chat }) as
      { seq: number; not_before: number } | undefined;
    if (!head) this.#sql.closeLane.run({ ...this.#of, chat });
    else this.#sql.moveLane.run({ ...this.#of, chat, head: head.seq, dueAt: head.not_before });
  }
}

function read(row: unknown): StoredMessage | undefined {
  return row === undefined ? undefined : readRow(row as MessageRow);
}

function prepare(db: Database) {
  const mine = 'account = :account AND gateway = :gateway';
  const open = `status IN ('queued', 'sending')`;
  return {
    lastSeq: db.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM messages WHERE ${mine}`),
    add: db.prepare(
      `INSERT INTO messages (account, gateway, seq, id, chat, status, content, random_ids, idempotency_key,
                             fingerprint, accepted_at, expires_at)
       VALUES (:account, :gateway, :seq, :id, :chat, 'queued', :content, :randomIds, :idempotencyKey,
               :fingerprint, :acceptedAt, :expiresAt)`,
    ),
    byKey: db.prepare(`SELECT * FROM messages WHERE ${mine} AND idempotency_key = :idempotencyKey`),
    find: db.prepare(`SELECT * FROM messages WHERE ${mine} AND id = :id`),
    queue: db.prepare(
      `SELECT count(*) AS depth, min(accepted_at) AS oldest FROM messages WHERE ${mine} AND ${open}`,
    ),
    openLane: db.prepare(
      `INSERT INTO lanes (account, gateway, chat, due_at, head) VALUES (:account, :gateway, :chat, 0, :head)
       ON CONFLICT (account, gateway, chat) DO NOTHING`,
    ),
    moveLane: db.prepare(`UPDATE lanes SET due_at = :dueAt, head = :head WHERE ${mine} AND chat = :chat`),
    closeLane: db.prepare(`DELETE FROM lanes WHERE ${mine} AND chat = :chat`),
    lanes: db.prepare(`SELECT chat, due_at FROM lanes WHERE ${mine} ORDER BY due_at, head LIMIT :limit`),
    head: db.prepare(
      `SELECT * FROM messages WHERE ${mine} AND chat = :chat AND ${open} ORDER BY seq LIMIT 1`,
    ),
    headOf: db.prepare(
      `SELECT seq, not_before FROM messages WHERE ${mine} AND chat = :chat AND ${open} ORDER BY seq LIMIT 1`,
    ),
    claim: db.prepare(
      `UPDATE messages SET status = 'sending', attempts = attempts + 1
       WHERE ${mine} AND seq = :seq AND ${open}`,
    ),
    hold: db.prepare(
      `UPDATE messages SET not_before = :notBefore, error_class = :errorClass, error_detail = :errorDetail
       WHERE ${mine} AND seq = :seq AND status = 'queued'`,
    ),
    sent: db.prepare(
      `UPDATE messages SET status = 'sent', message_ids = :messageIds, sent_at = :sentAt, settled_at = :now,
                           error_class = NULL, error_detail = NULL, not_before = 0, maybe_sent = 0
       WHERE ${mine} AND seq = :seq`,
    ),
    failed: db.prepare(
      `UPDATE messages SET status = 'failed', error_class = :errorClass, error_detail = :errorDetail,
                           settled_at = :now, maybe_sent = 0
       WHERE ${mine} AND seq = :seq`,
    ),
    again: db.prepare(
      `UPDATE messages SET status = 'queued', not_before = :notBefore, maybe_sent = max(maybe_sent, :maybeSent),
                           error_class = :errorClass, error_detail = :errorDetail
       WHERE ${mine} AND seq = :seq`,
    ),
    expiring: db.prepare(
      `SELECT 1 FROM messages WHERE ${mine} AND status = 'queued' AND maybe_sent = 0 AND expires_at <= :now LIMIT 1`,
    ),
    expire: db.prepare(
      `UPDATE messages SET status = 'expired', settled_at = :now,
                           error_class = coalesce(:errorClass, error_class, 'expired'),
                           error_detail = coalesce(:errorDetail, error_detail, 'it could not be sent in time')
       WHERE ${mine} AND seq IN (SELECT seq FROM messages WHERE ${mine} AND status = 'queued' AND maybe_sent = 0
                                 AND expires_at <= :now ORDER BY expires_at LIMIT :limit)
       RETURNING *`,
    ),
    recover: db.prepare(
      `UPDATE messages SET status = 'queued', maybe_sent = 1 WHERE ${mine} AND status = 'sending'`,
    ),
    spooled: db.prepare(
      `SELECT content FROM messages WHERE ${mine} AND ${open} AND content LIKE '%"spooled"%'`,
    ),
  };
}
