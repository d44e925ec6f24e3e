import { sentence, type Reason } from './reason.ts';

/**
 * The errors callers see. One table says for each class which HTTP status it has and whether trying again later
 * can help; the README prints it, the monitor groups log lines by the same classes.
 */
export interface ErrorClass {
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly title: string;
  /** For the documentation: what happened, and what to do where that is not plain. */
  readonly means: string;
}

export const errorClasses = {
  bad_request: {
    status: 422,
    retryable: false,
    title: 'The request is wrong',
    means:
      'The body is not JSON or not text of its charset (400), or a field is wrong: it is named, with what it takes',
  },
  unauthorized: {
    status: 401,
    retryable: false,
    title: 'No valid token',
    means: 'No `Authorization: Bearer` token, or not one of API_TOKENS',
  },
  forbidden: {
    status: 403,
    retryable: false,
    title: 'Not allowed',
    means: 'The token has not that scope, or a web page of another site or an unknown Host asked',
  },
  not_found: {
    status: 404,
    retryable: false,
    title: 'No such thing',
    means: 'No such endpoint or message, or the message was purged after RETAIN_DAYS',
  },
  banned: {
    status: 403,
    retryable: false,
    title: 'The account is banned in that chat',
    means: 'The account is banned in that chat',
  },
  write_forbidden: {
    status: 403,
    retryable: false,
    title: 'The account may not write there',
    means: 'The account may not write in that chat',
  },
  privacy: {
    status: 403,
    retryable: false,
    title: "The recipient's privacy settings forbid it",
    means: 'The recipient takes no messages from this account',
  },
  cannot_resolve: {
    status: 404,
    retryable: false,
    title: 'The recipient is not known',
    means: 'The chat is not known: open a dialog with it, use its username, or reload the cache',
  },
  conflict: {
    status: 409,
    retryable: false,
    title: 'Not possible in this state',
    means: 'The message is in no state for this: `detail` says in which it is',
  },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    title: 'The idempotency key was used for another request',
    means: 'The key was used for another request: use a new one',
  },
  cancelled: {
    status: 409,
    retryable: false,
    title: 'The message was cancelled',
    means: 'The message was cancelled before it was sent',
  },
  expired: {
    status: 504,
    retryable: true,
    title: 'The message was not sent in time',
    means: 'The message could not be sent before its `expires_in` was over; it was not sent',
  },
  too_large: {
    status: 413,
    retryable: false,
    title: 'Too large',
    means: 'The body or a file is larger than is taken',
  },
  unsupported_media: {
    status: 415,
    retryable: false,
    title: 'Unsupported content type',
    means: 'The Content-Type is none that is taken here',
  },
  media_invalid: {
    status: 422,
    retryable: false,
    title: 'Telegram does not take this media',
    means:
      'The file cannot be read, its address answers with a web page, or Telegram does not take it as this kind',
  },
  text_too_long: {
    status: 422,
    retryable: false,
    title: 'The text is too long',
    means: 'Longer than Telegram takes: `split` sends a text as several messages',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    title: 'Too many requests',
    means: 'More requests than RATE_LIMIT_PER_S: nothing was done',
  },
  flood_wait: {
    status: 429,
    retryable: true,
    title: 'Telegram asks to wait',
    means: 'Telegram asks to wait, and the message is not queued',
  },
  slow_mode: {
    status: 429,
    retryable: true,
    title: 'The chat is in slow mode',
    means: 'The chat is in slow mode, and the message is not queued',
  },
  peer_flood: {
    status: 429,
    retryable: true,
    title: 'First messages to strangers wait',
    means: 'Telegram refuses first messages to people who are not contacts, or STRANGERS_PER_DAY is used up',
  },
  telegram_error: {
    status: 502,
    retryable: false,
    title: 'Telegram refused the message',
    means: 'Telegram refused it for another reason, whose name is in `detail`',
  },
  storage_full: {
    status: 503,
    retryable: true,
    title: 'No room to store messages',
    means: 'No room under DATA_DIR, or files wait beyond SPOOL_LIMIT_MB: nothing was accepted',
  },
  storage_failed: {
    status: 503,
    retryable: true,
    title: 'Messages cannot be stored',
    means:
      'The disk, the spool or the database under DATA_DIR does not work (gone, read-only, locked, damaged): nothing was accepted',
  },
  overloaded: {
    status: 503,
    retryable: true,
    title: 'Too many large requests at once',
    means: 'The bodies of other requests fill BODY_MEMORY_MB: nothing was done',
  },
  queue_full: {
    status: 503,
    retryable: true,
    title: 'The queue is full',
    means: 'QUEUE_LIMIT messages wait: nothing was accepted',
  },
  account_frozen: {
    status: 503,
    retryable: true,
    title: 'Telegram froze the account',
    means: 'The account may read and not send until an appeal at @SpamBot is granted; messages wait',
  },
  outcome_unknown: {
    status: 504,
    retryable: false,
    title: 'It may have been sent',
    means:
      'The message may have been sent, and Telegram would not say so: look into the chat before sending it again',
  },
  session_lost: {
    status: 503,
    retryable: true,
    title: 'The account must sign in again',
    means: 'The account must sign in again (`npm run login`)',
  },
  telegram_unavailable: {
    status: 503,
    retryable: true,
    title: 'Telegram cannot be reached',
    means: 'Telegram could not be reached before the message expired',
  },
  unavailable: {
    status: 503,
    retryable: true,
    title: 'A service behind this one does not answer',
    means: 'A gateway does not answer the monitor',
  },
  internal: {
    status: 500,
    retryable: true,
    title: 'An error of this service',
    means: 'An error of this service: its log has it under the request id',
  },
} as const satisfies Record<string, ErrorClass>;

export type ErrorClassName = keyof typeof errorClasses;

export interface ProblemExtras {
  /** HTTP status, where it differs from that of the class: 400 for a body that is not JSON. */
  status?: number;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number | undefined;
  /** Id of the message, once it has one. */
  id?: string | undefined;
  /** The field at fault, as a path such as `0.error`. */
  field?: string | undefined;
  cause?: unknown;
}

/** An error that the caller is shown as it stands: `detail` names the field or chat and what to do. */
export class Problem extends Error {
  readonly class: ErrorClassName;
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly id: string | undefined;
  readonly field: string | undefined;
  /** Undefined where the words are for the caller alone. */
  readonly reason: Reason | undefined;

  constructor(className: ErrorClassName, detail: string | Reason, extras: ProblemExtras = {}) {
    super(typeof detail === 'string' ? detail : sentence(detail), { cause: extras.cause });
    this.name = 'Problem';
    this.class = className;
    this.status = extras.status ?? errorClasses[className].status;
    this.retryAfter = extras.retryAfter;
    this.id = extras.id;
    this.field = extras.field;
    this.reason = typeof detail === 'string' ? undefined : detail;
  }
}

/**
 * The `application/problem+json` body of an error; `error` repeats `detail` for callers of the old services. `code` is
 * the class where the error has no reason of its own.
 */
export function problemBody(problem: Problem): Record<string, unknown> {
  const { title, retryable } = errorClasses[problem.class];
  return {
    ok: false,
    type: `urn:vestnik:error:${problem.class}`,
    title,
    status: problem.status,
    detail: problem.message,
    class: problem.class,
    code: problem.class,
    values: {},
    ...problem.reason,
    retryable,
    retry_after: problem.retryAfter ?? null,
    id: problem.id ?? null,
    field: problem.field,
    error: problem.message,
  };
}
