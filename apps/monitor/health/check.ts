/** One check of a service's /health: what an answer means. */
import { causeOfAccount, type AccountCause } from './account-causes.ts';
import { arrayAt, stringAt } from './fields.ts';
import type { Answer } from './gateway.ts';

/** One check as it is kept and shown. */
export interface HealthCheck {
  /** ISO 8601. */
  readonly at: string;
  /** Whether it answered in time that it can work; degraded is not a miss. */
  readonly ok: boolean;
  /** Null where nothing was answered. */
  readonly latency_ms: number | null;
  /** `ok`, `degraded` or `down` in the words of the service; null where it says nothing of the kind. */
  readonly status: string | null;
  /** Why it was a miss, or what degrades it. */
  readonly reason: string | null;
  /** The cause that its account is, as diagnostics name it; null where it is none of those. */
  readonly cause: AccountCause | null;
  /** Whether it was a miss because the monitor keeps the service stopped: no reason for an alert. */
  readonly planned: boolean;
}

export const plannedReason = 'stopped by clear-flood-wait';

const longestReason = 300;

/**
 * A miss is no answer, a late one, or one of 500 and above (a service that is down answers 503).
 * @param isHeld whether the monitor keeps the service stopped
 */
export function judge(at: string, { code, body, error, ms }: Answer, isHeld: boolean): HealthCheck {
  if (code === null) {
    const reason = isHeld ? plannedReason : (error ?? 'no answer');
    return { at, ok: false, latency_ms: null, status: null, reason, cause: null, planned: isHeld };
  }
  const reasons = (arrayAt(body, 'reasons') ?? []).filter((reason) => typeof reason === 'string');
  const told = reasons.length > 0 ? reasons.join('; ').slice(0, longestReason) : null;
  const ok = code < 500;
  const reason = told ?? (code === 200 ? null : `answered ${code}`);
  return {
    ...{ at, ok, latency_ms: Math.round(ms), status: stringAt(body, 'status'), reason },
    cause: causeOfAccount(stringAt(body, 'account_state', 'state')),
    planned: isHeld && !ok,
  };
}
