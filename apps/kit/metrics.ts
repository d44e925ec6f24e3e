/** The registry behind /metrics, with prom-client's process metrics. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Process metrics whose names `promtool check metrics` refuses (gauges ending in _total). */
const refusedByPromtool = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A registry of its own for one service; tests make as many as they like. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of refusedByPromtool) registry.removeSingleMetric(name);
  return registry;
}
