/** Runs every check side by side, each with its own time and outcome, and keeps what the rules judge by. */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../kit/clock.ts';
import { arrayAt, booleanAt, numberAt, objectAt, stringAt } from '../health/fields.ts';
import type { Answer } from '../health/gateway.ts';
import type { Watched } from '../health/watcher.ts';
import { portOf } from '../services.ts';
import type { Supervised, Supervisor } from '../supervisors/supervisor.ts';
import { leastFreeBytes, mostClockOffsetMs } from './causes.ts';
import { measureClock } from './clock-offset.ts';
import type { Evidence, ReadErrors, ServiceEvidence } from './evidence.ts';
import { probePort } from './port.ts';

export type DetailId =
  | 'state'
  | 'unavailable'
  | 'listening'
  | 'not_listening'
  | 'foreign'
  | 'answered'
  | 'no_answer'
  | 'not_told'
  | 'told'
  | 'stats'
  | 'cache'
  | 'no_errors'
  | 'errors'
  | 'disk'
  | 'clock'
  | 'clock_unknown';

export interface CheckOutcome {
  readonly check: string;
  /** Null where it is of the whole machine. */
  readonly service: string | null;
  /** Null where it could not be told. */
  readonly ok: boolean | null;
  readonly detail: DetailId;
  readonly values: Readonly<Record<string, string | number>>;
  readonly ms: number;
}

export interface DiagnosticsDeps {
  readonly watched: readonly Watched[];
  readonly supervisor: Pick<Supervisor, 'inspect'>;
  readonly readErrors: ReadErrors;
  readonly dataDir: string;
  /** A web server whose clock is trusted; undefined where none is to be asked. */
  readonly clockReference: string | undefined;
  readonly clock: Clock;
}

export interface Run {
  readonly at: string;
  readonly checks: readonly CheckOutcome[];
  readonly evidence: Evidence;
}

type Outcome = Pick<CheckOutcome, 'ok' | 'detail'> & { readonly values?: CheckOutcome['values'] };

const answerMs = 10_000;
const linesForRules = 500;
const shownErrors = 10;
const recentMs = 3_600_000;

/** Never throws: what cannot be checked is an outcome too. */
export async function runChecks(deps: DiagnosticsDeps): Promise<Run> {
  const now = deps.clock.now();
  const checks: Promise<CheckOutcome>[] = [];
  const timed = (check: string, service: string | null, outcome: Promise<Outcome>) => {
    const startedAt = performance.now();
    const failed = (error: unknown): Outcome => ({
      ok: null,
      detail: 'unavailable',
      values: messageOf(error),
    });
    checks.push(
      outcome.catch(failed).then(({ ok, detail, values = {} }) => ({
        check,
        service,
        ok,
        detail,
        values,
        ms: performance.now() - startedAt,
      })),
    );
  };
  const services = deps.watched.map((watched) => checkService(deps, watched, now, timed));
  const disk = statfs(deps.dataDir).then(({ bavail, blocks, bsize }) => ({
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
  }));
  timed('disk', null, disk.then(diskOutcome));
  const offset = Promise.all(services.map(({ health }) => health)).then((answers) =>
    measureClock(deps, answers),
  );
  timed(
    'clock',
    null,
    offset.then(({ offsetMs, detail }) => clockOutcome(offsetMs, detail)),
  );
  const evidence: Evidence = {
    now,
    services: await Promise.all(services.map(({ evidence }) => evidence)),
    disk: await disk.catch(() => null),
    clockOffsetMs: (await offset).offsetMs,
  };
  return { at: new Date(now).toISOString(), checks: await Promise.all(checks), evidence };
}

type Timed = (check: string, service: string, outcome: Promise<Outcome>) => void;

function checkService(deps: DiagnosticsDeps, { service, gateway }: Watched, now: number, timed: Timed) {
  const { name, label } = service;
  const supervised = deps.supervisor.inspect(service);
  const port = probePort(new URL(service.url).hostname.replace(/^\[|\]$/g, ''), portOf(service));
  const health = gateway.probe('/health', answerMs);
  const stats = gateway.probe('/stats', answerMs);
  const lines = Promise.resolve().then(() => deps.readErrors(name, linesForRules));
  const state = supervised.then(({ state }) => state).catch(() => 'unknown' as const);

  timed('supervisor', name, supervised.then(supervisorOutcome));
  timed(
    'port',
    name,
    Promise.all([port, state]).then(([probed, is]) => portOutcome(probed, is)),
  );
  timed('health', name, health.then(healthOutcome));
  timed(
    'telegram',
    name,
    health.then((answer) => toldOutcome(answer, 'telegram')),
  );
  timed(
    'session',
    name,
    health.then((answer) => toldOutcome(answer, 'authorized')),
  );
  timed('stats', name, stats.then(statsOutcome));
  timed('cache', name, stats.then(cacheOutcome));
  timed(
    'errors',
    name,
    lines.then((all) => errorsOutcome(all, now)),
  );

  const gather = async (): Promise<ServiceEvidence> => {
    const told = await supervised.catch(() => undefined);
    const [probed, answer, numbers, read] = await Promise.all([port, health, stats, lines.catch(() => [])]);
    return {
      ...{ name, label, port: probed, lines: read },
      state: told?.state ?? 'unknown',
      stateDetail: told?.detail ?? null,
      answers: answer.code !== null,
      telegram: toldCheck(answer, 'telegram'),
      authorized: toldCheck(answer, 'authorized'),
      cacheSize: numberAt(numbers.body, 'cache', 'size'),
      gates:
        arrayAt(numbers.body, 'floods')?.map((gate) => ({
          scope: stringAt(gate, 'scope') ?? '',
          seconds: numberAt(gate, 'seconds') ?? 0,
        })) ?? null,
    };
  };
  return { health, evidence: gather() };
}

