/** The HTTP side of a gateway: what both have, around the sends that each adds. */
import Router from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import { clientOf, createApp, findRoute, routeOf } from '../../kit/app.ts';
import { Problem } from '../../kit/errors.ts';
import { knownHosts, sameSite } from '../../kit/guard.ts';
import { onlyTheirMethods } from '../../kit/methods.ts';
import type { Logger } from '../../kit/log.ts';
import type { CallerCounts } from '../metrics/caller-counts.ts';
import type { GatewayMetrics } from '../metrics/metrics.ts';
import { asProblem } from '../storage/storage-trouble.ts';
import { createAccess, type Access, type AccessDeps } from './access.ts';
import { createDelivering, type DeliverDeps, type Delivering } from './deliver.ts';
import { endpoints, type Endpoint } from './endpoints.ts';
import { addDocs } from './docs.ts';
import { addMessages, type MessagesDeps } from './messages.ts';
import { addOperations, type OperationsDeps } from './operations.ts';
import { openApiDocument, type SendDescription } from './openapi.ts';

export interface GatewayAppDeps
  extends DeliverDeps, MessagesDeps, OperationsDeps, Omit<AccessDeps, 'accessOf'> {
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** Whether /metrics needs no token. */
  readonly metricsOpen: boolean;
  /** Whether every request is one line of the log. */
  readonly accessLog: boolean;
}

/** Puts the sends of one gateway on its router. */
export type AddSends = (
  router: Router,
  delivering: Delivering,
  describe: (send: SendDescription) => void,
) => void;

/** The application of a gateway; `addSends` gives it what it sends. */
export function createGatewayApp(deps: GatewayAppDeps, addSends: AddSends): Koa {
  const app = createApp({
    log: deps.log,
    errorExtras: deps.sandbox ? { sandbox: true } : {},
    originOf: deps.originOf,
    accessLevel: deps.accessLog ? 'info' : 'debug',
    onAnswer: (route, code, requestId) => {
      deps.metrics.requests.inc({ labels: { route, code }, exemplarLabels: { request_id: requestId } });
      if (route.startsWith('/send')) deps.requests.count(code);
    },
  });
  app.use(storageTroubles);
  const { router } = createGatewayRouter(deps, addSends);
  app.use(findRoute(router));
  app.use(countRefused(deps.callers));
  // A page that came in by DNS rebinding has no token; without tokens the Host is what gives it away.
  if (deps.tokens.length === 0) {
    app.use(knownHosts(deps.host, deps.allowedHosts));
  }
  app.use(sameSite);
  app.use(createAccess({ ...deps, accessOf: (method, route) => accessOf(method, route, deps.metricsOpen) }));
  app.use(onlyTheirMethods(router));
  app.use(router.routes());
  return app;
}

/** Counts each request to send that was answered with an error and became no message. */
function countRefused(callers: CallerCounts): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const isOfMessage =
        error instanceof Problem && error.id !== undefined && error.class !== 'idempotency_conflict';
      if (routeOf(ctx)?.startsWith('/send') && !isOfMessage) callers.count(clientOf(ctx), 'refused');
      throw error;
    }
  };
}

/** What the disk or the database fails with is no fault of the caller, who may ask again. */
const storageTroubles: Middleware = async (_ctx, next) => {
  try {
    await next();
  } catch (error) {
    throw asProblem(error);
  }
};

/** The routes of a gateway, and the document that describes them. */
export function createGatewayRouter(deps: GatewayAppDeps, addSends: AddSends) {
  const router = new Router();
  const sends: SendDescription[] = [];
  addSends(router, createDelivering(deps), (send) => sends.push(send));
  addMessages(router, deps);
  addOperations(router, deps);
  const { serviceName, tokens } = deps;
  const document = openApiDocument({ serviceName, endpoints, sends, hasTokens: tokens.length > 0 });
  addDocs(router, document);
  return { router, document };
}

/** What an endpoint asks of its caller; what the table does not have is for nobody. */
function accessOf(method: string, route: string, metricsOpen: boolean): Access {
  if (route === '/metrics' && metricsOpen) return 'open';
  if (method === 'POST' && route.startsWith('/send')) return ['send'];
  const endpoint = (endpoints as Record<string, Endpoint>)[`${method} ${route}`];
  if (!endpoint) throw new Error(`${method} ${route} is not in the table of endpoints`);
  return endpoint.access;
}
