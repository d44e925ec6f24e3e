/** A message on its way: what it says, how it is sent, what has become of it. */
import type { ErrorClassName } from '../../kit/errors.ts';
import { sentence, type Reason, type SentReason } from '../../kit/reason.ts';
import type { MediaKind } from './media-kinds.ts';
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
 * What is kept of a message. Its kind (send/) has the rest of the fields and knows what they mean; what the outbox and the
 * storage need of every kind is here.
 */
export interface MessageContent {
  readonly options: SendOptions;
  /** What was done otherwise than asked, for the caller; texts of older versions. */
  readonly notes?: readonly (string | Reason)[];
  /** Files, in the spool until they are sent. */
  readonly media?: readonly StoredMedia[];
  readonly [field: string]: unknown;
}

/** Until when Telegram holds a message that is `sent`, in milliseconds; undefined where it sent it at once. */
export function heldUntil({
  content,
  sentAt,
}: Pick<StoredMessage, 'content' | 'sentAt'>): number | undefined {
  const { scheduleAt } = content.options;
  return scheduleAt !== undefined && sentAt === scheduleAt * 1000 ? sentAt : undefined;
}

/** The spooled files of a message. */
export function spooledFilesOf({ media = [] }: MessageContent): string[] {
  return media.flatMap(({ spooled, thumbnail }) => (thumbnail ? [spooled, thumbnail.spooled] : [spooled]));
}

/** Whether a message is sent as soon as it is claimed; files are uploaded first. */
export function isSentAtOnce({ media }: MessageContent): boolean {
  return media === undefined;
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

export interface Failure {
  readonly class: ErrorClassName;
  /** What happened and what to do, for people. */
  readonly detail: string;
  /** The same by code; undefined where an older version, or another vocabulary, kept it. */
  readonly reason?: Reason | undefined;
}

export function failureOf(errorClass: ErrorClassName, reason: Reason): Failure {
  return { class: errorClass, detail: sentence(reason), reason };
}

/** What a failure says by code: its class, as in a problem, where it has no reason. */
export function codedFailure({ class: code, reason }: Failure): SentReason {
  return reason ?? { code, values: {} };
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
