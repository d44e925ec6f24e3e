/** One check of a service's /health: what an answer means. */
import { causeOfAccount, type AccountCause } from './account-causes.ts';
import type { Answer } from './gateway.ts';
import type { HealthAnswer } from './gateway-answers.ts';

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
export function judge(
  at: string,
  { code, body, error, ms }: Answer<HealthAnswer>,
  isHeld: boolean,
): HealthCheck {
  if (code === null) {
    const reason = isHeld ? plannedReason : (error ?? 'no answer');
    return { at, ok: false, latency_ms: null, status: null, reason, cause: null, planned: isHeld };
  }
  const stated = body?.reasons.join('; ').slice(0, longestReason) || null;
  const ok = code < 500;
  return {
    at,
    ok,
    latency_ms: Math.round(ms),
    status: body?.status ?? null,
    reason: stated ?? (code === 200 ? null : `answered ${code}`),
    cause: causeOfAccount(body?.account_state?.state ?? null),
    planned: isHeld && !ok,
  };
}
