/**
 * How an account may stand with Telegram, as a closed set: each with a reason of its own, which says what the operator can
 * do now. /health, /stats, the metrics, the log and the dashboard show it.
 */
import { reason, sentence, type Code, type Reason } from '../../kit/reason.ts';
import type { Freeze } from './telegram-limits.ts';
import type { Unreachable } from './why-unreached.ts';

export const standings = [
  'ready',
  /** A connection is being made, and none has failed yet. */
  'connecting',
  'unreachable',
  /** The proxy on the way lets nothing through. */
  'proxy_failed',
  /** Telegram asked to wait before the account may connect. */
  'held',
  /** A server denied the session; it is being asked for again. */
  'unconfirmed',
  /** The account may read and not send. */
  'frozen',
  'revoked',
  /** Several connections confirmed that Telegram does not know the session. */
  'session_lost',
  /** Two programs used the session's key at once. */
  'used_twice',
  'deactivated',
  'banned',
  'never_signed_in',
  /** The stored data is of another Telegram user. */
  'other_account',
  'closed',
] as const;
export type StandingName = (typeof standings)[number];

export interface Standing {
  readonly state: StandingName;
  /** What happened, and what the operator can do; times are ISO 8601. */
  readonly reason: Reason;
}

/** Where Telegram's error alone says it. */
const byError = {
  unconfirmed: 'session_unconfirmed',
  revoked: 'session_revoked',
  session_lost: 'session_lost_for_good',
  used_twice: 'session_used_twice',
  deactivated: 'account_deactivated',
  banned: 'account_banned',
  never_signed_in: 'never_signed_in',
} as const satisfies Partial<Record<StandingName, Code>>;

/** `error` is Telegram's name for it, such as SESSION_REVOKED, or -404. */
export function standingByError(state: keyof typeof byError, error: string): Standing {
  return { state, reason: reason(byError[state], { error }) };
}

/** Since when the account is frozen, how long yet, and where to appeal, as far as Telegram has said. */
export function standingOfFreeze(freeze: Freeze | undefined): Standing {
  const state = 'frozen';
  const appeal = freeze?.appealUrl ?? 'https://t.me/spambot';
  if (!freeze) return { state, reason: reason('frozen', { appeal }) };
  const since = new Date(freeze.since).toISOString();
  const known = { appeal, since, since_day: dayOf(since) };
  if (!freeze.until) return { state, reason: reason('frozen_since', known) };
  const until = new Date(freeze.until).toISOString();
  return { state, reason: reason('frozen_until', { ...known, until, until_day: dayOf(until) }) };
}

function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

export function standingOfUnreachable({ cause, error, address }: Unreachable): Standing {
  return { state: 'unreachable', reason: reason(`unreachable_${cause}`, { cause, error, address }) };
}

/** Telegram's wait, by its name, which ends at `until` (milliseconds since the epoch). */
export function standingOfWait(error: string, until: number): Standing {
  return { state: 'held', reason: reason('held', { error, until: new Date(until).toISOString() }) };
}

/** The sentence for it, with what the operator can do. */
export function said({ reason }: Standing): string {
  return sentence(reason);
}
