/**
 * Every error name of Telegram that this project knows, and what each means: for the message that met it, for the gate
 * in front of its kind, for the account, and for the caller. Codes and names are those of core.telegram.org/api/errors,
 * the pages of its methods, TDLib, and Telethon's list. A name that is missing here is judged by its code alone.
 */
import type { ErrorClassName } from '../../kit/errors.ts';

/** Which calls a wait concerns: those of the method, those to the chat, or those to users never written to. */
export type WaitScope = 'method' | 'chat' | 'strangers';

/** What an error says about the whole account. */
export type AccountTrouble =
  /** The session is over, without a doubt. */
  | 'revoked'
  /** Two programs used the session's key at once, and it is over. */
  | 'used_twice'
  /** The account is deleted. */
  | 'deactivated'
  /** Telegram banned the account. */
  | 'banned'
  /** The account may read and not write. */
  | 'frozen'
  /** The session may be over; servers answer this by mistake, too. */
  | 'unconfirmed'
  /** The link has to introduce itself again. */
  | 'uninitialized'
  /** The account lives in the data centre that the name ends with. */
  | 'elsewhere';

/**
 * What becomes of the message: it `failed`; it `waits` for the gate or the account; it goes out `again`, because it was
 * not carried out; or its outcome is `unknown`, and the same random_id settles it.
 */
export type MessageFate = 'failed' | 'waits' | 'again' | 'unknown';

/** One row. A name stands without the number that follows it; a pattern matches the whole name. */
export interface TelegramErrorRow {
  readonly name: string | RegExp;
  readonly code: number;
  /** How callers see it. */
  readonly class: ErrorClassName;
  readonly message: MessageFate;
  readonly gate?: WaitScope;
  readonly account?: AccountTrouble;
  /** It goes away by itself, however often it comes. */
  readonly passes?: true;
  /** It says that the id, or its access hash, leads to no chat: another answer may. */
  readonly peer?: 'refused';
}

/** Names that mean the same. */
function rows(
  means: Omit<TelegramErrorRow, 'name'>,
  ...names: readonly (string | RegExp)[]
): readonly TelegramErrorRow[] {
  return names.map((name) => ({ name, ...means }));
}

const waits = { code: 420, message: 'waits' } as const;
const refused = { code: 400, message: 'failed' } as const;
const forbidden = { code: 403, message: 'failed' } as const;
const again = { code: 400, message: 'again', class: 'telegram_unavailable' } as const;
const unknown = { code: 500, message: 'unknown', class: 'telegram_unavailable' } as const;
const lost = { code: 401, message: 'waits', class: 'session_lost' } as const;

