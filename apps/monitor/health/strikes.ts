/** When misses become an alert, and when it is over: three in a row, and two good ones. Pure. */
import type { HealthCheck } from './check.ts';

/** A service that has not answered three times in a row; times in ISO 8601. */
export interface Alert {
  /** The first of the misses. */
  readonly since: string;
  /** The miss that made it an alert. */
  readonly began_at: string;
  /** Why the last check was a miss. */
  readonly reason: string;
  /** The same as diagnostics name it, where it is one of the account. */
  readonly cause: HealthCheck['cause'];
  /** How many misses there have been. */
  readonly misses: number;
}

/** What is remembered of the checks of one service, beside their history. */
export interface Strikes {
  /** Misses since the last good check. */
  readonly misses: number;
  readonly firstMissAt: string | null;
  /** Good checks in a row while there is an alert. */
  readonly goods: number;
  readonly alert: Alert | null;
}

export type AlertChange =
  | { readonly type: 'began'; readonly alert: Alert }
  | { readonly type: 'ended'; readonly alert: Alert; readonly at: string };

export const noStrikes: Strikes = { misses: 0, firstMissAt: null, goods: 0, alert: null };

const missesToAlert = 3;
const goodsToEnd = 2;

/** What follows from one more check; nothing does from a miss that was planned. */
export function afterCheck(
  before: Strikes,
  { at, ok, reason, cause, planned }: HealthCheck,
): { strikes: Strikes; change?: AlertChange } {
  if (ok) return afterGood(before, at);
  if (planned) return { strikes: before };
  const misses = before.misses + 1;
  const firstMissAt = before.firstMissAt ?? at;
  const why = reason ?? 'no answer';
  if (before.alert) {
    const alert = { ...before.alert, reason: why, cause, misses: before.alert.misses + 1 };
    return { strikes: { misses, firstMissAt, goods: 0, alert } };
  }
  if (misses < missesToAlert) return { strikes: { misses, firstMissAt, goods: 0, alert: null } };
  const alert = { since: firstMissAt, began_at: at, reason: why, cause, misses };
  return { strikes: { misses, firstMissAt, goods: 0, alert }, change: { type: 'began', alert } };
}

function afterGood({ alert, goods }: Strikes, at: string): { strikes: Strikes; change?: AlertChange } {
  if (!alert) return { strikes: noStrikes };
  if (goods + 1 < goodsToEnd) return { strikes: { ...noStrikes, goods: goods + 1, alert } };
  return { strikes: noStrikes, change: { type: 'ended', alert, at } };
}
