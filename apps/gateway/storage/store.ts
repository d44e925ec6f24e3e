/**
 * The port through which messages are kept. The store is the queue: what a process holds in memory is only what it is
 * sending now. Every write resolves once it is durable.
 */
import type { Failure, NewMessage, Outcome, StoredMessage } from '../model/message.ts';
import type { Troubles } from '../model/troubles.ts';
import type { Turn } from '../pacing/pacer.ts';

/** By which a repeated request is known. */
export type RequestKey = Pick<NewMessage, 'caller' | 'idempotencyKey' | 'fingerprint'>;

/** The messages that were taken for an attempt, and when the account's next turn is if that ended the taking. */
export interface Claims {
  readonly claimed: StoredMessage[];
  readonly nextTurnAt: number | undefined;
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
  readonly failure: string | undefined;
}

export interface QueueState extends StorageState {
  readonly depth: number;
  readonly oldestAcceptedAt: number | undefined;
}

/** The message as it is kept, and whether it is this request that gave it. */
export interface Added {
  readonly message: StoredMessage;
  readonly isNew: boolean;
}

/** A write in its two steps, which fail with the same error. */
export interface Written<T> {
  /** Resolves once it outlives this process. */
  readonly committed: Promise<T>;
  /** Resolves once it is on the disk. */
  readonly durable: Promise<T>;
}

export interface Store {
  /**
   * Adds a message to the end of its chat, or answers with the earlier one of the same idempotency key. One that
   * `isReady` to be sent is claimed with it, unless another stands before it or it is not its chat's turn.
   * @throws Problem idempotency_conflict, queue_full, storage_full
   */
  accept(message: NewMessage, isReady?: boolean): Written<Added>;
  /**
   * The message of the caller's idempotency key, if there is one. A key that was stored for no caller is that of whoever
   * repeats the request.
   * @throws Problem idempotency_conflict for another request of the caller
   */
  earlier(asked: RequestKey): StoredMessage | undefined;
  /** Resolves once all that can be found now is on the disk. @throws Problem storage_failed */
  kept(): Promise<void>;
  find(id: string): StoredMessage | undefined;
  /** How many messages are queued or being sent. */
  readonly depth: number;
  queue(): QueueState;
  storage(): StorageState;
  /** The chats due soonest, at most `limit`, earliest first. */
  lanes(limit: number): Lane[];
  /** The first unsettled message of a chat. */
  head(chat: string): StoredMessage | undefined;
  /** Its id alone. */
  firstOf(chat: string): string | undefined;
  /**
   * Takes messages, each the first of its chat, for an attempt, as far as the paces allow: whose chat has no turn yet is
   * put off, what is not the first any more is left out, and so is a first message to a stranger beyond the budget. A text takes its turn with it; media once they are uploaded. A
   * crash after it means perhaps sent.
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
  /** The chats whose first message waits for them to become known. */
  awaited(): string[];
  /** Makes chats due at once. */
  release(chats: readonly string[]): Promise<void>;
  /**
   * Writes how an attempt ended, and makes the chat due for its next message. No caller needs to wait for it: a message
   * that was sent and whose settling is lost is asked again.
   */
  settle(message: StoredMessage, outcome: Outcome, now: number): Promise<StoredMessage>;
  /**
   * Gives up messages whose time is over and that cannot have been sent, at most `limit`. `reason`, where there is
   * one, replaces what their last attempt failed with. Where the time is not known, `passedMs` is what has passed for sure.
   */
  expire(
    now: number,
    limit: number,
    reason: Failure | undefined,
    passedMs?: number,
  ): Promise<StoredMessage[]>;
  /** After a crash: what was being sent is queued again, as perhaps sent. How many there were. */
  recover(): Promise<number>;
  /** When the last message was accepted, and the last of those sent was; null where there is none. */
  latest(): { readonly acceptedAt: number | null; readonly sentAt: number | null };
  /** Names of the spooled files of messages that are not settled, or could be retried. */
  spooledFiles(): Set<string>;
}
