/** The monitor's own numbers. */
import { Counter, type Registry } from 'prom-client';

export interface MonitorMetrics {
  answered(route: string, code: number): void;
  scrapeFailed(service: string, path: string): void;
  acted(service: string, action: string, outcome: 'ok' | 'failed'): void;
}

/** Makes the metrics on a registry. */
export function createMonitorMetrics(registry: Registry): MonitorMetrics {
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
  return {
    answered: (route, code) => requests.inc({ route, code: String(code) }),
    scrapeFailed: (service, path) => failures.inc({ service, path }),
    acted: (service, action, outcome) => actions.inc({ service, action, outcome }),
  };
}
