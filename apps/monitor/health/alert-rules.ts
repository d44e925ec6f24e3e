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
  readonly causes?: HealthCheck['causes'];
  /** The same as diagnostics name it, where it is one of the account. */
  readonly cause: HealthCheck['cause'];
  /** How many misses there have been. */
  readonly misses: number;
}

/** What is remembered of the checks of one service, beside their history. */
export interface AlertState {
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

export const noMisses: AlertState = { misses: 0, firstMissAt: null, goods: 0, alert: null };

const missesToAlert = 3;
const goodsToEnd = 2;

/** What follows from one more check; nothing does from a miss that was planned. */
export function afterCheck(
  before: AlertState,
  { at, ok, reason, causes, cause, planned }: HealthCheck,
): { state: AlertState; change?: AlertChange } {
  if (ok) return afterGood(before, at);
  if (planned) return { state: before };
  const misses = before.misses + 1;
  const firstMissAt = before.firstMissAt ?? at;
  const why = { reason: reason ?? 'no answer', ...(causes && { causes }) };
  if (before.alert) {
    const { causes: _, ...known } = before.alert;
    const alert = { ...known, ...why, cause, misses: before.alert.misses + 1 };
    return { state: { misses, firstMissAt, goods: 0, alert } };
  }
  if (misses < missesToAlert) return { state: { misses, firstMissAt, goods: 0, alert: null } };
  const alert = { since: firstMissAt, began_at: at, ...why, cause, misses };
  return { state: { misses, firstMissAt, goods: 0, alert }, change: { type: 'began', alert } };
}

function afterGood({ alert, goods }: AlertState, at: string): { state: AlertState; change?: AlertChange } {
  if (!alert) return { state: noMisses };
  if (goods + 1 < goodsToEnd) return { state: { ...noMisses, goods: goods + 1, alert } };
  return { state: noMisses, change: { type: 'ended', alert, at } };
}
