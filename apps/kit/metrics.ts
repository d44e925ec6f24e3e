/**
 * The registry behind /metrics, with prom-client's process metrics, and its two forms: Prometheus' plain text, and
 * OpenMetrics, which alone has exemplars, for scrapers that ask for it.
 */
import {
  collectDefaultMetrics,
  Registry,
  type OpenMetricsContentType,
  type RegistryContentType,
} from 'prom-client';

/** Process metrics whose names `promtool check metrics` refuses (gauges ending in _total). */
const refusedByPromtool = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A registry that takes metrics with exemplars. */
export type ExemplarRegistry = Registry<OpenMetricsContentType>;

/** A registry of its own for one service; tests make as many as they like. */
export function createRegistry(): Registry {
  return withProcessMetrics(new Registry());
}

/** The same, for metrics with exemplars: `expose` writes it. */
export function createExemplarRegistry(): ExemplarRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return withProcessMetrics(registry);
}

function withProcessMetrics<T extends RegistryContentType>(registry: Registry<T>): Registry<T> {
  collectDefaultMetrics({ register: registry });
  for (const name of refusedByPromtool) registry.removeSingleMetric(name);
  return registry;
}

/** What /metrics answers to a request with this `Accept`. */
export async function expose(
  registry: ExemplarRegistry,
  accept: string,
): Promise<{ type: string; body: string }> {
  const isOpen = weight(accept, 'application/openmetrics-text') > weight(accept, 'text/plain');
  const type = isOpen ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
  const view = new Registry<RegistryContentType>();
  view.setContentType(type);
  // prom-client takes _total from a counter's name for good when it writes OpenMetrics: each form has names of its own.
  for (const metric of registry.getMetricsAsArray()) {
    const named = { name: { value: metric.name, writable: true } };
    view.registerMetric(Object.create(metric, named) as Parameters<typeof view.registerMetric>[0]);
  }
  return { type, body: await view.metrics() };
}

/** How much a scraper wants a form, from 0 to 1: the q of its clause in Accept, 0 where it has none. */
function weight(accept: string, type: string): number {
  const clauses = accept.split(',').filter((clause) => clause.trim().startsWith(type));
  return Math.max(0, ...clauses.map((clause) => Number(/;\s*q=([\d.]+)/.exec(clause)?.[1] ?? 1)));
}
