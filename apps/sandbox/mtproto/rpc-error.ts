/** Errors as Telegram answers them. */

/** An rpc_error: its code and its name, for instance 420 and `FLOOD_WAIT_3`. */
export class RpcError extends Error {
  readonly code: number;
  constructor(code: number, name: string) {
    super(name);
    this.name = 'RpcError';
    this.code = code;
  }
}

/** Names whose code does not follow from a pattern (core.telegram.org/api/errors). */
const codes: Readonly<Record<string, number>> = {
  AUTH_KEY_DUPLICATED: 406,
  AUTH_KEY_UNREGISTERED: 401,
  AUTH_KEY_PERM_EMPTY: 401,
  SESSION_REVOKED: 401,
  SESSION_EXPIRED: 401,
  SESSION_PASSWORD_NEEDED: 401,
  USER_DEACTIVATED: 401,
  USER_DEACTIVATED_BAN: 401,
  CHAT_WRITE_FORBIDDEN: 403,
  CHAT_FORBIDDEN: 403,
  CHAT_GUEST_SEND_FORBIDDEN: 403,
  PREMIUM_ACCOUNT_REQUIRED: 403,
  PRIVACY_PREMIUM_REQUIRED: 403,
  USER_IS_BLOCKED: 403,
  USER_PRIVACY_RESTRICTED: 403,
  USER_RESTRICTED: 403,
  FLOOD_SKIP_FAILED_WAIT: 420,
  FROZEN_METHOD_INVALID: 420,
  CHANNEL_PRIVATE: 406,
  HISTORY_GET_FAILED: 500,
  PERSISTENT_TIMESTAMP_OUTDATED: 500,
  POSTPONED_TIMEOUT: 500,
  STORAGE_CHECK_FAILED: 500,
  RANDOM_ID_DUPLICATE: 500,
  RPC_CALL_FAIL: 500,
  RPC_MCGET_FAIL: 500,
  INTERNAL: 500,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 500,
  WORKER_BUSY_TOO_LONG_RETRY: 500,
  Timedout: -503,
  Timeout: -503,
  TIMEOUT: -503,
};

/** The code that Telegram sends with an error's name; 400 where nothing else is known of it. */
export function codeOf(name: string): number {
  if (/^(FLOOD(_PREMIUM|_TEST_PHONE)?|SLOWMODE|TAKEOUT_INIT)_(WAIT|DELAY)_\d+$/.test(name)) return 420;
  if (/^(STORY_SEND_FLOOD|PREMIUM_SUB_ACTIVE_UNTIL)_/.test(name)) return 420;
  if (/^(CHAT_SEND_[A-Z]+_FORBIDDEN|ALLOW_PAYMENT_REQUIRED_\d+)$/.test(name)) return 403;
  if (/_MIGRATE_\d+$/.test(name)) return 303;
  if (name === '-500' || name.startsWith('INTERDC_')) return 500;
  return codes[name] ?? 400;
}

/** The seconds and the reach of a wait that this error announces, or undefined. */
export function waitOf(name: string): { seconds: number; ofChat: boolean } | undefined {
  const match = /^(FLOOD|FLOOD_PREMIUM|SLOWMODE)_WAIT_(\d+)$/.exec(name);
  return match ? { seconds: Math.max(1, Number(match[2])), ofChat: match[1] === 'SLOWMODE' } : undefined;
}
