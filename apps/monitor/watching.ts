/** The part of the monitor that watches on its own: checks, alerts, samples. Opened from disk, then started. */
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import type { Release } from '../kit/release.ts';
import { Alerts } from './health/alerts.ts';
import { startChecker } from './health/checker.ts';
import { createGateway } from './health/gateway.ts';
import { CheckHistory } from './health/history.ts';
import { startSampler, Usage } from './health/sampler.ts';
import { Watcher, type Watched } from './health/watcher.ts';
import { startWebhook } from './health/webhook.ts';
import { createMonitorMetrics, type MonitorMetrics } from './metrics.ts';
import { watchedServices } from './services.ts';
import type { MonitorConfig } from './settings.ts';
import type { Supervisor } from './supervisors/supervisor.ts';

export interface WatchingDeps {
  readonly config: MonitorConfig;
  /** Where the monitor keeps what it must remember. */
  readonly dir: string;
  readonly supervisor: Supervisor;
  readonly registry: Registry;
  readonly clock: Clock;
}

export interface Watching {
  readonly watched: readonly Watched[];
  readonly metrics: MonitorMetrics;
  readonly watcher: Watcher;
  readonly history: CheckHistory;
  readonly alerts: Alerts;
  readonly usage: Usage;
}

/** Reads what a monitor before this one has left behind; nothing is asked of anybody yet. */
export async function openWatching(deps: WatchingDeps): Promise<Watching> {
  const { config, dir, supervisor, registry, clock } = deps;
  const services = watchedServices(config);
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
  const watcher = new Watcher(watched, supervisor, clock, (name) => ({
    alert: alerts.of(name),
    delayed: null,
  }));
  return { watched, metrics, watcher, history, alerts, usage: new Usage() };
}

/** Begins to watch; what it starts is pushed to `release`. */
export function startWatching(
  { watched, metrics, watcher, history, alerts, usage }: Watching,
  { config, clock }: WatchingDeps,
  log: Logger,
  release: Release,
): void {
  const everyMs = config.HEALTH_INTERVAL_S * 1000;
  const webhook = startWebhook({
    ...{ alerts, clock, log },
    url: config.ALERT_WEBHOOK_URL,
    labelOf: (name) => watched.find(({ service }) => service.name === name)?.service.label ?? name,
    onTried: (outcome) => metrics.notified(outcome),
  });
  release.push('webhook', () => webhook.stop());
  const checker = startChecker({
    ...{ watched, history, alerts, clock, log, metrics, everyMs },
    lateMs: Math.min(config.HEALTH_TIMEOUT_S * 1000, everyMs),
    onRound: (changed) => {
      if (!changed) return;
      webhook.nudge();
      void watcher.look();
    },
  });
  release.push('health checks', () => checker.stop());
  const sampler = startSampler({
    ...{ usage, clock },
    look: () => watcher.services(),
    everyMs: config.USAGE_INTERVAL_S * 1000,
  });
  release.push('samples', () => sampler.stop());
}
