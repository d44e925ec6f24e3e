/** One check of a service's /health: what an answer means. */
import { z } from 'zod';
import { reason, sentence } from '../../kit/reason.ts';
import { orNull, someReasons } from '../model/answers.ts';
import { accountCauses, causeOfAccount } from './account-causes.ts';
import type { Answer } from './gateway.ts';
import type { HealthAnswer } from './gateway-answers.ts';

/** One check as it is kept and shown. */
export const healthCheck = z.object({
  /** ISO 8601. */
  at: z.string().refine((at) => Date.parse(at) > 0),
  /** Whether it answered in time that it can work; degraded is not a miss. */
  ok: z.boolean(),
  /** Null where nothing was answered. */
  latency_ms: orNull(z.number()),
  /** `ok`, `degraded` or `down` in the words of the service; null where it says nothing of the kind. */
  status: orNull(z.string()),
  /** Why it was a miss, or what degrades it. */
  reason: orNull(z.string()),
  /** The reason by codes, where they are known. */
  causes: someReasons,
  /** The cause that its account is, as diagnostics name it; null where it is none of those. */
  cause: orNull(z.enum(accountCauses)),
  /** Whether it was a miss because the monitor keeps the service stopped: no reason for an alert. */
  planned: z.boolean().catch(false),
});
export type HealthCheck = Readonly<z.infer<typeof healthCheck>>;

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
    const why = isHeld ? reason('stopped_by_procedure') : (error ?? reason('no_answer'));
    const said = { reason: sentence(why), causes: [why] };
    return { at, ok: false, latency_ms: null, status: null, ...said, cause: null, planned: isHeld };
  }
  const { reasons = [], causes = [] } = body ?? {};
  const stated = reasons.join('; ').slice(0, longestReason) || null;
  const fault = stated !== null || code === 200 ? undefined : reason('answered', { status: String(code) });
  const known = fault ? [fault] : causes;
  const ok = code < 500;
  return {
    at,
    ok,
    latency_ms: Math.round(ms),
    status: body?.status ?? null,
    reason: fault ? sentence(fault) : stated,
    ...(known.length > 0 && { causes: known }),
    cause: causeOfAccount(body?.account_state?.state ?? null),
    planned: isHeld && !ok,
  };
}
