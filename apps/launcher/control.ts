/** What the monitor may ask the launcher to do: a small HTTP API on the socket. */
import Router from '@koa/router';
import type Koa from 'koa';
import { createApp } from '../kit/app.ts';
import type { Clock } from '../kit/clock.ts';
import { Problem } from '../kit/errors.ts';
import type { Logger } from '../kit/log.ts';
import { explainExit, type ServiceGroup } from './service-group.ts';
import type { LineRing } from './lines.ts';
import type { KeptService, StartOutcome } from './service.ts';

export interface ControlDeps {
  readonly group: ServiceGroup;
  readonly lines: LineRing;
  readonly log: Logger;
  readonly clock: Clock;
}

/** How long an answer waits for a service to be up; the start itself goes on. */
const answerWithinMs = 10_000;

/**
 * `GET /services`, `POST /services/:name/start|stop|restart` (each answers the service as it is then),
 * `GET /logs?since=&limit=`.
 */
export function createControlApp(deps: ControlDeps): Koa {
  const { group, lines, log } = deps;
  const router = new Router();
  router.get('/services', (ctx) => {
    ctx.body = group.statuses();
  });
  const action = (name: string, act: (service: KeptService) => Promise<StartOutcome | void>) =>
    router.post(`/services/:name/${name}`, async (ctx) => {
      const service = group.find(ctx.params.name!);
      if (!service) throw new Problem('not_found', `there is no service named ${ctx.params.name}`);
      log.info({ service: service.name, action: name }, 'asked by the monitor');
      const outcome = await within(act(service), deps.clock);
      if (outcome?.up === false)
        throw new Problem('unavailable', outcome.exit?.reason ?? explainExit(service.name, outcome));
      ctx.body = service.status;
    });
  action('start', (service) => service.start());
  action('stop', (service) => service.stop());
  action('restart', (service) => service.restart());
  router.get('/logs', (ctx) => {
    const { since, limit } = ctx.query;
    ctx.body = lines.read(typeof since === 'string' ? since : undefined, pageSize(limit));
  });
  const app = createApp({ log });
  app.use(router.routes());
  return app;
}

/** What `done` answers, or undefined when that takes too long. */
async function within<T>(done: Promise<T>, clock: Clock): Promise<T | undefined> {
  const answered = new AbortController();
  const tooLong = clock.sleep(answerWithinMs, answered.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([done, tooLong]);
  } finally {
    answered.abort();
  }
}

function pageSize(raw: unknown): number {
  if (raw === undefined) return 1_000;
  const size = Number(raw);
  if (Number.isInteger(size) && size >= 1 && size <= 10_000) return size;
  throw new Problem('bad_request', `limit takes a number from 1 to 10000, not ${JSON.stringify(raw)}`);
}
