/** The services' state, to every page that looks: once with the page, then by server-sent events. */
import { PassThrough } from 'node:stream';
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
import type { Audit } from '../audit.ts';
import type { ServiceView } from '../health/service-view.ts';
import type { Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';

const mostStreams = 32;
/** So long may a page take nothing of what is sent to it. */
const slowestMs = 30_000;

/** Open streams, to be ended when the monitor stops. */
export class Streams {
  readonly #open = new Set<PassThrough>();

  /** @throws Problem rate_limited when too many pages look already */
  add(stream: PassThrough): void {
    if (this.#open.size >= mostStreams) {
      throw new Problem('rate_limited', `${mostStreams} pages look already`, { retryAfter: 30 });
    }
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
  }

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

export interface StreamDeps {
  readonly watcher: Watcher;
  readonly procedure: ClearFloodWait;
  readonly audit: Pick<Audit, 'latest'>;
  readonly streams: Streams;
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
    const stream = new PassThrough();
    streams.add(stream);
    ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    ctx.set('Connection', 'close'); // Ends with the stream, so that nothing idle holds up a stop.
    ctx.body = stream;
    stream.write('retry: 2000\n\n');
    let takenAt = now();
    const stop = watcher.listen((services) => {
      if (stream.writableEnded) return;
      if (stream.writableNeedDrain) {
        // A page that reads too slowly skips one; one that reads nothing is let go, to come again.
        if (now() - takenAt >= slowestMs) ctx.res.destroy();
        return;
      }
      takenAt = now();
      stream.write(`event: services\ndata: ${JSON.stringify(stateOf(services))}\n\n`);
    });
    stream.once('close', stop);
    ctx.res.once('close', () => stream.destroy());
  });
}
