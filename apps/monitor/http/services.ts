/** The services and what can be done to them: closed lists of both, every action written down with its outcome. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readObject } from '../../kit/body.ts';
import { Problem } from '../../kit/errors.ts';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit } from '../audit.ts';
import { gatewayActions, type GatewayAction } from '../health/gateway.ts';
import type { Watched, Watcher } from '../health/watcher.ts';
import type { MonitorMetrics } from '../metrics.ts';
import type { ControlAction, Supervisor } from '../supervisors/supervisor.ts';

export interface ServiceRoutesDeps {
  readonly watched: readonly Watched[];
  readonly supervisor: Supervisor;
  readonly watcher: Watcher;
  readonly audit: Audit;
  readonly metrics: MonitorMetrics;
  readonly now: () => number;
}

const controlActions: readonly ControlAction[] = ['start', 'stop', 'restart'];

export function routeServices(router: Router, deps: ServiceRoutesDeps): void {
  const { supervisor, watcher, audit } = deps;

  router.get('/api/services', async (ctx) => {
    ctx.body = await watcher.services();
  });

  for (const action of controlActions) {
    router.post(`/api/services/:name/${action}`, async (ctx) => {
      const { service } = find(deps.watched, ctx.params.name!);
      if (action === 'stop') await mustConfirm(ctx, 'stop');
      await written(deps, ctx, action, () => supervisor.act(service, action));
      const views = await watcher.look();
      ctx.body = { ok: true, service: views.find(({ name }) => name === service.name) };
    });
  }

  for (const action of Object.keys(gatewayActions) as GatewayAction[]) {
    router.post(`/api/services/:name/${action}`, async (ctx) => {
      const { service, gateway } = find(deps.watched, ctx.params.name!);
      const answer = await written(deps, ctx, action, () =>
        gateway.act(action).catch((error: unknown) => {
          throw new Problem('unavailable', `${service.label} does not answer on ${service.url}`, {
            cause: error,
          });
        }),
      );
      ctx.status = answer.status;
      if (answer.retryAfter !== null) ctx.set('Retry-After', answer.retryAfter);
      ctx.body = answer.body;
      void watcher.look();
    });
  }

  router.get('/api/audit', (ctx) => {
    ctx.body = audit.latest(200);
  });
}

function find(watched: readonly Watched[], name: string): Watched {
  const found = watched.find(({ service }) => service.name === name);
  if (found) return found;
  const names = watched.map(({ service }) => service.name).join(', ');
  throw new Problem('not_found', `there is no service named ${name}; there are ${names}`);
}

/** @throws Problem bad_request unless the body says that this is meant */
async function mustConfirm(ctx: Context, word: string): Promise<void> {
  const isEmpty =
    ctx.get('content-length') === '0' || ctx.get('content-length') + ctx.get('transfer-encoding') === '';
  const body = isEmpty ? {} : await readObject(ctx.req, 10_000);
  if (body.confirm !== word) {
    throw new Problem(
      'bad_request',
      `confirm takes "${word}": this action is done only when it is confirmed`,
    );
  }
}

/** Does it, and writes down who did it and what came of it. */
async function written<T>(
  { audit, metrics, now }: ServiceRoutesDeps,
  ctx: Context & { params: Record<string, string> },
  action: string,
  act: () => Promise<T>,
): Promise<T> {
  const service = ctx.params.name!;
  const write = async (detail: string | null) => {
    metrics.acted(service, action, detail === null ? 'ok' : 'failed');
    const at = new Date(now()).toISOString();
    await audit.add({ at, user: userOf(ctx), address: ctx.ip, service, action, ok: detail === null, detail });
  };
  let result: T;
  try {
    result = await act();
  } catch (error) {
    await write((error as Error).message);
    throw error;
  }
  const refused = (result as { status?: number } | undefined)?.status ?? 200;
  await write(refused < 400 ? null : `the service answered ${refused}`);
  return result;
}
