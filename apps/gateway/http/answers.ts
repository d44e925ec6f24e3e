/** What callers are answered about a message: the same whether they waited for it or ask later. */
import { errorClasses, Problem } from '../../kit/errors.ts';
import { reason, sentence, type Reason as AnyReason } from '../../kit/reason.ts';
import type { Reason } from '../model/reasons.ts';
import { codedFailure, failureOf, heldUntil, type Failure, type StoredMessage } from '../model/message.ts';
import { unnamedItems, unnamedItemsNote } from '../model/unnamed-items.ts';
import { idForJson } from '../model/marked-id.ts';
import { isName, oldOwnerNote, shownChat } from '../peers/resolver.ts';
import { isoOrNull } from './health.ts';

export interface AnswerExtras {
  /** Why it waits. */
  readonly reason?: Reason | undefined;
  /** The account's own id, which stands for `me`. */
  readonly selfId: string | undefined;
  /** The time of the answer, in milliseconds since the epoch. */
  readonly now: number;
  /** Present only with the sandbox, so that nobody takes it for Telegram. */
  readonly sandbox?: true;
}

/** The state of a message as JSON. */
export function messageAnswer(
  message: StoredMessage,
  { selfId, now, reason: why, ...extras }: AnswerExtras,
): Record<string, unknown> {
  const { id, status, attempts, content } = message;
  const common = {
    request_id: message.requestId ?? null,
    chat_id: chatIdForJson(message.chat, selfId),
    attempts,
    ...notesOf(message),
    ...(content.options.callbackUrl !== undefined && { callback: callbackAnswer(message) }),
    ...extras,
  };
  switch (status) {
    case 'sent':
      return { ok: true, id, ...sentAnswer(message, now), ...common };
    case 'queued':
    case 'sending': {
      const notBefore = message.notBefore > 0 ? new Date(message.notBefore).toISOString() : null;
      return { ok: true, id, status, not_before: notBefore, reason: reasonAnswer(why), ...common };
    }
    case 'failed':
    case 'expired':
    case 'cancelled': {
      const failure = endOf(message);
      const { class: className, detail } = failure;
      const { retryable } = errorClasses[className];
      return {
        ok: false,
        id,
        status,
        class: className,
        detail,
        ...codedFailure(failure),
        retryable,
        retry_after: null,
        error: detail,
        ...common,
      };
    }
  }
}

/** Telegram gives what it held another id when it sends it, and tells that to nobody who asks for no updates. */
function sentAnswer(message: StoredMessage, now: number) {
  const { messageIds, sentAt = 0 } = message;
  const until = heldUntil(message);
  const ids = until !== undefined && until <= now ? messageIds.map(() => null) : messageIds;
  return {
    status: until !== undefined && until > now ? 'scheduled' : 'sent',
    message_id: ids[0] ?? null,
    message_ids: ids,
    date: Math.floor(sentAt / 1000),
  };
}

function notesOf(message: StoredMessage) {
  const { content, name, ownerAgeMs } = message;
  const unnamed = unnamedItems(message);
  const isOld = name !== undefined && ownerAgeMs !== undefined;
  const notes: (string | AnyReason)[] = [
    ...(content.notes ?? []),
    ...(isOld ? [oldOwnerNote(name, ownerAgeMs)] : []),
    ...(unnamed.length > 0 ? [unnamedItemsNote(unnamed)] : []),
  ];
  if (notes.length === 0) return {};
  const causes = notes.map((note) => (typeof note === 'string' ? reason('verbatim', { text: note }) : note));
  return { notes: causes.map(sentence), note_causes: causes };
}

function reasonAnswer(reason: Reason | undefined) {
  if (!reason) return null;
  const { since, until, ...cause } = reason;
  const times = { since: new Date(since).toISOString(), until: isoOrNull(until) };
  return { ...cause, text: sentence(cause), ...times };
}

function callbackAnswer({ callback }: StoredMessage) {
  const { state = 'pending', attempts = 0, lastError = null } = callback ?? {};
  return { state, attempts, last_error: lastError };
}

/** The error that a settled message's caller gets, or undefined when it was sent or still waits. */
export function problemOf(message: StoredMessage): Problem | undefined {
  if (message.status !== 'failed' && message.status !== 'expired' && message.status !== 'cancelled')
    return undefined;
  const { class: className, detail, reason: why = detail } = endOf(message);
  return new Problem(className, why, { id: message.id });
}

function endOf({ status, failure }: StoredMessage): Failure {
  if (status === 'cancelled') return failureOf('cancelled', reason('message_cancelled'));
  return failure ?? failureOf('expired', reason('message_not_in_time'));
}

/** A name that has not been looked up stands for its chat; `me` for the account until it has signed in. */
function chatIdForJson(chat: string, selfId: string | undefined): number | string {
  if (isName(chat)) return shownChat(chat);
  const id = chat === 'me' ? selfId : chat;
  return id === undefined ? 'me' : idForJson(id);
}
