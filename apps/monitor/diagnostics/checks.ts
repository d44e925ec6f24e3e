/** Begins every check at once, each with its own time, limit and outcome, and keeps what the rules judge by. */
import { statfs } from 'node:fs/promises';
import { reasonOf } from '../../kit/reason.ts';
import type { Watched } from '../health/watcher.ts';
import { measureClock } from './clock-offset.ts';
import type { Evidence } from './evidence.ts';
import { because, type CheckOutcome, type Outcome, type Planned, type Timed } from './outcome.ts';
import { clockOutcome, diskOutcome } from './outcomes.ts';
import { checkService, type ServiceChecksDeps } from './service-checks.ts';
import { TooLate, within } from './within.ts';

export interface DiagnosticsDeps extends ServiceChecksDeps {
  readonly watched: readonly Watched[];
  readonly dataDir: string;
  /** A web server whose clock is trusted; undefined where none is to be asked. */
  readonly clockReference: string | undefined;
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
    const ended = outcome.catch(whyNot).then(({ ok, detail, values = {}, causes = [], lines = [] }) => {
      return { check, service, ok, detail, values, causes, lines, ms: performance.now() - startedAt };
    });
    planned.push({ check, service });
    checks.push(ended);
  };

  const services = deps.watched.map((watched) => checkService(deps, watched, now, timed));
  const disk = within(clock, diskMs, statfs(deps.dataDir)).then(({ bavail, blocks, bsize }) => ({
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
  }));
  timed('disk', null, disk.then(diskOutcome));
  const answers = Promise.all(services.map(({ health }) => health));
  const offset = answers.then((all) =>
    within(clock, referenceMs, measureClock(clock, deps.clockReference, all)),
  );
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
  return { ok: null, detail: 'unavailable', ...because(reasonOf(error)) };
}
