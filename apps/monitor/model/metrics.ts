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

/** Makes the metrics on a registry; `isAlerted` says whether there is an alert of a service now. */
export function createMonitorMetrics(
  registry: Registry,
  services: readonly string[],
  isAlerted: (service: string) => boolean,
): MonitorMetrics {
  const options = <L extends string>(name: string, help: string, ...labelNames: L[]) => {
    return { name: `vestnik_monitor_${name}`, help, labelNames, registers: [registry] };
  };
  const requests = new Counter(
    options('requests_total', 'Answered requests by route and status.', 'route', 'code'),
  );
  const failures = new Counter(
    options(
      'scrape_failures_total',
      'Answers that a service did not give when the monitor asked.',
      'service',
      'path',
    ),
  );
  const actions = new Counter(
    options(
      'actions_total',
      'Actions asked for on the page or over the API.',
      'service',
      'action',
      'outcome',
    ),
  );
  const checks = new Counter(
    options(
      'health_checks_total',
      'Health checks by service and whether it answered in time that it can work.',
      'service',
      'result',
    ),
  );
  const latency = new Histogram({
    ...options('health_check_seconds', 'How long a health check took, answered or not.', 'service'),
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10],
  });
  const alerts = new Counter(
    options('alerts_total', 'Alerts that began and ended, by service.', 'service', 'change'),
  );
  new Gauge({
    ...options('alert_active', 'Whether there is an alert of a service now.', 'service'),
    collect() {
      for (const service of services) this.set({ service }, isAlerted(service) ? 1 : 0);
    },
  });
  const notices = new Counter(
    options('alert_notices_total', 'Tries to tell the webhook of alerts, by what came of them.', 'outcome'),
  );
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
