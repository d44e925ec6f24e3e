/** The statements of the outbox. */
import type { Database } from './database.ts';
import type { MessageStatus } from '../../model/message.ts';

export type Statements = ReturnType<typeof prepareStatements>;

const mine = 'account = :account AND gateway = :gateway';
/** Word for word as the partial indexes have it, which SQLite goes by. */
const open = `status IN ('queued', 'sending')`;
const unsent = `status IN ('failed', 'expired', 'cancelled')`;
/** SQLite would as soon read all that a chat ever was sent. */
const byOpen = 'INDEXED BY messages_open';

/** Prepares everything on `db`; the parameters are named as they are in the text. */
export function prepareStatements(db: Database) {
  return {
    lastSeq: db.prepare(`SELECT coalesce(max(seq), 0) AS seq FROM messages WHERE ${mine}`),
    add: db.prepare(
      `INSERT INTO messages (account, gateway, seq, id, chat, status, content, random_ids, idempotency_key,
                             fingerprint, accepted_at, expires_at, request_id, caller, attempts, name, owner_age_ms)
       VALUES (:account, :gateway, :seq, :id, :chat, :status, :content, :randomIds, :idempotencyKey,
               :fingerprint, :acceptedAt, :expiresAt, :requestId, :caller, :attempts, :name, :ownerAgeMs)`,
    ),
    latest: db.prepare(
      `SELECT (SELECT accepted_at FROM messages WHERE ${mine} ORDER BY seq DESC LIMIT 1) AS acceptedAt,
              (SELECT settled_at FROM messages WHERE ${mine} AND status = 'sent' ORDER BY seq DESC LIMIT 1) AS sentAt`,
    ),
    byKey: db.prepare(
      `SELECT * FROM messages
       WHERE ${mine} AND idempotency_key = :idempotencyKey AND coalesce(caller, '') IN (:caller, '')`,
    ),
    find: db.prepare(`SELECT * FROM messages WHERE ${mine} AND id = :id`),
    depth: db.prepare(`SELECT count(*) AS depth FROM messages WHERE ${mine} AND ${open}`),
    oldestOpen: db.prepare(
      `SELECT accepted_at FROM messages WHERE ${mine} AND seq = (SELECT min(head) FROM lanes WHERE ${mine})`,
    ),
    openLane: db.prepare(
      `INSERT INTO lanes (account, gateway, chat, due_at, head) VALUES (:account, :gateway, :chat, :dueAt, :head)
       ON CONFLICT (account, gateway, chat) DO NOTHING`,
    ),
    moveLane: db.prepare(
      `INSERT INTO lanes (account, gateway, chat, due_at, head) VALUES (:account, :gateway, :chat, :dueAt, :head)
       ON CONFLICT (account, gateway, chat) DO UPDATE SET due_at = excluded.due_at, head = excluded.head`,
    ),
    moveMessages: db.prepare(`UPDATE messages SET chat = :to WHERE ${mine} AND chat = :chat AND ${open}`),
    moveNamed: db.prepare(
      `UPDATE messages SET chat = :to
       WHERE ${mine} AND chat = :chat AND name = :name AND status = 'queued' AND maybe_sent = 0`,
    ),
    awaited: db.prepare(`SELECT chat FROM lanes WHERE ${mine} AND due_at = :untilKnown`),
    closeLane: db.prepare(`DELETE FROM lanes WHERE ${mine} AND chat = :chat`),
    lanes: db.prepare(`SELECT chat, due_at FROM lanes WHERE ${mine} ORDER BY due_at, head LIMIT :limit`),
    head: db.prepare(
      `SELECT * FROM messages ${byOpen} WHERE ${mine} AND chat = :chat AND ${open} ORDER BY seq LIMIT 1`,
    ),
    headOf: db.prepare(
      `SELECT seq, id, not_before FROM messages ${byOpen}
       WHERE ${mine} AND chat = :chat AND ${open} ORDER BY seq LIMIT 1`,
    ),
    hasEarlier: db.prepare(
      `SELECT 1 FROM messages ${byOpen} WHERE ${mine} AND ${open} AND chat IN (:chat, 'me')
       UNION ALL SELECT 1 FROM messages ${byOpen} WHERE ${mine} AND ${open} AND chat BETWEEN '+' AND '+~'
       UNION ALL SELECT 1 FROM messages ${byOpen} WHERE ${mine} AND ${open} AND chat BETWEEN '@' AND '@~'
       UNION ALL SELECT 1 FROM messages ${byOpen} WHERE ${mine} AND ${open} AND chat IN
                        (SELECT chat_id FROM peers WHERE peers.account = :account AND migrated_to = :chat)
       LIMIT 1`,
    ),
    claim: db.prepare(
      `UPDATE messages SET status = 'sending', attempts = attempts + 1, owner_age_ms = :ownerAgeMs,
                           maybe_sent = CASE status WHEN 'sending' THEN 1 ELSE maybe_sent END
       WHERE ${mine} AND seq = :seq AND ${open}`,
    ),
    hold: db.prepare(
      `UPDATE messages SET not_before = :notBefore, error_class = :errorClass, error_detail = :errorDetail, error_reason = :errorReason,
                           troubles = :troubles
       WHERE ${mine} AND seq = :seq AND ${open}`,
    ),
    sent: db.prepare(
      `UPDATE messages SET status = 'sent', message_ids = :messageIds, sent_at = :sentAt, settled_at = :now,
                           error_class = NULL, error_detail = NULL, error_reason = NULL, not_before = 0, maybe_sent = 0,
                           troubles = NULL
       WHERE ${mine} AND seq = :seq AND ${open}`,
    ),
    failed: db.prepare(
      `UPDATE messages SET status = 'failed', error_class = :errorClass, error_detail = :errorDetail, error_reason = :errorReason,
                           settled_at = :now, maybe_sent = :maybeSent, troubles = :troubles
       WHERE ${mine} AND seq = :seq AND ${open}`,
    ),
    again: db.prepare(
      `UPDATE messages SET status = 'queued', not_before = :notBefore, maybe_sent = max(maybe_sent, :maybeSent),
                           error_class = :errorClass, error_detail = :errorDetail, error_reason = :errorReason, troubles = :troubles
       WHERE ${mine} AND seq = :seq`,
    ),
    expiring: db.prepare(
      `SELECT 1 FROM messages WHERE ${mine} AND status = 'queued' AND maybe_sent = 0 AND expires_at <= :now
                                    AND expires_at - accepted_at <= :passedMs LIMIT 1`,
    ),
    expire: db.prepare(
      `UPDATE messages SET status = 'expired', settled_at = :now,
                           error_class = coalesce(:errorClass, error_class, 'expired'),
                           error_detail = coalesce(:errorDetail, error_detail, 'it could not be sent in time'),
                           error_reason = CASE WHEN :errorClass IS NOT NULL THEN :errorReason WHEN error_class IS NOT NULL THEN error_reason
                                               ELSE '{"code":"not_sent_in_time","values":{}}' END
       WHERE ${mine} AND seq IN (SELECT seq FROM messages WHERE ${mine} AND status = 'queued' AND maybe_sent = 0
                                 AND expires_at <= :now AND expires_at - accepted_at <= :passedMs ORDER BY expires_at LIMIT :limit)
       RETURNING *`,
    ),
    recover: db.prepare(
      `UPDATE messages SET status = 'queued', maybe_sent = 1 WHERE ${mine} AND status = 'sending'
       RETURNING chat`,
    ),
    spooled: db.prepare(
      `SELECT content FROM messages WHERE ${mine} AND ${open} AND content LIKE '%"spooled"%'
       UNION ALL
       SELECT content FROM messages WHERE ${mine} AND ${unsent} AND status <> 'cancelled'
                                          AND content LIKE '%"spooled"%'`,
    ),
    list: prepareLists(db),
    retry: db.prepare(
      `UPDATE messages SET status = 'queued', expires_at = :expiresAt, settled_at = NULL, not_before = 0,
                           error_class = NULL, error_detail = NULL, error_reason = NULL, callback_state = NULL,
                           troubles = CASE status WHEN 'failed' THEN troubles END
       WHERE ${mine} AND id = :id AND status IN ('failed', 'expired')`,
    ),
    cancel: db.prepare(
      `UPDATE messages SET status = 'cancelled', settled_at = :now, not_before = 0,
                           error_class = NULL, error_detail = NULL, error_reason = NULL
       WHERE ${mine} AND id = :id AND status = 'queued' AND maybe_sent = 0`,
    ),
    cancelHeld: db.prepare(
      `UPDATE messages SET status = 'cancelled', settled_at = :now WHERE ${mine} AND id = :id AND status = 'sent'`,
    ),
    callBack: db.prepare(
      `UPDATE messages SET callback_state = 'pending', callback_id = :callbackId, callback_host = :host,
                           callback_due_at = :now, callback_attempts = 0, callback_error = NULL
       WHERE ${mine} AND seq = :seq`,
    ),
    oldest: db.prepare(`SELECT * FROM messages WHERE ${mine} ORDER BY seq`),
    purge: db.prepare(
      `DELETE FROM messages WHERE ${mine} AND seq = :seq AND settled_at < :settledBefore AND NOT ${open}
                                  AND coalesce(callback_state, '') <> 'pending'`,
    ),
  };
}

/** A list for each filter, prepared when it is first asked for: a partial index is used for a status in so many words. */
function prepareLists(db: Database) {
  const prepared = new Map<string, ReturnType<Database['prepare']>>();
  return (status: MessageStatus | undefined, columns: readonly ('chat' | 'caller')[]) => {
    const key = `${status} ${columns.join(' ')}`;
    const statement = prepared.get(key) ?? db.prepare(listOf(status, columns));
    prepared.set(key, statement);
    return statement;
  };
}

function listOf(status: MessageStatus | undefined, columns: readonly string[]): string {
  const conditions = [mine, 'seq < :beforeSeq', ...columns.map((column) => `${column} = :${column}`)];
  if (status !== undefined) conditions.push(`status = '${status}'`);
  if (status === 'queued' || status === 'sending') conditions.push(open);
  if (status === 'failed' || status === 'expired' || status === 'cancelled') conditions.push(unsent);
  return `SELECT * FROM messages WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT :limit`;
}
