/** The Koa app on the HTTP port: guard, errors as JSON, control and inbox. */
import Koa from 'koa';
import type { Logger } from 'pino';
import type { SandboxState } from '../world/state.ts';
import { Problem, problemBody } from '../../kit/errors.ts';
import type { EventStreams } from '../../kit/event-stream.ts';
import { knownHosts, sameSite } from '../../kit/guard.ts';
import { onlyTheirMethods } from '../../kit/methods.ts';
import { oneHost } from '../../kit/one-host.ts';
import { shortened } from '../../kit/shorten.ts';
import { sendJson } from './body.ts';
import { accountRoutes } from './accounts.ts';
import { controlRoutes } from './control.ts';
import { scheduleRoutes } from './schedule.ts';
import { trafficRoutes } from './traffic.ts';
import { inboxPage, inboxRoutes, type ConnectInfo } from './inbox.ts';

/** What happens when a page is closed while it is answered, which is nobody's failure. */
const readerLeft = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

/** What the app is made of. `host` is what it listens on. */
export interface AppOptions {
  state: SandboxState;
  publicKeyPem: string;
  connect: ConnectInfo;
  host: string;
  /** Names it may be asked by, beside those of this machine. */
  allowedHosts: readonly string[];
  log: Logger;
  streams: EventStreams;
}

/** The app, not yet listening. */
export function createApp(options: AppOptions): Koa {
  const { state, publicKeyPem, connect, host, allowedHosts, log, streams } = options;
  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerLeft.has(error.code ?? '')) log.warn({ err: error }, 'answering failed');
  });
  app.use(async (context, next) => {
    context.set('X-Content-Type-Options', 'nosniff');
    context.set('Referrer-Policy', 'no-referrer');
    try {
      await next();
      if (context.status === 404 && context.body == null) {
        throw new Problem('not_found', `there is no ${context.method} ${shortened(context.path)}`);
      }
    } catch (error) {
      const isKnown = error instanceof Problem;
      if (!isKnown) log.error({ err: error, path: context.path }, 'request failed');
      const problem = isKnown
        ? error
        : new Problem('internal', 'an error of the sandbox itself; see its log');
      context.status = problem.status;
      sendJson(context, problemBody(problem));
      context.type = 'application/problem+json';
    }
  });
  app.use(oneHost);
  app.use(knownHosts(host, allowedHosts));
  app.use(sameSite);
  const control = [
    controlRoutes(state, publicKeyPem),
    accountRoutes(state),
    trafficRoutes(state),
    scheduleRoutes(state),
  ];
  const routers = [...control, inboxRoutes(state, connect, streams)];
  app.use(onlyTheirMethods(...routers));
  for (const router of routers) app.use(router.routes());
  app.use(inboxPage);
  return app;
}
