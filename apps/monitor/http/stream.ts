/** The services' state, to every page that looks: once with the page, then by server-sent events. */
import type Router from '@koa/router';
import { eventText, type EventStreams } from '../../kit/event-stream.ts';
import type { Audit } from '../files/audit.ts';
import type { ServiceView } from '../health/service-view.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import type { ProcedureStatus } from '../procedures/record.ts';

export interface StreamDeps {
  readonly watcher: Watcher;
  readonly procedure: ClearFloodWait;
  readonly audit: Pick<Audit, 'latest'>;
  readonly streams: EventStreams;
  /** What the page needs to know beside the services. */
  readonly page: { readonly inbox_url: string; readonly version: string };
  readonly now: () => number;
}

/** What the page shows. */
export interface PageUpdate {
  /** ISO 8601, by the monitor's clock. */
  readonly at: string;
  readonly services: readonly ServiceView[];
  readonly procedure: ProcedureStatus;
  /** When the latest entry was added to the audit. */
  readonly acted_at: string | null;
  readonly inbox_url: string;
  readonly version: string;
}

/** `GET /api/state` answers a PageUpdate; `GET /api/stream` sends one as the event `services` at once, every 2 s and after actions. */
export function routeStream(router: Router, deps: StreamDeps): void {
  const { watcher, procedure, audit, streams, page, now } = deps;
  const stateOf = (services: readonly ServiceView[]): PageUpdate => ({
    at: new Date(now()).toISOString(),
    services,
    procedure: procedure.status(services),
    acted_at: audit.latest(1)[0]?.at ?? null,
    ...page,
  });

  router.get('/api/state', async (ctx) => {
    ctx.body = stateOf(await watcher.services());
  });

  router.get('/api/stream', (ctx) => {
    // A page that reads slowly skips what was seen before the latest.
    let latest: readonly ServiceView[] | undefined;
    streams.answer(ctx, {
      listen: (wake) =>
        watcher.listen((services) => {
          latest = services;
          wake();
        }),
      next: () => {
        if (!latest) return '';
        const state = stateOf(latest);
        latest = undefined;
        return eventText(JSON.stringify(state), { event: 'services' });
      },
    });
  });
}
