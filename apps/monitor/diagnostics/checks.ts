/** Begins every check at once, each with its own time, limit and outcome, and keeps what the rules judge by. */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../kit/clock.ts';
import type { Watched } from '../health/watcher.ts';
import type { Supervisor } from '../supervisors/supervisor.ts';
import { measureClock } from './clock-offset.ts';
import type { Evidence, ReadErrors } from './evidence.ts';
import type { CheckId, CheckOutcome, Outcome, Planned } from './outcome.ts';
import { clockOutcome, diskOutcome } from './outcomes.ts';
import { checkService } from './service-checks.ts';
import { TooLate, within } from './within.ts';

export interface DiagnosticsDeps {
  readonly watched: readonly Watched[];
  readonly supervisor: Pick<Supervisor, 'inspect'>;
  readonly readErrors: ReadErrors;
  readonly restartsOf: (service: string, withinMs: number) => number;
  readonly dataDir: string;
  /** A web server whose clock is trusted; undefined where none is to be asked. */
  readonly clockReference: string | undefined;
  readonly clock: Clock;
}

/** A run that has ended. */
export interface Run {
  readonly at: string;
  /** In the order in which they were planned. */
  readonly checks: readonly CheckOutcome[];
  readonly evidence: Evidence;
}

/** A run that is under way. Nothing of it rejects: what cannot be checked is an outcome too. */
export interface Running {
  readonly at: string;
  readonly planned: readonly Planned[];
  readonly checks: readonly Promise<CheckOutcome>[];
  readonly ended: Promise<Run>;
}

/** Has a check be known by its name, timed, and waited for within its limit. */
export type Timed = (check: CheckId, service: string | null, outcome: Promise<Outcome>) => void;

const diskMs = 5_000;
/** After the services' answers, whose time it compares with. */
const referenceMs = 5_000;

export function beginChecks(deps: DiagnosticsDeps): Running {
  const { clock } = deps;
  const now = clock.now();
  const at = new Date(now).toISOString();
  const planned: Planned[] = [];
  const checks: Promise<CheckOutcome>[] = [];
  const timed: Timed = (check, service, outcome) => {
    const startedAt = performance.now();
    const told = outcome.catch(whyNot).then(({ ok, detail, values = {}, lines = [] }) => {
      return { check, service, ok, detail, values, lines, ms: performance.now() - startedAt };
    });
    planned.push({ check, service });
    checks.push(told);
  };

  const services = deps.watched.map((watched) => checkService(deps, watched, now, timed));
  const disk = within(clock, diskMs, statfs(deps.dataDir)).then(({ bavail, blocks, bsize }) => ({
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
  }));
  timed('disk', null, disk.then(diskOutcome));
  const answers = Promise.all(services.map(({ health }) => health));
  const offset = answers.then((all) => within(clock, referenceMs, measureClock(deps, all)));
  timed('clock', null, offset.then(clockOutcome));

  const end = async (): Promise<Run> => {
    const evidence: Evidence = {
      now,
      services: await Promise.all(services.map((service) => service.evidence)),
      disk: await disk.catch(() => null),
      clockOffsetMs: await offset.then(({ offsetMs }) => offsetMs).catch(() => null),
    };
    return { at, checks: await Promise.all(checks), evidence };
  };
  return { at, planned, checks, ended: end() };
}

function whyNot(error: unknown): Outcome {
  if (error instanceof TooLate)
    return { ok: null, detail: 'late', values: { limit_s: error.limitMs / 1000 } };
  return { ok: null, detail: 'unavailable', values: { reason: (error as Error).message } };
}
