/** The lines of the services: pages of them, one in full, and a stream of those that come in. */
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
import { eventText, type EventFeed, type EventStreams } from '../../kit/event-stream.ts';
import { reason } from '../../kit/reason.ts';
import type { LogFilter } from '../logs/log-rows.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { Logs } from '../logs/logs.ts';
import type { WatchedService } from '../model/services.ts';
import { readListQuery, readStreamQuery } from './log-query.ts';

export interface LogRoutesDeps {
  readonly logs: Logs;
  readonly logStreams: EventStreams;
  readonly services: readonly Pick<WatchedService, 'name' | 'label'>[];
}

/**
 * `GET /api/logs` answers the newest lines that match, oldest first; `before=` the page before the line of that `seq`.
 * `GET /api/logs/sources` says what is followed. `GET /api/logs/stream` sends server-sent events: each a line with
 * its `seq` as its id, or `gap` where lines were dropped before they could be sent. `GET /api/logs/:seq` adds `raw`.
 */
export function routeLogs(router: Router, { logs, logStreams, services }: LogRoutesDeps): void {
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
    logStreams.answer(ctx, lineFeed(logs.store, filter, after));
  });

  router.get('/api/logs/:seq', (ctx) => {
    const { seq = '' } = ctx.params;
    const line = /^\d{1,15}$/.test(seq) ? logs.store.get(Number(seq)) : undefined;
    if (!line) throw new Problem('not_found', reason('no_line', { line: seq }));
    ctx.body = line;
  });
}

const linesAtOnce = 200;

/** The lines that match and come after the one with the number `after`; null for those from now on. */
export function lineFeed(
  store: Pick<LogStore, 'after' | 'onAppend' | 'lastSeq' | 'goneThrough'>,
  filter: LogFilter,
  after: number | null,
): EventFeed {
  let position = after ?? store.lastSeq;
  return {
    listen: (wake) => store.onAppend(wake),
    next: () => {
      let text = '';
      if (position > store.lastSeq) position = 0; // The store was begun anew.
      if (position < store.goneThrough) {
        text = eventText(JSON.stringify({ after: position, through: store.goneThrough }), { event: 'gap' });
        position = store.goneThrough;
      }
      const last = store.lastSeq;
      const lines = store.after(position, filter, linesAtOnce);
      position = lines.length === linesAtOnce ? lines.at(-1)!.seq : last;
      return text + lines.map((line) => eventText(JSON.stringify(line), { id: line.seq })).join('');
    },
  };
}
