/** The monitor's own numbers. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface MonitorMetrics {
  answered(route: string, code: number): void;
  scrapeFailed(service: string, path: string): void;
  acted(service: string, action: string, outcome: 'ok' | 'failed'): void;
  checked(service: string, ok: boolean, seconds: number): void;
  alerted(service: string, change: 'began' | 'ended'): void;
  notified(outcome: 'delivered' | 'failed' | 'given_up'): void;
}

/** Makes the metrics on a registry; `isAlerted` tells whether there is an alert of a service now. */
export function createMonitorMetrics(
  registry: Registry,
  services: readonly string[],
  isAlerted: (service: string) => boolean,
): MonitorMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'vestnik_monitor_requests_total',
    help: 'Answered requests by route and status.',
    labelNames: ['route', 'code'],
    registers,
  });
  const failures = new Counter({
    name: 'vestnik_monitor_scrape_failures_total',
    help: 'Answers that a service did not give when the monitor asked.',
    labelNames: ['service', 'path'],
    registers,
  });
  const actions = new Counter({
    name: 'vestnik_monitor_actions_total',
    help: 'Actions asked for on the page or over the API.',
    labelNames: ['service', 'action', 'outcome'],
    registers,
  });
  const checks = new Counter({
    name: 'vestnik_monitor_health_checks_total',
    help: 'Health checks by service and whether it answered in time that it can work.',
    labelNames: ['service', 'result'],
    registers,
  });
  const latency = new Histogram({
    name: 'vestnik_monitor_health_check_seconds',
    help: 'How long a health check took, answered or not.',
    labelNames: ['service'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10],
    registers,
  });
  const alerts = new Counter({
    name: 'vestnik_monitor_alerts_total',
    help: 'Alerts that began and ended, by service.',
    labelNames: ['service', 'change'],
    registers,
  });
  new Gauge({
    name: 'vestnik_monitor_alert_active',
    help: 'Whether there is an alert of a service now.',
    labelNames: ['service'],
    registers,
    collect() {
      for (const service of services) this.set({ service }, isAlerted(service) ? 1 : 0);
    },
  });
  const notices = new Counter({
    name: 'vestnik_monitor_alert_notices_total',
    help: 'Tries to tell the webhook of alerts, by what came of them.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    answered: (route, code) => requests.inc({ route, code: String(code) }),
    scrapeFailed: (service, path) => failures.inc({ service, path }),
    acted: (service, action, outcome) => actions.inc({ service, action, outcome }),
    checked: (service, ok, seconds) => {
      checks.inc({ service, result: ok ? 'ok' : 'miss' });
      latency.observe({ service }, seconds);
    },
    alerted: (service, change) => alerts.inc({ service, change }),
    notified: (outcome) => notices.inc({ outcome }),
  };
}
