/** Server-sent events: the services' state, to every page that looks. */
import { PassThrough } from 'node:stream';
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
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
  readonly streams: Streams;
  /** What the page needs to know beside the services. */
  readonly page: { readonly inbox_url: string; readonly version: string };
  readonly now: () => number;
}

/**
 * `GET /api/stream`: the event `services` with `{at, services, procedure, inbox_url, version}`, at once, every 2 s and
 * after actions.
 */
export function routeStream(router: Router, { watcher, procedure, streams, page, now }: StreamDeps): void {
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
      const at = new Date(now()).toISOString();
      const update = { at, services, procedure: procedure.status(services), ...page };
      stream.write(`event: services\ndata: ${JSON.stringify(update)}\n\n`);
    });
    stream.once('close', stop);
    ctx.res.once('close', () => stream.destroy());
  });
}
