/**
 * What Telegram's answers mean. Three outcomes are kept apart: Telegram refused (TelegramError), the request never
 * left this machine (Unreached), and nobody knows (OutcomeUnknown: it may have been carried out).
 */
import type { ErrorClassName } from '../../kit/errors.ts';

/** An RPC error as the wire has it: `FLOOD_WAIT_26` is type `FLOOD_WAIT`, argument 26. */
export class TelegramError extends Error {
  readonly code: number;
  readonly type: string;
  readonly argument: number | undefined;

  constructor(code: number, wireName: string) {
    super(wireName);
    this.name = 'TelegramError';
    const [, type, argument] = /^(.*?)(?:_(\d+))?$/.exec(wireName)!;
    this.code = code;
    this.type = type!;
    this.argument = argument === undefined ? undefined : Number(argument);
  }
}

/** The request was never sent: no connection, or the account is not ready. Asking again cannot repeat anything. */
export class Unreached extends Error {
  override name = 'Unreached';
}

/** The request was sent and no answer came: timed out, or the connection was cut. It may have been carried out. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

/** What follows from a refusal: whom it concerns, how long it lasts, how it is called to the outside. */
export interface Verdict {
  readonly class: ErrorClassName;
  /** `final` fails the message; `wait` closes a gate; `retry` tries again soon; `session` needs a sign-in. */
  readonly action: 'final' | 'wait' | 'retry' | 'session';
  /** For `wait`: what the wait is for. */
  readonly scope?: 'method' | 'chat' | 'account';
  /** For `wait`: how long, in milliseconds. */
  readonly waitMs?: number;
  /** For `retry`: the request may be under way or done on the server's side. */
  readonly maybeDone?: boolean;
}

/** PEER_FLOOD names no time; asking earlier makes it worse. */
const peerFloodWaitMs = 6 * 60 * 60 * 1000;

const finalClasses: Readonly<Record<string, ErrorClassName>> = {
  USER_BANNED_IN_CHANNEL: 'banned',
  CHAT_WRITE_FORBIDDEN: 'write_forbidden',
  CHAT_ADMIN_REQUIRED: 'write_forbidden',
  CHAT_SEND_PLAIN_FORBIDDEN: 'write_forbidden',
  CHAT_SEND_MEDIA_FORBIDDEN: 'write_forbidden',
  CHAT_SEND_PHOTOS_FORBIDDEN: 'write_forbidden',
  CHAT_SEND_DOCS_FORBIDDEN: 'write_forbidden',
  CHAT_RESTRICTED: 'write_forbidden',
  CHANNEL_PRIVATE: 'write_forbidden',
  CHAT_FORBIDDEN: 'write_forbidden',
  USER_IS_BLOCKED: 'privacy',
  YOU_BLOCKED_USER: 'privacy',
  USER_PRIVACY_RESTRICTED: 'privacy',
  PRIVACY_PREMIUM_REQUIRED: 'privacy',
  INPUT_USER_DEACTIVATED: 'cannot_resolve',
  PEER_ID_INVALID: 'cannot_resolve',
  CHAT_ID_INVALID: 'cannot_resolve',
  CHANNEL_INVALID: 'cannot_resolve',
  USER_ID_INVALID: 'cannot_resolve',
  USERNAME_NOT_OCCUPIED: 'cannot_resolve',
  USERNAME_INVALID: 'cannot_resolve',
  PHONE_NOT_OCCUPIED: 'cannot_resolve',
  PHONE_NUMBER_INVALID: 'cannot_resolve',
  MESSAGE_TOO_LONG: 'text_too_long',
  ENTITIES_TOO_LONG: 'text_too_long',
  MEDIA_CAPTION_TOO_LONG: 'text_too_long',
  MESSAGE_EMPTY: 'bad_request',
  FILE_PARTS_INVALID: 'media_invalid',
  IMAGE_PROCESS_FAILED: 'media_invalid',
  MEDIA_EMPTY: 'media_invalid',
  MEDIA_INVALID: 'media_invalid',
  PHOTO_INVALID_DIMENSIONS: 'media_invalid',
  PHOTO_EXT_INVALID: 'media_invalid',
  PHOTO_SAVE_FILE_INVALID: 'media_invalid',
};

const waits: Readonly<Record<string, { class: ErrorClassName; scope: 'method' | 'chat' }>> = {
  FLOOD_WAIT: { class: 'flood_wait', scope: 'method' },
  FLOOD_PREMIUM_WAIT: { class: 'flood_wait', scope: 'method' },
  SLOWMODE_WAIT: { class: 'slow_mode', scope: 'chat' },
};

/** Uploaded parts expire, and -404 may lose them: these are cured by uploading again. */
const passing = new Set([
  'RANDOM_ID_DUPLICATE',
  'FILE_PART_MISSING',
  'FILE_REFERENCE_EXPIRED',
  'MSG_WAIT_FAILED',
]);

/** The server gave up waiting for itself, or the first call with this random_id has not ended yet. */
const stillRunning = new Set(['RANDOM_ID_DUPLICATE', 'Timedout', 'TIMEOUT', 'MSG_WAIT_FAILED']);

/** Judges a refusal. Every error name this project knows is in this file and nowhere else. */
export function judge(error: TelegramError): Verdict {
  const wait = waits[error.type];
  if (wait) return { ...wait, action: 'wait', waitMs: Math.max(1, error.argument ?? 1) * 1000 };
  if (error.type === 'PEER_FLOOD') {
    return { class: 'peer_flood', action: 'wait', scope: 'account', waitMs: peerFloodWaitMs };
  }
  if (error.code === 401 || error.type === 'AUTH_KEY_DUPLICATED')
    return { class: 'session_lost', action: 'session' };
  const finalClass = finalClasses[error.type];
  if (finalClass) return { class: finalClass, action: 'final' };
  const named = error.type.replace(/_\d+_/, '_');
  if (passing.has(named) || error.code >= 500 || error.code < 0) {
    return { class: 'telegram_unavailable', action: 'retry', maybeDone: stillRunning.has(error.type) };
  }
  return { class: 'telegram_error', action: 'final' };
}
