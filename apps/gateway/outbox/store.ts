/**
 * The port through which messages are kept. The store is the queue: what a process holds in memory is only what it is
 * sending now. Every write resolves once it is durable.
 */
import type { ErrorClassName } from '../../kit/errors.ts';
import type { FormattedText } from '../formatting/formatted-text.ts';
import type { MediaKind } from '../media/kinds.ts';
import type { Turn } from '../pacing/turns.ts';
import type { Troubles } from './troubles.ts';

/** `sending` has been claimed by the dispatcher; the last four are final. */
export type MessageStatus = 'queued' | 'sending' | 'sent' | 'failed' | 'expired' | 'cancelled';

/** A spooled file and what it is to become. */
export interface StoredMedia {
  /** Name of the file within the spool. */
  readonly spooled: string;
  readonly sizeBytes: number;
  readonly name: string;
  readonly mimeType: string;
  readonly kind: MediaKind;
  /** As it is shown, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly durationS?: number;
  readonly title?: string;
  readonly performer?: string;
  /** Of a voice message: how loud it is along its length, from 0 to 31. */
  readonly waveform?: readonly number[];
  /** Of a video: whether it has sound. */
  readonly hasSound?: boolean;
  readonly spoiler?: boolean;
  readonly thumbnail?: { readonly spooled: string; readonly sizeBytes: number };
}

/** How a message is sent, beside what it says. */
export interface SendOptions {
  /** Id of the message that is answered. */
  readonly replyTo?: number;
  /** Id of the topic of a forum. */
  readonly topicId?: number;
  readonly silent?: boolean;
  /** False leaves out the preview of the first link. */
  readonly linkPreview?: boolean;
  /** When Telegram is to send it, in epoch seconds. */
  readonly scheduleAt?: number;
  /** Where what became of it is POSTed. */
  readonly callbackUrl?: string;
}

/**
 * What a message says: texts, one after another, or media (2 to 10 are an album). `caption` is that of the first file,
 * `laterCaptions` those of the others, where any of them has one.
 */
export type MessageContent = {
  readonly options: SendOptions;
  /** What was done otherwise than asked, for the caller. */
  readonly notes?: readonly string[];
} & (
  | { readonly texts: readonly FormattedText[] }
  | {
      readonly media: readonly StoredMedia[];
      readonly caption: FormattedText;
      readonly laterCaptions?: readonly FormattedText[];
    }
);

/** Until when Telegram holds a message that is `sent`, in milliseconds; undefined where it sent it at once. */
export function heldUntil({
  content,
  sentAt,
}: Pick<StoredMessage, 'content' | 'sentAt'>): number | undefined {
  const { scheduleAt } = content.options;
  return scheduleAt !== undefined && sentAt === scheduleAt * 1000 ? sentAt : undefined;
}

/** Everything a message says. */
export function textsOf(content: MessageContent): readonly FormattedText[] {
  return 'texts' in content ? content.texts : [content.caption, ...(content.laterCaptions ?? [])];
}

/** The spooled files of a message. */
export function spooledFilesOf(content: MessageContent): string[] {
  if (!('media' in content)) return [];
  return content.media.flatMap(({ spooled, thumbnail }) =>
    thumbnail ? [spooled, thumbnail.spooled] : [spooled],
  );
}

/** Whether a message is sent as soon as it is claimed; media are uploaded first. */
export function isSentAtOnce(content: MessageContent): boolean {
  return 'texts' in content;
}