/** The table; the first row that fits counts. */
export const telegramErrors: readonly TelegramErrorRow[] = [
  // Waits that Telegram announces, with their seconds at the end of the name.
  ...rows(
    { ...waits, class: 'flood_wait', gate: 'method' },
    'FLOOD_WAIT',
    'FLOOD_PREMIUM_WAIT',
    'FLOOD_TEST_PHONE_WAIT',
    'FLOOD_SKIP_FAILED_WAIT',
  ),
  ...rows({ ...waits, class: 'slow_mode', gate: 'chat' }, 'SLOWMODE_WAIT'),
  ...rows({ code: 400, message: 'waits', class: 'peer_flood', gate: 'strangers' }, 'PEER_FLOOD'),
  ...rows(
    { code: 420, message: 'failed', class: 'telegram_error' },
    /STORY_SEND_FLOOD_.+/,
    /PREMIUM_SUB_ACTIVE_UNTIL_.+/,
  ),

  // The account and its session.
  ...rows({ ...lost, account: 'revoked' }, 'SESSION_REVOKED', 'SESSION_EXPIRED'),
  ...rows({ ...lost, account: 'deactivated' }, 'USER_DEACTIVATED'),
  ...rows({ ...lost, account: 'banned' }, 'USER_DEACTIVATED_BAN'),
  ...rows({ ...lost, code: 400, account: 'banned' }, 'PHONE_NUMBER_BANNED'),
  ...rows({ ...lost, code: 406, account: 'used_twice' }, 'AUTH_KEY_DUPLICATED'),
  ...rows(
    { ...lost, account: 'unconfirmed' },
    'AUTH_KEY_UNREGISTERED',
    'AUTH_KEY_INVALID',
    'AUTH_KEY_PERM_EMPTY',
    'SESSION_PASSWORD_NEEDED',
  ),
  ...rows({ ...waits, class: 'account_frozen', account: 'frozen' }, 'FROZEN_METHOD_INVALID'),
  ...rows({ ...again, account: 'uninitialized' }, 'CONNECTION_NOT_INITED', 'CONNECTION_LAYER_INVALID'),
  ...rows(
    { code: 303, message: 'again', class: 'telegram_unavailable', account: 'elsewhere' },
    'PHONE_MIGRATE',
    'NETWORK_MIGRATE',
    'USER_MIGRATE',
  ),

  // The chat.
  ...rows({ ...refused, class: 'banned' }, 'USER_BANNED_IN_CHANNEL'),
  ...rows(
    { ...forbidden, class: 'write_forbidden' },
    'CHAT_WRITE_FORBIDDEN',
    'CHAT_FORBIDDEN',
    'CHAT_GUEST_SEND_FORBIDDEN',
    'CHANNEL_PUBLIC_GROUP_NA',
    'USER_RESTRICTED',
    /CHAT_SEND_[A-Z]+_FORBIDDEN/,
  ),
  ...rows(
    { ...refused, class: 'write_forbidden' },
    'CHAT_ADMIN_REQUIRED',
    'CHAT_RESTRICTED',
    'CHANNEL_PRIVATE',
    'CHANNEL_BANNED',
    'SEND_AS_PEER_INVALID',
    'SLOWMODE_MULTI_MSGS_DISABLED',
    'TOPIC_CLOSED',
    'TOPIC_DELETED',
    'TOPIC_ID_INVALID',
    'USER_KICKED',
    'USER_NOT_PARTICIPANT',
  ),
  ...rows(
    { ...forbidden, class: 'privacy' },
    'PRIVACY_PREMIUM_REQUIRED',
    'USER_IS_BLOCKED',
    'USER_PRIVACY_RESTRICTED',
    'ALLOW_PAYMENT_REQUIRED',
  ),
  ...rows(
    { ...refused, class: 'privacy' },
    'SCHEDULE_STATUS_PRIVATE',
    'VOICE_MESSAGES_FORBIDDEN',
    'YOU_BLOCKED_USER',
    'USER_IS_BOT',
  ),
  ...rows(
    { ...refused, class: 'cannot_resolve', peer: 'refused' },
    'CHANNEL_INVALID',
    'CHANNEL_ID_INVALID',
    'CHAT_ID_INVALID',
    'CHAT_INVALID',
    'INPUT_USER_DEACTIVATED',
    'PEER_ID_INVALID',
    'PEER_ID_NOT_SUPPORTED',
    'USER_DELETED',
    'USER_ID_INVALID',
    'USER_INVALID',
  ),
  ...rows(
    { ...refused, class: 'cannot_resolve' },
    // The four that say that nobody has this name or number.
    'PHONE_NOT_OCCUPIED',
    'PHONE_NUMBER_INVALID',
    'USERNAME_INVALID',
    'USERNAME_NOT_OCCUPIED',
  ),

  // The text and its options.
  ...rows(
    { ...refused, class: 'text_too_long' },
    'ENTITIES_TOO_LONG',
    'MEDIA_CAPTION_TOO_LONG',
    'MESSAGE_TOO_LONG',
  ),
  ...rows(
    { ...refused, class: 'bad_request' },
    'ENTITY_BOUNDS_INVALID',
    'ENTITY_MENTION_USER_INVALID',
    'MESSAGE_EMPTY',
    'MSG_ID_INVALID',
    'RANDOM_ID_EMPTY',
    'RANDOM_ID_INVALID',
    'REPLY_MESSAGE_ID_INVALID',
    'REPLY_TO_INVALID',
    'REPLY_TO_USER_INVALID',
    'SCHEDULE_DATE_INVALID',
    'SCHEDULE_DATE_TOO_LATE',
    'SCHEDULE_TOO_MUCH',
    'SCHEDULE_BOT_NOT_ALLOWED',
  ),

  // The media.
  ...rows(
    { ...refused, class: 'media_invalid' },
    'DOCUMENT_INVALID',
    'EMOTICON_INVALID',
    'EXTENDED_MEDIA_INVALID',
    'EXTERNAL_URL_INVALID',
    'FILE_CONTENT_TYPE_INVALID',
    'FILE_EMTPY',
    'FILE_PARTS_INVALID',
    'FILE_PART_EMPTY',
    'FILE_PART_LENGTH_INVALID',
    'FILE_PART_SIZE_CHANGED',
    'FILE_PART_SIZE_INVALID',
    'FILE_PART_TOO_BIG',
    'FILE_PART_TOO_SMALL',
    'FILE_TITLE_EMPTY',
    'GROUPED_MEDIA_INVALID',
    'IMAGE_PROCESS_FAILED',
    'INPUT_FILE_INVALID',
    'MEDIA_EMPTY',
    'MEDIA_FILE_INVALID',
    'MEDIA_GROUPED_INVALID',
    'MEDIA_INVALID',
    'MEDIA_TTL_INVALID',
    'MEDIA_TYPE_INVALID',
    'MULTI_MEDIA_TOO_LONG',
    'PHOTO_CONTENT_TYPE_INVALID',
    'PHOTO_CONTENT_URL_EMPTY',
    'PHOTO_EXT_INVALID',
    'PHOTO_ID_INVALID',
    'PHOTO_INVALID',
    'PHOTO_INVALID_DIMENSIONS',
    'PHOTO_SAVE_FILE_INVALID',
    'STICKER_ID_INVALID',
    'TTL_MEDIA_INVALID',
    'VIDEO_CONTENT_TYPE_INVALID',
    'VIDEO_FILE_INVALID',
    'WEBPAGE_CURL_FAILED',
    'WEBPAGE_MEDIA_EMPTY',
    'WEBPAGE_NOT_FOUND',
    'WEBPAGE_URL_INVALID',
    /POLL_[A-Z_]+/,
    /QUIZ_[A-Z_]+/,
  ),
  // Parts and references that are gone: another upload cures them.
  ...rows(
    again,
    /FILE_PART_\d+_MISSING/,
    'FILE_PART_INVALID',
    'FILE_ID_INVALID',
    'MD5_CHECKSUM_INVALID',
    /FILE_REFERENCE_(\d+_)?(EMPTY|EXPIRED|INVALID)/,
  ),

  // The server had trouble: none of these says whether the call was carried out.
  ...rows(
    unknown,
    'CHAT_GET_FAILED',
    'HISTORY_GET_FAILED',
    'INTERNAL',
    'INTERNAL_SERVER_ERROR',
    'NOT_IMPLEMENTED',
    'PERSISTENT_TIMESTAMP_OUTDATED',
    'POSTPONED_TIMEOUT',
    'RPC_MCGET_FAIL',
    'STORAGE_CHECK_FAILED',
  ),
  ...rows(
    { ...unknown, passes: true },
    'RANDOM_ID_DUPLICATE',
    'RPC_CALL_FAIL',
    /INTERDC_.+/,
    /WORKER_BUSY_.+/,
  ),
  ...rows({ ...unknown, code: 400 }, 'MSG_WAIT_FAILED', 'MSG_WAIT_TIMEOUT'),
  ...rows({ ...unknown, code: -503, passes: true }, 'Timeout', 'Timedout', 'TIMEOUT'),
];
