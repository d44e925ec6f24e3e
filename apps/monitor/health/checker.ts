/** Checks /health of every service at a fixed pace, whether somebody looks or not. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import type { MonitorMetrics } from '../model/metrics.ts';
import type { Alerts } from './alerts.ts';
import { judge } from './check.ts';
import type { CheckHistory } from './history.ts';
import type { Watched } from './watcher.ts';

export interface CheckerDeps {
  readonly watched: readonly Watched[];
  readonly history: CheckHistory;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<MonitorMetrics, 'checked' | 'alerted'>;
  readonly everyMs: number;
  /** Whether the monitor keeps a service stopped. */
  readonly isHeld: (service: string) => boolean;
  /** An answer that takes longer is a miss. */
  readonly lateMs: number;
  /** Called after every round, with whether an alert began or ended in it. */
  readonly onRound: (changed: boolean) => void;
}

export interface Checker {
  stop(): Promise<void>;
}

/** What starts beside the monitor is given so long to come up before its first check. */
const settleMs = 10_000;

/** Goes on in the rhythm of the checks before a restart, so that restarts make no misses of their own. */
export function startChecker(deps: CheckerDeps): Checker {
  const { history, clock, everyMs, log } = deps;
  const stopped = new AbortController();
  const run = async () => {
    const { lastAt } = history;
    const first = lastAt === undefined ? Math.min(settleMs, everyMs) : lastAt + everyMs - clock.now();
    let dueAt = clock.now() + Math.min(Math.max(0, first), everyMs);
    for (;;) {
      await clock.sleep(dueAt - clock.now(), stopped.signal);
      dueAt = Math.max(dueAt, clock.now()) + everyMs;
      const changes = await Promise.all(deps.watched.map((watched) => check(deps, watched)));
      deps.onRound(changes.includes(true));
    }
  };
  const running = run().catch((error: unknown) => {
    if (!stopped.signal.aborted) log.fatal({ err: error }, 'the health checks ended');
  });
  return {
    stop: async () => {
      stopped.abort(new Error('stopped'));
      await running;
    },
  };
}

/** @returns whether an alert began or ended */
async function check(deps: CheckerDeps, { service, gateway }: Watched): Promise<boolean> {
  const { history, alerts, clock, log, metrics, isHeld } = deps;
  const at = new Date(clock.now()).toISOString();
  const answer = await gateway.health(deps.lateMs);
  const result = judge(at, answer, isHeld(service.name));
  metrics.checked(service.name, result.ok, answer.ms / 1000);
  const { change, written } = alerts.count(service.name, result);
  if (change) {
    const { since, reason } = change.alert;
    metrics.alerted(service.name, change.type);
    if (change.type === 'began') log.error({ watched: service.name, since, reason }, 'alert');
    else log.info({ watched: service.name, since }, 'alert over');
  }
  await Promise.all([written, history.add({ service: service.name, ...result })]).catch((error: unknown) =>
    log.error({ err: error }, 'a health check could not be written down'),
  );
  return change !== undefined;
}
