/**
 * The errors callers see. One table says for each class which HTTP status it has and whether trying again later
 * can help; the README prints it, the monitor groups log lines by the same classes.
 */
export interface ErrorClass {
  readonly status: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly title: string;
}

export const errorClasses = {
  bad_request: { status: 422, retryable: false, title: 'The request is wrong' },
  unauthorized: { status: 401, retryable: false, title: 'No valid token' },
  forbidden: { status: 403, retryable: false, title: 'Not allowed' },
  not_found: { status: 404, retryable: false, title: 'No such thing' },
  banned: { status: 403, retryable: false, title: 'The account is banned in that chat' },
  write_forbidden: { status: 403, retryable: false, title: 'The account may not write there' },
  privacy: { status: 403, retryable: false, title: "The recipient's privacy settings forbid it" },
  cannot_resolve: { status: 404, retryable: false, title: 'The recipient is not known' },
  conflict: { status: 409, retryable: false, title: 'Not possible in this state' },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    title: 'The idempotency key was used for another request',
  },
  cancelled: { status: 409, retryable: false, title: 'The message was cancelled' },
  expired: { status: 504, retryable: true, title: 'The message was not sent in time' },
  too_large: { status: 413, retryable: false, title: 'Too large' },
  unsupported_media: { status: 415, retryable: false, title: 'Unsupported content type' },
  media_invalid: { status: 422, retryable: false, title: 'Telegram does not take this media' },
  text_too_long: { status: 422, retryable: false, title: 'The text is too long' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  flood_wait: { status: 429, retryable: true, title: 'Telegram asks to wait' },
  slow_mode: { status: 429, retryable: true, title: 'The chat is in slow mode' },
  peer_flood: { status: 429, retryable: true, title: 'Telegram restricts writing to strangers' },
  telegram_error: { status: 502, retryable: false, title: 'Telegram refused the message' },
  storage_full: { status: 503, retryable: true, title: 'No room to store messages' },
  queue_full: { status: 503, retryable: true, title: 'The queue is full' },
  session_lost: { status: 503, retryable: true, title: 'The account must sign in again' },
  telegram_unavailable: { status: 503, retryable: true, title: 'Telegram cannot be reached' },
  unavailable: { status: 503, retryable: true, title: 'A service behind this one does not answer' },
  internal: { status: 500, retryable: true, title: 'An error of this service' },
} as const satisfies Record<string, ErrorClass>;

export type ErrorClassName = keyof typeof errorClasses;

export interface ProblemExtras {
  /** HTTP status, where it differs from that of the class: 400 for a body that is not JSON. */
  status?: number;
  /** Seconds after which trying again makes sense. */
  retryAfter?: number | undefined;
  /** Id of the message, once it has one. */
  id?: string | undefined;
  cause?: unknown;
}

/** An error that is told to the caller as it stands: `detail` names the field or chat and what to do. */
export class Problem extends Error {
  readonly class: ErrorClassName;
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly id: string | undefined;

  constructor(className: ErrorClassName, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.name = 'Problem';
    this.class = className;
    this.status = extras.status ?? errorClasses[className].status;
    this.retryAfter = extras.retryAfter;
    this.id = extras.id;
  }
}

/** The `application/problem+json` body of an error; `error` repeats `detail` for callers of the old services. */
export function problemBody(problem: Problem): Record<string, unknown> {
  const { title, retryable } = errorClasses[problem.class];
  return {
    ok: false,
    type: `urn:vestnik:error:${problem.class}`,
    title,
    status: problem.status,
    detail: problem.message,
    class: problem.class,
    retryable,
    retry_after: problem.retryAfter ?? null,
    id: problem.id ?? null,
    error: problem.message,
  };
}
