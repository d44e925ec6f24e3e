/**
 * The messages that the gateways keep, passed through: a closed list of what can be asked, and every change written
 * down. The gateway checks the query; its answers come back as they are.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import type { GatewayAnswer } from '../health/gateway.ts';
import type { Watched } from '../health/watcher.ts';
import { find, written, type ServiceRoutesDeps } from './services.ts';

/** No id of a gateway has anything else in it. */
const idPattern = /^[\w-]{1,64}$/;
const parameters = ['status', 'chat_id', 'limit', 'before', 'expires_in'];

/**
 * Under `/api/services/{name}/messages`: `GET` lists, `GET /{id}` shows one, `POST /retry` and `POST /{id}/retry`
 * retry, `DELETE /{id}` cancels. Queries and answers are those of the gateway's `/messages`.
 */
export function routeMessages(router: Router, deps: ServiceRoutesDeps): void {
  const base = '/api/services/:name/messages';
  const read = async (ctx: RoutedContext, path: string) => {
    give(ctx, await pass(find(deps.watched, ctx.params.name!), 'GET', path));
  };
  const change = async (ctx: RoutedContext, action: string, method: 'POST' | 'DELETE', path: string) => {
    const watched = find(deps.watched, ctx.params.name!);
    const answer = await written(deps, ctx, action, (note) => {
      note(path.replace(/^\/messages\/?/, ''));
      return pass(watched, method, path);
    });
    give(ctx, answer);
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

async function pass({ service, gateway }: Watched, method: string, path: string): Promise<GatewayAnswer> {
  try {
    return await gateway.pass(method, path);
  } catch (error) {
    const detail = `${service.label} does not answer on ${service.url}`;
    throw new Problem('unavailable', detail, { cause: error });
  }
}

function give(ctx: Context, { status, body, retryAfter }: GatewayAnswer): void {
  // A gateway that wants a token is a setting of the monitor, not a wrong password of whoever looks.
  if (status === 401 || status === 403) {
    const detail = `the service refused the monitor: set GATEWAY_TOKEN to a token that may read and control it`;
    throw new Problem('unavailable', detail);
  }
  ctx.status = status;
  if (retryAfter !== null) ctx.set('Retry-After', retryAfter);
  ctx.body = body;
}

function idOf({ params }: RoutedContext): string {
  if (idPattern.test(params.id!)) return params.id!;
  throw new Problem('bad_request', 'the id of a message has letters, digits, - and _ only');
}

/** @throws Problem bad_request for a parameter that no gateway takes */
function queryOf({ query }: Context): string {
  const unknown = Object.keys(query).find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    throw new Problem('bad_request', `${unknown} is not known here; there are ${parameters.join(', ')}`);
  }
  const given = Object.entries(query).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
