/** The checks of the last hours, and the small charts' memory and CPU. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import type { CheckHistory } from '../health/history.ts';
import type { Usage, UsageSample } from '../health/sampler.ts';
import type { Watched } from '../health/watcher.ts';

export interface HistoryRoutesDeps {
  readonly watched: readonly Watched[];
  readonly history: CheckHistory;
  readonly usage: Usage;
  readonly now: () => number;
}

/** A sample as `GET /api/usage` answers it. */
export type ServiceUsage = UsageSample & { readonly service: string };

const longestHours = 48;

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

  router.get('/api/health-history', (ctx) => {
    const services = chosen(ctx, names);
    const since = now() - hoursOf(ctx) * 3_600_000;
    const checks = services.flatMap((name) => history.since(name, since));
    ctx.body = checks.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  });

  router.get('/api/usage', (ctx) => {
    ctx.body = chosen(ctx, names).flatMap((service) =>
      usage.of(service).map((sample): ServiceUsage => ({ service, ...sample })),
    );
  });
}

/** @throws Problem bad_request for a service that is not watched */
function chosen(ctx: Context, names: readonly string[]): readonly string[] {
  const { service = '' } = ctx.query;
  if (service === '') return names;
  if (typeof service === 'string' && names.includes(service)) return [service];
  throw new Problem('bad_request', `service takes one of ${names.join(', ')}`);
}

/** @throws Problem bad_request for what is no number of hours that are kept */
function hoursOf(ctx: Context): number {
  const { hours = '' } = ctx.query;
  const value =
    hours === '' ? 24 : typeof hours === 'string' && /^\d+(\.\d+)?$/.test(hours) ? Number(hours) : NaN;
  if (value > 0 && value <= longestHours) return value;
  throw new Problem('bad_request', `hours takes a number above 0 and up to ${longestHours}`);
}
