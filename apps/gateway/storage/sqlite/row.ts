/** A message as its row in the table has it, and back. */
import type { ErrorClassName } from '../../../kit/errors.ts';
import { knownReason, type SentReason } from '../../../kit/reason.ts';
import type { CallbackProgress, MessageContent, MessageStatus, StoredMessage } from '../../model/message.ts';
import type { Troubles } from '../../model/troubles.ts';

export interface MessageRow {
  seq: number;
  id: string;
  chat: string;
  name: string | null;
  owner_age_ms: number | null;
  status: MessageStatus;
  content: string;
  random_ids: string;
  idempotency_key: string | null;
  fingerprint: string;
  accepted_at: number;
  expires_at: number;
  request_id: string | null;
  caller: string | null;
  not_before: number;
  attempts: number;
  maybe_sent: number;
  message_ids: string | null;
  sent_at: number | null;
  error_class: string | null;
  error_detail: string | null;
  error_reason: string | null;
  settled_at: number | null;
  troubles: string | null;
  callback_state: CallbackProgress['state'] | null;
  callback_id: string | null;
  callback_attempts: number | null;
  callback_error: string | null;
}

export function readRow(row: MessageRow): StoredMessage {
  return {
    seq: row.seq,
    id: row.id,
    chat: row.chat,
    name: row.name ?? undefined,
    ownerAgeMs: row.owner_age_ms ?? undefined,
    status: row.status,
    content: JSON.parse(row.content) as MessageContent,
    randomIds: JSON.parse(row.random_ids) as string[],
    idempotencyKey: row.idempotency_key ?? undefined,
    fingerprint: row.fingerprint,
    acceptedAt: row.accepted_at,
    expiresAt: row.expires_at,
    requestId: row.request_id ?? undefined,
    caller: row.caller ?? undefined,
    notBefore: row.not_before,
    attempts: row.attempts,
    maybeSent: row.maybe_sent === 1,
    messageIds: row.message_ids === null ? [] : (JSON.parse(row.message_ids) as (number | null)[]),
    sentAt: row.sent_at ?? undefined,
    failure:
      row.error_class === null
        ? undefined
        : {
            class: row.error_class as ErrorClassName,
            detail: row.error_detail ?? '',
            ...reasonIn(row.error_reason),
          },
    troubles: row.troubles === null ? undefined : (JSON.parse(row.troubles) as Troubles),
    callback:
      row.callback_state === null
        ? undefined
        : {
            state: row.callback_state,
            attempts: row.callback_attempts ?? 0,
            lastError: row.callback_error ?? undefined,
          },
  };
}

function reasonIn(json: string | null) {
  const reason = json === null ? undefined : knownReason(JSON.parse(json) as SentReason);
  return reason && { reason };
}