function supervisorOutcome({ state, detail }: Supervised): Outcome {
  return {
    ok: state === 'unknown' ? null : state === 'running',
    detail: 'state',
    values: { state, detail: detail ?? '' },
  };
}

function portOutcome(
  { port, isListening, owner, detail }: Awaited<ReturnType<typeof probePort>>,
  state: string,
): Outcome {
  const values = { port, detail, owner: owner ? `: ${owner.name} (pid ${owner.pid})` : '' };
  if (!isListening) return { ok: false, detail: 'not_listening', values };
  const isForeign = state !== 'running' && state !== 'unknown';
  return { ok: !isForeign, detail: isForeign ? 'foreign' : 'listening', values };
}

function healthOutcome({ code, body, error, ms }: Answer): Outcome {
  if (code === null) return { ok: false, detail: 'no_answer', values: { detail: error ?? '' } };
  const reasons = (arrayAt(body, 'reasons') ?? []).filter((reason) => typeof reason === 'string');
  const values = { status: stringAt(body, 'status') ?? code, ms: Math.round(ms), detail: reasons.join('; ') };
  return { ok: code < 500, detail: 'answered', values };
}

function toldOutcome(answer: Answer, name: string): Outcome {
  const told = toldCheck(answer, name);
  return told
    ? { ok: told.ok, detail: 'told', values: { detail: told.detail } }
    : { ok: null, detail: 'not_told' };
}

function toldCheck({ body }: Answer, name: string): ServiceEvidence['telegram'] {
  const check = objectAt(body, 'checks', name);
  const ok = booleanAt(check, 'ok');
  return ok === null ? null : { ok, detail: stringAt(check, 'detail') ?? '' };
}

function statsOutcome({ code, body, error }: Answer): Outcome {
  if (code === null) return { ok: false, detail: 'no_answer', values: { detail: error ?? '' } };
  if (code !== 200 || !body) return { ok: null, detail: 'not_told' };
  const values = {
    version: stringAt(body, 'version') ?? '?',
    depth: numberAt(body, 'queue', 'depth') ?? '?',
    uptime: numberAt(body, 'uptime_s') ?? '?',
  };
  return { ok: true, detail: 'stats', values };
}

function cacheOutcome({ body }: Answer): Outcome {
  const size = numberAt(body, 'cache', 'size');
  return size === null
    ? { ok: null, detail: 'not_told' }
    : { ok: size > 0, detail: 'cache', values: { size } };
}

function errorsOutcome(lines: Awaited<ReturnType<ReadErrors>>, now: number): Outcome {
  const last = lines.slice(-shownErrors);
  if (last.length === 0) return { ok: true, detail: 'no_errors' };
  const isRecent = last.some(({ at }) => now - Date.parse(at) <= recentMs);
  const shown = last.map(({ at, message }) => `${at} ${message}`).join('\n');
  return { ok: !isRecent, detail: 'errors', values: { count: last.length, last: shown } };
}

function diskOutcome({ freeBytes, totalBytes }: NonNullable<Evidence['disk']>): Outcome {
  const gigabytes = (bytes: number) => Math.round(bytes / 1e8) / 10;
  const values = { free: gigabytes(freeBytes), total: gigabytes(totalBytes) };
  return { ok: freeBytes >= leastFreeBytes, detail: 'disk', values };
}

function clockOutcome(offsetMs: number | null, detail: string): Outcome {
  if (offsetMs === null) return { ok: null, detail: 'clock_unknown', values: { detail } };
  const values = { seconds: Math.round(offsetMs / 1000) };
  return { ok: Math.abs(offsetMs) <= mostClockOffsetMs, detail: 'clock', values };
}

function messageOf(error: unknown): Record<string, string> {
  return { detail: (error as Error).message };
}
