/** The part of the monitor that watches on its own: checks, alerts, samples. Opened from disk, then started. */
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { reason, sentence, type Reason } from '../kit/reason.ts';
import type { Release } from '../kit/release.ts';
import type { Audit } from './files/audit.ts';
import { Alerts } from './health/alerts.ts';
import { startChecker } from './health/checker.ts';
import { createGateway } from './health/gateway.ts';
import { CheckHistory } from './health/history.ts';
import { startSampler, Usage } from './health/sampler.ts';
import { Watcher, type Watched } from './health/watcher.ts';
import { startWebhook } from './health/webhook.ts';
import { detailOf } from './model/detail.ts';
import { createMonitorMetrics, type MonitorMetrics } from './model/metrics.ts';
import { ClearFloodWait } from './procedures/clear-flood-wait.ts';
import { Control, type Who } from './procedures/control.ts';
import { procedureName } from './procedures/record.ts';
import type { MonitorConfig } from './settings.ts';
import type { Supervisor } from './supervisors/supervisor.ts';

export interface MonitoringDeps {
  readonly config: MonitorConfig;
  /** Where the monitor keeps what it must remember. */
  readonly dir: string;
  readonly supervisor: Supervisor;
  readonly audit: Audit;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many lines of a service speak of each class of error; null where none does. */
  readonly loggedErrors: (service: string) => Readonly<Record<string, number>> | null;
  /** Why the lines of a service are not read now; null while they are. */
  readonly unreadLines: (service: string) => Reason | null;
}

export interface Monitoring {
  readonly watched: readonly Watched[];
  readonly metrics: MonitorMetrics;
  readonly watcher: Watcher;
  readonly history: CheckHistory;
  readonly alerts: Alerts;
  readonly usage: Usage;
  readonly control: Control;
  readonly procedure: ClearFloodWait;
}

/** Reads what a monitor before this one has left behind; nothing is asked of anybody yet. */
export async function openMonitoring(deps: MonitoringDeps): Promise<Monitoring> {
  const { config, dir, supervisor, registry, clock, log } = deps;
  const services = config.SERVICES;
  const names = services.map(({ name }) => name);
  const [history, alerts] = await Promise.all([
    CheckHistory.open(join(dir, 'health.jsonl'), names),
    Alerts.open(join(dir, 'alerts.json'), names, config.ALERT_WEBHOOK_URL !== undefined),
  ]);
  const metrics = createMonitorMetrics(registry, names, (name) => alerts.of(name) !== null);
  const watched = services.map((service) => {
    const onFailure = (path: string) => metrics.scrapeFailed(service.name, path);
    const now = () => clock.now();
    return { service, gateway: createGateway({ service, token: config.GATEWAY_TOKEN, now, onFailure }) };
  });
  const noted = noteOwnDeeds(deps, metrics);
  const spacingMs = config.START_SPACING_S * 1000;
  const control = await Control.open(join(dir, 'starts.json'), {
    services,
    supervisor,
    spacingMs,
    clock,
    log,
    accountOf: (name) => watcher.accountOf(name),
    onDelayedDone: async (start, failure) => {
      await noted(start, start.service, reason(`deed_delayed_${start.action}`), failure);
      void watcher.look();
    },
  });
  const watcher = new Watcher(watched, supervisor, clock, (name) => {
    const delayed = control.delayedOf(name);
    return {
      alert: alerts.of(name),
      loggedErrors: deps.loggedErrors(name),
      unread: deps.unreadLines(name),
      delayed: delayed && { action: delayed.action, at: new Date(delayed.at).toISOString() },
    };
  });
  const procedure = await ClearFloodWait.open(join(dir, `${procedureName}.json`), {
    services,
    control,
    clock,
    log,
    accountOf: (name) => watcher.accountOf(name),
    refusal: supervisor.refusal,
    durations: { waitMs: config.CLEAR_FLOOD_WAIT_S * 1000, spacingMs },
    onStep: async (who, service, deed, failure) => {
      await noted(who, service ?? '', deed, failure);
      void watcher.look();
    },
  });
  return { watched, metrics, watcher, history, alerts, usage: new Usage(), control, procedure };
}

/** Writes into the audit what is done later than it was asked for. */
function noteOwnDeeds({ audit, clock }: MonitoringDeps, metrics: MonitorMetrics) {
  return async ({ user, address }: Who, service: string, deed: Reason, failure: Reason | null) => {
    const action = sentence(deed);
    if (service !== '') metrics.acted(service, action, failure === null ? 'ok' : 'failed');
    const at = new Date(clock.now()).toISOString();
    const outcome = { ok: failure === null, ...detailOf(failure) };
    await audit.add({ at, user, address, service, action, deed, ...outcome });
  };
}

/** Begins to watch; what it starts is pushed to `release`. */
export function startMonitoring(
  { watched, metrics, watcher, history, alerts, usage, control, procedure }: Monitoring,
  { config, clock, log }: MonitoringDeps,
  release: Release,
): void {
  control.begin();
  release.push('delayed starts', () => control.stop());
  procedure.resume();
  release.push('procedure', () => procedure.stop());
  const everyMs = config.HEALTH_INTERVAL_S * 1000;
  const webhook = startWebhook({
    alerts,
    clock,
    log,
    url: config.ALERT_WEBHOOK_URL,
    labelOf: (name) => watched.find(({ service }) => service.name === name)?.service.label ?? name,
    onTried: (outcome) => metrics.notified(outcome),
  });
  release.push('webhook', () => webhook.stop());
  const checker = startChecker({
    watched,
    history,
    alerts,
    clock,
    log,
    metrics,
    everyMs,
    isHeld: (name) => procedure.holds(name),
    lateMs: Math.min(config.HEALTH_TIMEOUT_S * 1000, everyMs),
    onRound: (changed) => {
      if (!changed) return;
      webhook.nudge();
      void watcher.look();
    },
  });
  release.push('health checks', () => checker.stop());
  const sampler = startSampler({
    usage,
    clock,
    look: () => watcher.services(),
    everyMs: config.USAGE_INTERVAL_S * 1000,
  });
  release.push('samples', () => sampler.stop());
}
