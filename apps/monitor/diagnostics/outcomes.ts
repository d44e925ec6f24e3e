/** What each check makes of the answer it got. Pure. */
import { arrayAt, booleanAt, numberAt, objectAt, stringAt } from '../health/fields.ts';
import type { Answer } from '../health/gateway.ts';
import type { Supervised } from '../supervisors/supervisor.ts';
import { leastFreeBytes, mostClockOffsetMs } from './causes.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { ErrorLine, Evidence, PortEvidence, ServiceEvidence } from './evidence.ts';
import type { DetailId, Outcome, Values } from './outcome.ts';

const shownErrors = 10;
const recentMs = 3_600_000;

export function supervisorOutcome({ state, detail }: Supervised): Outcome {
  const ok = state === 'unknown' ? null : state === 'running';
  return detail === null
    ? { ok, detail: 'state', values: { state } }
    : { ok, detail: 'state_because', values: { state, reason: detail } };
}

export function portOutcome(
  { port: number, isListening, owner, reason }: PortEvidence & { readonly reason: string },
  state: Supervised['state'],
): Outcome {
  const port = String(number);
  if (!isListening) return { ok: false, detail: 'not_listening', values: { port, reason } };
  const isForeign = state !== 'running' && state !== 'unknown';
  const detail: DetailId = isForeign ? 'foreign' : 'listening';
  return owner
    ? { ok: !isForeign, detail: `${detail}_by`, values: { port, owner: owner.name, pid: String(owner.pid) } }
    : { ok: !isForeign, detail, values: { port } };
}

export function healthOutcome({ code, body, error }: Answer): Outcome {
  if (code === null) return noAnswer(error);
  const ok = code < 500;
  const health = stringAt(body, 'status');
  if (health === null) return { ok, detail: 'answered_code', values: { code: String(code) } };
  const reason = (arrayAt(body, 'reasons') ?? []).filter((each) => typeof each === 'string').join('; ');
  return reason === ''
    ? { ok, detail: 'answered', values: { health } }
    : { ok, detail: 'answered_because', values: { health, reason } };
}

export function telegramOutcome(answer: Answer): Outcome {
  const told = toldCheck(answer, 'telegram');
  const ping = numberAt(answer.body, 'checks', 'telegram', 'ping_ms');
  if (!told?.ok) return toldOutcome(answer, 'telegram');
  return ping === null
    ? { ok: true, detail: 'telegram_ok' }
    : { ok: true, detail: 'telegram_ping', values: { ping_ms: Math.max(1, Math.round(ping)) } };
}

export function sessionOutcome(answer: Answer): Outcome {
  const told = toldCheck(answer, 'authorized');
  return told?.ok ? { ok: true, detail: 'signed_in' } : toldOutcome(answer, 'authorized');
}

function toldOutcome(answer: Answer, name: string): Outcome {
  const told = toldCheck(answer, name);
  return told
    ? { ok: told.ok, detail: 'told', values: { reason: told.detail } }
    : { ok: null, detail: 'not_told' };
}

/** What a service says in /health of one of its own checks; null where it says nothing. */
export function toldCheck({ body }: Answer, name: string): ServiceEvidence['telegram'] {
  const check = objectAt(body, 'checks', name);
  const ok = booleanAt(check, 'ok');
  return ok === null ? null : { ok, detail: stringAt(check, 'detail') ?? '' };
}

export function statsOutcome({ code, body, error }: Answer): Outcome {
  if (code === null) return noAnswer(error);
  const uptime = numberAt(body, 'uptime_s');
  if (code !== 200 || uptime === null) return { ok: null, detail: 'not_told' };
  const values = {
    version: stringAt(body, 'version') ?? '?',
    depth: numberAt(body, 'queue', 'depth') ?? '?',
    uptime_s: uptime,
  };
  return { ok: true, detail: 'stats', values };
}

export function cacheOutcome({ body }: Answer): Outcome {
  const size = numberAt(body, 'cache', 'size');
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

function noAnswer(error: string | null): Outcome {
  return { ok: false, detail: 'no_answer', values: { reason: error ?? 'no answer' } };
}
