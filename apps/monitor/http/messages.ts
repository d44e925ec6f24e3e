/**
 * The messages that the gateways keep, passed through: a closed list of what can be asked, and every change written
 * down. The gateway checks the query; its answers come back as they are.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { requestIdOf } from '../../kit/app.ts';
import { Problem } from '../../kit/errors.ts';
import { reason } from '../../kit/reason.ts';
import type { GatewayAnswer } from '../health/gateway.ts';
import type { Watched } from '../health/watcher.ts';
import { askGateway, passOn } from './passed-on.ts';
import { readQuery } from './query.ts';
import { recorded } from './recorded.ts';
import { find, type ServiceRoutesDeps } from './services.ts';

/** No id of a gateway has anything else in it. */
const idPattern = /^[\w-]{1,64}$/;
const text = z.string().optional();
const parameters = z.strictObject({
  limit: text,
  before: text,
  status: text,
  chat_id: text,
  expires_in: text,
});

/**
 * Under `/api/services/{name}/messages`: `GET` lists, `GET /{id}` shows one, `POST /retry` and `POST /{id}/retry`
 * retry, `DELETE /{id}` cancels. Queries and answers are those of the gateway's `/messages`.
 */
export function routeMessages(router: Router, deps: ServiceRoutesDeps): void {
  const base = '/api/services/:name/messages';
  const read = async (ctx: RoutedContext, path: string) => {
    passOn(ctx, await pass(ctx, find(deps.watched, ctx.params.name!), 'GET', path));
  };
  const change = async (ctx: RoutedContext, action: string, method: 'POST' | 'DELETE', path: string) => {
    const watched = find(deps.watched, ctx.params.name!);
    const answer = await recorded(deps, ctx, { service: watched.service.name, action }, (note) => {
      note(reason('verbatim', { text: path.replace(/^\/messages\/?/, '') }));
      return pass(ctx, watched, method, path);
    });
    passOn(ctx, answer);
  };

  router.get(base, (ctx) => read(ctx, `/messages${queryOf(ctx)}`));
  router.get(`${base}/:id`, (ctx) => read(ctx, `/messages/${idOf(ctx)}`));
  router.post(`${base}/retry`, (ctx) =>
    change(ctx, 'retry-messages', 'POST', `/messages/retry${queryOf(ctx)}`),
  );
  router.post(`${base}/:id/retry`, (ctx) =>
    change(ctx, 'retry-message', 'POST', `/messages/${idOf(ctx)}/retry${queryOf(ctx)}`),
  );
  router.delete(`${base}/:id`, (ctx) => change(ctx, 'cancel-message', 'DELETE', `/messages/${idOf(ctx)}`));
}

type RoutedContext = Context & { params: Record<string, string> };

function pass(ctx: Context, watched: Watched, method: string, path: string): Promise<GatewayAnswer> {
  return askGateway(watched, watched.gateway.pass(method, path, requestIdOf(ctx)));
}

function idOf({ params }: RoutedContext): string {
  if (idPattern.test(params.id!)) return params.id!;
  throw new Problem('bad_request', 'the id of a message has letters, digits, - and _ only');
}

/** What was asked, in its order; the gateway checks the values. @throws Problem bad_request for a parameter that no gateway takes, or that is there twice */
function queryOf({ query }: Context): string {
  const read: Record<string, string | undefined> = readQuery(query, parameters);
  const asked = Object.keys(query).flatMap((name) => (read[name] === undefined ? [] : [[name, read[name]]]));
  return asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`;
}
