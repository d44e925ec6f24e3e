/** The checks of the last hours, and the small charts' memory and CPU. */
import type Router from '@koa/router';
import { z } from 'zod';
import type { CheckHistory } from '../health/history.ts';
import type { Usage, UsageSample } from '../health/sampler.ts';
import type { Watched } from '../health/watcher.ts';
import { oneOf, readQuery } from './query.ts';

export interface HistoryRoutesDeps {
  readonly watched: readonly Watched[];
  readonly history: CheckHistory;
  readonly usage: Usage;
  readonly now: () => number;
}

/** A sample as `GET /api/usage` answers it. */
export type ServiceUsage = UsageSample & { readonly service: string };

const longestHours = 48;
const takes = `a number above 0 and up to ${longestHours}`;
const hours = z
  .string()
  .regex(/^\d+(\.\d+)?$/, takes)
  .transform(Number)
  .refine((given) => given > 0 && given <= longestHours, takes);

/**
 * `GET /api/health-history?service=&hours=24` answers `[{service, at, ok, latency_ms, status, reason}]`, and
 * `GET /api/usage?service=` answers `[{service, at, memory_bytes, cpu_percent}]` of the last hour; both oldest first,
 * of all services where none is named.
 */
export function routeHealthHistory(
  router: Router,
  { watched, history, usage, now }: HistoryRoutesDeps,
): void {
  const names = watched.map(({ service }) => service.name);
  const usageQuery = z.object({ service: oneOf(names).optional() });
  const historyQuery = usageQuery.extend({ hours: hours.default(24) });
  const chosen = (service: string | undefined) => (service === undefined ? names : [service]);

  router.get('/api/health-history', (ctx) => {
    const { service, hours } = readQuery(ctx.query, historyQuery);
    const since = now() - hours * 3_600_000;
    const checks = chosen(service).flatMap((name) => history.since(name, since));
    ctx.body = checks.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  });

  router.get('/api/usage', (ctx) => {
    const { service: asked } = readQuery(ctx.query, usageQuery);
    ctx.body = chosen(asked).flatMap((service) =>
      usage.of(service).map((sample): ServiceUsage => ({ service, ...sample })),
    );
  });
}
