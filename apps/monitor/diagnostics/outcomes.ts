/** What each check makes of the answer it got. Pure. */
import { reason, type Reason } from '../../kit/reason.ts';
import type { Answer } from '../health/gateway.ts';
import type { HealthAnswer, StatsAnswer } from '../health/gateway-answers.ts';
import type { Supervised } from '../supervisors/supervisor.ts';
import { leastFreeBytes, mostClockOffsetMs } from './causes.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Probed } from './port.ts';
import type { ErrorLine, Evidence, ServiceEvidence } from './evidence.ts';
import { because, statedBy, type DetailId, type Outcome, type Values } from './outcome.ts';

const shownErrors = 10;
const recentMs = 3_600_000;

export function supervisorOutcome({ state, detail }: Supervised): Outcome {
  const ok = state === 'unknown' ? null : state === 'running';
  return detail === null
    ? { ok, detail: 'state', values: { state } }
    : { ok, detail: 'state_because', ...because(detail, { state }) };
}

export function portOutcome({ port: number, owner, reason }: Probed, state: Supervised['state']): Outcome {
  const port = String(number);
  if (reason) return { ok: false, detail: 'not_listening', ...because(reason, { port }) };
  const isForeign = state !== 'running' && state !== 'unknown';
  const detail: DetailId = isForeign ? 'foreign' : 'listening';
  return owner
    ? { ok: !isForeign, detail: `${detail}_by`, values: { port, owner: owner.name, pid: String(owner.pid) } }
    : { ok: !isForeign, detail, values: { port } };
}

export function healthOutcome({ code, body, error }: Answer<HealthAnswer>): Outcome {
  if (code === null) return noAnswer(error);
  const ok = code < 500;
  const health = body?.status ?? null;
  if (!body || health === null) return { ok, detail: 'answered_code', values: { code: String(code) } };
  const reason = body.reasons.join('; ');
  return reason === ''
    ? { ok, detail: 'answered', values: { health } }
    : { ok, detail: 'answered_because', values: { health, reason }, causes: body.causes };
}

export function telegramOutcome({ body }: Answer<HealthAnswer>): Outcome {
  const check = body?.checks?.telegram ?? null;
  if (!check?.ok) return statedOutcome(check);
  return check.ping_ms === null
    ? { ok: true, detail: 'telegram_ok' }
    : { ok: true, detail: 'telegram_ping', values: { ping_ms: Math.max(1, Math.round(check.ping_ms)) } };
}

export function sessionOutcome({ body }: Answer<HealthAnswer>): Outcome {
  const check = body?.checks?.authorized ?? null;
  return check?.ok ? { ok: true, detail: 'signed_in' } : statedOutcome(check);
}

function statedOutcome(check: ServiceEvidence['telegram']): Outcome {
  return check ? { ok: check.ok, detail: 'told', ...statedBy(check) } : { ok: null, detail: 'not_told' };
}

export function statsOutcome({ code, body, error }: Answer<StatsAnswer>): Outcome {
  if (code === null) return noAnswer(error);
  if (code !== 200 || !body || body.uptime_s === null) return { ok: null, detail: 'not_told' };
  const values = {
    version: body.version ?? '?',
    depth: body.queue?.depth ?? '?',
    uptime_s: body.uptime_s,
  };
  return { ok: true, detail: 'stats', values };
}

export function cacheOutcome({ body }: Answer<StatsAnswer>): Outcome {
  const size = body?.cache?.size ?? null;
  return size === null
    ? { ok: null, detail: 'not_told' }
    : { ok: size > 0, detail: 'cache', values: { size } };
}

export function errorsOutcome(all: readonly ErrorLine[], now: number): Outcome {
  const lines = all.slice(-shownErrors).map(({ at, message }) => ({ at, message }));
  const last = lines.at(-1);
  if (!last) return { ok: true, detail: 'no_errors' };
  const isRecent = now - Date.parse(last.at) <= recentMs;
  return { ok: !isRecent, detail: 'errors', values: { count: lines.length, last_at: last.at }, lines };
}

export function diskOutcome({ freeBytes, totalBytes }: NonNullable<Evidence['disk']>): Outcome {
  const values = { free_bytes: freeBytes, total_bytes: totalBytes };
  return { ok: freeBytes >= leastFreeBytes, detail: 'disk', values };
}

export function clockOutcome({ offsetMs, reason }: ClockOffset): Outcome {
  if (offsetMs === null) {
    return reason === ''
      ? { ok: null, detail: 'clock_alone' }
      : { ok: null, detail: 'clock_unknown', values: { reason } };
  }
  const values: Values = { off_s: Math.max(1, Math.round(Math.abs(offsetMs) / 1000)) };
  if (Math.abs(offsetMs) <= mostClockOffsetMs) return { ok: true, detail: 'clock_right', values };
  return { ok: false, detail: offsetMs > 0 ? 'clock_ahead' : 'clock_behind', values };
}

function noAnswer(error: Reason | null): Outcome {
  return { ok: false, detail: 'no_answer', ...because(error ?? reason('no_answer')) };
}
