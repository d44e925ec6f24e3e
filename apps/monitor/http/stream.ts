/** The services' state, to every page that looks: once with the page, then by server-sent events. */
import type Router from '@koa/router';
import { eventText, type EventStreams } from '../../kit/event-stream.ts';
import type { Audit } from '../files/audit.ts';
import type { ServiceView } from '../health/service-view.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';

export interface StreamDeps {
  readonly watcher: Watcher;
  readonly procedure: ClearFloodWait;
  readonly audit: Pick<Audit, 'latest'>;
  readonly streams: EventStreams;
  /** What the page needs to know beside the services. */
  readonly page: { readonly inbox_url: string; readonly version: string };
  readonly now: () => number;
}

/**
 * `GET /api/state`: `{at, services, procedure, acted_at, inbox_url, version}`, `acted_at` as the audit last had something
 * added. `GET /api/stream`: the same as the event `services`, at once, every 2 s and after actions.
 */
export function routeStream(router: Router, deps: StreamDeps): void {
  const { watcher, procedure, audit, streams, page, now } = deps;
  const stateOf = (services: readonly ServiceView[]) => ({
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
