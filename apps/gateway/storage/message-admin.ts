/** The port through which people and time tend what the outbox keeps: look through it, retry, cancel, purge. */
import type { MessageStatus, StoredMessage } from '../model/message.ts';

/** Which messages; what is undefined does not matter. */
export interface MessageFilter {
  readonly status?: MessageStatus | undefined;
  /** The chat's marked id, or `me`. */
  readonly chat?: string | undefined;
  /** Name of the token that sent them. */
  readonly caller?: string | undefined;
}

export interface MessageAdmin {
  /** The newest first, at most `limit`, and only those before the one numbered `beforeSeq`. */
  list(filter: MessageFilter, limit: number, beforeSeq?: number): StoredMessage[];
  /** How many more messages the queue takes. */
  room(): number;
  /** Queues failed and expired ones again, with the ids they had, and answers with those it did. */
  retry(ids: readonly string[], expiresAt: number): Promise<StoredMessage[]>;
  /** Cancels queued ones that cannot have been sent, and answers with those it did. */
  cancel(ids: readonly string[], now: number): Promise<StoredMessage[]>;
  /** Cancels sent ones that Telegram held, and gave back. */
  cancelHeld(ids: readonly string[], now: number): Promise<StoredMessage[]>;
  /** Forgets messages that were settled before a time, oldest first, at most `limit`; answers with them. */
  purge(settledBefore: number, limit: number): Promise<StoredMessage[]>;
}