export interface NewMessage {
  readonly id: string;
  /** The chat's marked id; messages of one chat keep their order. */
  readonly chat: string;
  /** The name it was addressed by, `@name` or `+digits`: whose that is is judged when it is sent. */
  readonly name?: string | undefined;
  /** How long before it was sent the chat was last seen with the name, where that could not be asked again. */
  readonly ownerAgeMs?: number | undefined;
  readonly content: MessageContent;
  /** One for each text or file, that is for each message Telegram makes of it; never 0, never changed. */
  readonly randomIds: readonly string[];
  readonly idempotencyKey: string | undefined;
  /** Hash of the request, to tell a repeated one from another with the same key. */
  readonly fingerprint: string;
  readonly acceptedAt: number;
  readonly expiresAt: number;
  /** Of the request that gave it; undefined for one of an older version. */
  readonly requestId?: string | undefined;
  /** Name of the token that sent it; undefined without tokens, and for one of an older version. */
  readonly caller?: string | undefined;
}

/** By which a repeated request is known. */
export type RequestKey = Pick<NewMessage, 'caller' | 'idempotencyKey' | 'fingerprint'>;

export interface Failure {
  readonly class: ErrorClassName;
  /** What happened and what to do, for people. */
  readonly detail: string;
}

/** How far the callback of a settled message is; all but `pending` are over. */
export interface CallbackProgress {
  readonly state: 'pending' | 'delivered' | 'failed' | 'stopped';
  readonly attempts: number;
  readonly lastError: string | undefined;
}

export interface StoredMessage extends NewMessage {
  readonly seq: number;
  readonly status: MessageStatus;
  /** Not tried again before this time; 0 when nothing speaks against it. */
  readonly notBefore: number;
  readonly attempts: number;
  /** An attempt ended without an answer: only asking again, with the same random ids, settles it. */
  readonly maybeSent: boolean;
  /** One for each text or file; null where Telegram did not say it. */
  readonly messageIds: readonly (number | null)[];
  /** Telegram's own date of the message, in milliseconds. */
  readonly sentAt: number | undefined;
  readonly failure: Failure | undefined;
  /** Undefined where it has met none. */
  readonly troubles?: Troubles | undefined;
  /** Once it is settled, where it has a callback. */
  readonly callback?: CallbackProgress | undefined;
}

/** How an attempt ended. `again` leaves the message at the head of its chat until `notBefore`. */
export type Outcome =
  | { readonly status: 'sent'; readonly messageIds: readonly (number | null)[]; readonly sentAt: number }
  /** `maybeSent`: a part of it is in the chat. */
  | {
      readonly status: 'failed';
      readonly failure: Failure;
      readonly maybeSent?: boolean;
      readonly troubles?: Troubles;
    }
  | {
      readonly status: 'again';
      readonly notBefore: number;
      readonly maybeSent: boolean;
      readonly failure: Failure;
      /** Those it had where absent. */
      readonly troubles?: Troubles;
    };

/** A message as the end of an attempt leaves it. */
export function settledBy(message: StoredMessage, outcome: Outcome): StoredMessage {
  if (outcome.status === 'sent') {
    return {
      ...message,
      ...outcome,
      notBefore: 0,
      maybeSent: false,
      failure: undefined,
      troubles: undefined,
    };
  }
  const maybeSent = outcome.maybeSent ?? false;
  if (outcome.status === 'failed') return { ...message, troubles: undefined, ...outcome, maybeSent };
  return { ...message, ...outcome, status: 'queued', maybeSent: message.maybeSent || maybeSent };
}

/** The latest time there is: a message held until then waits for its chat to become known. */
export const untilKnown = 8.64e15;

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
  /** The same as it is in its chat, where it was sent before it was on the disk. */
  readonly sent?: StoredMessage;
}

export interface AddOptions {
  readonly isReady?: boolean;
  readonly onCommit?: (added: Added) => void;
}

export interface Store {
  /**
   * Adds a message to the end of its chat, or answers with the earlier one of the same idempotency key. One that
   * `isReady` to be sent is claimed with it, unless another stands before it or it is not its chat's turn. `onCommit` is
   * told as soon as that outlives this process; it is on the disk when this resolves.
   * @throws Problem idempotency_conflict, queue_full, storage_full
   */
  add(message: NewMessage, options?: AddOptions): Promise<Added>;
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
