/** The Koa application every service starts from: request ids, an access log, errors as problem+json. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Router from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import { Problem, problemBody } from './errors.ts';
import type { Logger } from './log.ts';
import { oneHost } from './one-host.ts';
import { createOriginOf, type Origin } from './proxies.ts';
import { reason } from './reason.ts';
import { StartError } from './run.ts';
import { shortened } from './shorten.ts';

export interface AppDeps {
  log: Logger;
  /** Told of every answered request; `route` is the route's pattern, never a raw path. */
  onAnswer?: (route: string, code: number, requestId: string) => void;
  /** Further fields of every error answer, such as `sandbox`. */
  errorExtras?: Record<string, unknown>;
  /** Where requests come from, for the access log; by default the other end of the connection. */
  originOf?: (request: IncomingMessage) => Origin;
  /** At which level the access log is written: one line a request, without query string, headers or body. */
  accessLevel?: 'info' | 'debug';
}

/** What this layer knows of a request. */
interface RequestState {
  requestId: string;
  /** Name of the caller's token. */
  client?: string;
}

/** An application whose every answer, error or not, has an `X-Request-Id` and is logged. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa();
  // Koa's own handler prints stacks to stderr; what reaches it here is a connection cut while answering.
  app.on('error', (error: Error) => deps.log.debug({ err: error }, 'answer not delivered'));
  app.use(requestId);
  app.use(observe(deps));
  app.use(problems(deps));
  app.use(oneHost);
  app.use(notFound);
  return app;
}

/** The id of the request being answered: the caller's `X-Request-Id` when it is a plain word, else a new one. */
export function requestIdOf(ctx: Context): string {
  return stateOf(ctx).requestId;
}

/** Names the caller: for the access log, and for what belongs to it. */
export function setClient(ctx: Context, name: string): void {
  stateOf(ctx).client = name;
}

/** The name of the caller's token; undefined for who shows none that is known. */
export function clientOf(ctx: Context): string | undefined {
  return stateOf(ctx).client;
}

/** Names the route of a request before it is entered, so that a refusal is counted and logged under it. */
export function findRoute(router: Router): Middleware {
  return async (ctx, next) => {
    const { route, pathAndMethod } = router.match(ctx.path, ctx.method);
    if (route) (ctx as { _matchedRoute?: unknown })._matchedRoute = pathAndMethod.at(-1)!.path;
    await next();
  };
}

/** The pattern of the route that matched, such as `/messages/:id`, or undefined. */
export function routeOf(ctx: Context): string | undefined {
  const matched = (ctx as { _matchedRoute?: unknown })._matchedRoute;
  return typeof matched === 'string' ? matched : undefined;
}

function stateOf(ctx: Context): RequestState {
  return ctx.state;
}

const requestId: Middleware = async (ctx, next) => {
  const given = ctx.get('x-request-id');
  const id = /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  stateOf(ctx).requestId = id;
  ctx.set('X-Request-Id', id);
  await next();
  // What is true now only, and often for one reader only.
  if (ctx.response.is('json', '+json') && !ctx.response.get('Cache-Control'))
    ctx.set('Cache-Control', 'no-store');
};

function observe({
  log,
  onAnswer,
  originOf = createOriginOf([]),
  accessLevel = 'debug',
}: AppDeps): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    const origin = originOf(ctx.req); // While there is a connection: a body cut off has none afterwards.
    try {
      await next();
    } finally {
      const seconds = (performance.now() - startedAt) / 1000;
      const route = routeOf(ctx) ?? 'none';
      const { requestId, client } = stateOf(ctx);
      onAnswer?.(route, ctx.status, requestId);
      const { method, status: code } = ctx;
      log[accessLevel]({ requestId, method, route, code, seconds, client, ...origin }, 'answered');
    }
  };
}

function problems({ log, errorExtras }: AppDeps): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.class === 'internal')
        log.error({ err: error, requestId: requestIdOf(ctx) }, 'request failed');
      ctx.status = problem.status;
      ctx.body = JSON.stringify({ ...problemBody(problem), request_id: requestIdOf(ctx), ...errorExtras });
      ctx.type = 'application/problem+json';
      if (problem.retryAfter !== undefined) ctx.set('Retry-After', String(Math.ceil(problem.retryAfter)));
      if (problem.class === 'too_large' || isHalfRead(ctx.req)) ctx.set('Connection', 'close');
    }
  };
}

/** What is left of its body would stand before the next request of the connection; a body nobody touched Node reads over. */
function isHalfRead(request: IncomingMessage): boolean {
  return request.readableDidRead && !request.complete;
}

/** What is not a Problem is an error of ours: fixed words for the caller, the rest is for the log. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', 'an internal error; the log of this service has it under the request id', {
    cause: error,
  });
}

const notFound: Middleware = async (ctx, next) => {
  await next();
  if (ctx.body === undefined && ctx.status === 404) {
    throw new Problem('not_found', `${ctx.method} ${shortened(ctx.path)} is not an endpoint of this service`);
  }
};

export interface Listening {
  server: Server;
  port: number;
  /** Stops accepting, lets answers under way finish, cuts what stays idle. */
  close(): Promise<void>;
}

/** How long a request may take to come. */
const longestRequestMs = 300_000;
/** The same for one with files: 2 GB over a line of 5 Mbit/s. */
export const longestUploadMs = 3_600_000;

/**
 * Listens on `host:port`; port 0 takes a free one.
 * @throws StartError naming `setting` when the port is taken or the address is not of this machine
 */
export async function listen(
  app: Koa,
  host: string,
  port: number,
  setting: string,
  requestMs = longestRequestMs,
): Promise<Listening> {
  const handle = app.callback();
  const answering = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      // Once closing, a connection that is done with its answer would otherwise be kept alive until it times out.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    void handle(request, response);
  });
  server.requestTimeout = requestMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port, setting)));
    server.listen(port, host, resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      for (const response of answering) response.shouldKeepAlive = false;
    });
  return { server, port: (server.address() as AddressInfo).port, close };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number, setting: string): Error {
  if (error.code === 'EADDRINUSE')
    return new StartError(reason('port_in_use', { port: String(port), setting }));
  if (error.code === 'EACCES')
    return new StartError(`port ${port} may not be opened: set ${setting} above 1023`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartError(`${host} is not an address of this machine: check the setting HOST`);
  }
  return error;
}
