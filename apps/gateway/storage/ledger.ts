/**
 * The ports through which messages are kept. A ledger is asynchronous: calls that come together are written together,
 * and one whose write fails alone fails alone. `testing/exercise-ledger.ts` holds each promise that is made here, on
 * every database there is. What one process needs to know all the time of its own messages, it reads from `Lanes`.
 */
import type { Reason } from '../../kit/reason.ts';
import type { Failure, MessageStatus, NewMessage, Outcome, StoredMessage } from '../model/message.ts';
import type { Troubles } from '../model/troubles.ts';
import type { Turn } from '../pacing/pacer.ts';

/** A write in its two steps, which fail with the same error. */
export interface Written<T> {
  /** Resolves once it outlives this process. */
  readonly committed: Promise<T>;
  /** Resolves once it is on the disk. */
  readonly durable: Promise<T>;
}

/** The message as it is kept, and whether it is this request that gave it. */
export interface Accepted {
  readonly message: StoredMessage;
  readonly isNew: boolean;
}

/** By which a repeated request is known. */
export type RequestKey = Pick<NewMessage, 'caller' | 'idempotencyKey' | 'fingerprint'>;

/** The messages that were taken for an attempt, and when the account's next turn is if that ended the taking. */
export interface Claims {
  readonly claimed: StoredMessage[];
  readonly nextTurnAt: number | undefined;
}

/** Which messages are given up. */
export interface Expiring {
  readonly now: number;
  readonly limit: number;
  /** Replaces what their last attempt failed with. */
  readonly reason?: Failure | undefined;
  /** Where the time is not known: what has passed for sure. */
  readonly passedMs?: number | undefined;
}

/** The messages of one gateway of an account. Every promise but `committed` resolves once the write is on the disk. */
export interface Ledger {
  /**
   * Adds a message to the end of its chat, or answers with the earlier one of the same idempotency key. One that
   * `isReady` to be sent is claimed with it, unless another stands before it or it is not its chat's turn.
   * @throws Problem idempotency_conflict, queue_full, storage_full
   */
  accept(message: NewMessage, isReady?: boolean): Written<Accepted>;
  /**
   * The message of the caller's idempotency key, if there is one. A key that was stored for no caller is that of whoever
   * repeats the request.
   * @throws Problem idempotency_conflict for another request of the caller
   */
  earlier(asked: RequestKey): Promise<StoredMessage | undefined>;
  /** Resolves once all that can be found now is on the disk. @throws Problem storage_failed */
  kept(): Promise<void>;
  /** Those there are of these ids. */
  find(ids: readonly string[]): Promise<StoredMessage[]>;
  /**
   * Takes messages, each the first of its chat, for an attempt, as far as the paces allow: whose chat has no turn yet is
   * put off, what is not the first any more is left out, and so is a first message to a stranger beyond the budget. A text
   * takes its turn with it; media once they are uploaded. A crash after it means perhaps sent.
   */
  claim(messages: readonly StoredMessage[], now: number): Promise<Claims>;
  /** Takes the turn for a further call to a chat. */
  takeTurn(chat: string, now: number): Promise<Turn>;
  /** Leaves a message untried until `notBefore`, and says why. */
  hold(
    message: StoredMessage,
    notBefore: number,
    failure: Failure,
    troubles?: Troubles,
  ): Promise<StoredMessage>;
  /**
   * Puts what waits for a chat in line with what waits for another one, each where it was accepted; with `name`, only what
   * is addressed by it and cannot have been sent.
   */
  move(chat: string, to: string, name?: string): Promise<void>;
  /** Makes chats due at once. */
  release(chats: readonly string[]): Promise<void>;
  /**
   * Writes how an attempt ended, and makes the chat due for its next message. No caller needs to wait for it: a message
   * that was sent and whose settling is lost is asked again.
   */
  settle(message: StoredMessage, outcome: Outcome, now: number): Promise<StoredMessage>;
  /** Gives up messages whose time is over and that cannot have been sent. */
  expire(expiring: Expiring): Promise<StoredMessage[]>;
  /** After a crash: what was being sent is queued again, as perhaps sent. How many there were. */
  recover(): Promise<number>;
  /** When the last message was accepted, and the last of those sent was; null where there is none. */
  latest(): Promise<{ readonly acceptedAt: number | null; readonly sentAt: number | null }>;
  /** Names of the spooled files of messages that are not settled, or could be retried. */
  spooledFiles(): Promise<Set<string>>;
}

/** Which messages; what is undefined does not matter. */
export interface MessageFilter {
  readonly status?: MessageStatus | undefined;
  /** The chat's marked id, or `me`. */
  readonly chat?: string | undefined;
  /** Name of the token that sent them. */
  readonly caller?: string | undefined;
}

/** What people and time do with the messages of a ledger. Each change is made where the message still allows it. */
export interface MessageAdmin {
  /** The newest first, at most `limit`, and only those before the one numbered `beforeSeq`. */
  list(filter: MessageFilter, limit: number, beforeSeq?: number): Promise<StoredMessage[]>;
  /** Queues failed and expired ones again, with the ids they had, and answers with those it did. */
  retry(ids: readonly string[], expiresAt: number): Promise<StoredMessage[]>;
  /** Cancels queued ones that cannot have been sent, and answers with those it did. */
  cancel(ids: readonly string[], now: number): Promise<StoredMessage[]>;
  /** Cancels sent ones that Telegram held, and gave back. */
  cancelHeld(ids: readonly string[], now: number): Promise<StoredMessage[]>;
  /** Forgets messages that were settled before a time, oldest first, at most `limit`; answers with them. */
  purge(settledBefore: number, limit: number): Promise<StoredMessage[]>;
}

/** A chat that has messages to send, and when the first of them is due. */
export interface Lane {
  readonly chat: string;
  readonly dueAt: number;
}

export interface StorageState {
  /** Since when writes have waited for another process that holds the storage; undefined when none does. */
  readonly lockedSince: number | undefined;
  /** Why nothing is written any more; undefined where it is. */
  readonly failure: Reason | undefined;
}

/** The open messages of a ledger by their chats, as this process has written them: known at once. */
export interface Lanes {
  /** How many messages are queued or being sent. */
  readonly depth: number;
  /** How many more the queue takes. */
  readonly room: number;
  /** When the oldest open message was accepted. */
  oldestAcceptedAt(): number | undefined;
  storage(): StorageState;
  /** The chats due soonest, at most `limit`, earliest first. */
  due(limit: number): Lane[];
  /** The first unsettled message of a chat. */
  head(chat: string): StoredMessage | undefined;
  /** Its id alone. */
  firstOf(chat: string): string | undefined;
  /** The chats whose first message waits for them to become known. */
  awaited(): string[];
}
