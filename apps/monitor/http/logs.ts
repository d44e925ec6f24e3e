/** The lines of the services: pages of them, one in full, and a stream of those that come in. */
import type Router from '@koa/router';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logs } from '../logs/logs.ts';
import type { WatchedService } from '../services.ts';
import { readListQuery, readStreamQuery } from './log-query.ts';
import type { LogStreams } from './log-streams.ts';

export interface LogRoutesDeps {
  readonly logs: Logs;
  readonly logStreams: LogStreams;
  readonly services: readonly Pick<WatchedService, 'name' | 'label'>[];
  readonly clock: Clock;
}

/**
 * `GET /api/logs` answers the newest lines that match, oldest first; `before=` the page before the line of that `seq`.
 * `GET /api/logs/sources` tells what is followed. `GET /api/logs/stream` is of server-sent events: each a line with
 * its `seq` as its id, or `gap` where lines were dropped before they could be sent. `GET /api/logs/:seq` adds `raw`.
 */
export function routeLogs(router: Router, { logs, logStreams, services, clock }: LogRoutesDeps): void {
  const names = services.map(({ name }) => name);

  router.get('/api/logs', (ctx) => {
    const { filter, limit, before } = readListQuery(ctx.query, names);
    ctx.body = logs.store.newest(filter, limit, before);
  });

  router.get('/api/logs/sources', (ctx) => {
    ctx.body = logs.sources();
  });

  router.get('/api/logs/stream', (ctx) => {
    const { filter, after } = readStreamQuery(ctx.query, names, ctx.get('last-event-id'));
    const stream = logStreams.open({ store: logs.store, clock, filter, after });
    ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    ctx.set('Connection', 'close'); // Ends with the stream, so that nothing idle holds up a stop.
    ctx.body = stream.body;
    ctx.res.once('close', () => stream.end());
    stream.body.once('close', () => stream.body.readableEnded || ctx.res.destroy());
  });

  router.get('/api/logs/:seq', (ctx) => {
    const { seq = '' } = ctx.params;
    const line = /^\d{1,15}$/.test(seq) ? logs.store.get(Number(seq)) : undefined;
    if (!line) throw new Problem('not_found', `there is no line ${seq}, or it was dropped for newer ones`);
    ctx.body = line;
  });
}
