/** The services and what can be done to them: closed lists of both, every action written down with its outcome. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { requestIdOf } from '../../kit/app.ts';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit } from '../files/audit.ts';
import { gatewayActions, type GatewayAction } from '../health/gateway.ts';
import type { Watched, Watcher } from '../health/watcher.ts';
import type { MonitorMetrics } from '../model/metrics.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import type { Control } from '../procedures/control.ts';
import type { ControlAction } from '../supervisors/supervisor.ts';
import { mustConfirm } from './confirm.ts';
import { askGateway, passOn } from './passed-on.ts';
import { record } from './recorded.ts';

export interface ServiceRoutesDeps {
  readonly watched: readonly Watched[];
  readonly control: Control;
  readonly procedure: ClearFloodWait;
  readonly watcher: Watcher;
  readonly audit: Audit;
  readonly metrics: MonitorMetrics;
  readonly now: () => number;
}

const controlActions: readonly ControlAction[] = ['start', 'stop', 'restart'];

export function routeServices(router: Router, deps: ServiceRoutesDeps): void {
  const { control, procedure, watcher, audit } = deps;

  router.get('/api/services', async (ctx) => {
    ctx.body = await watcher.services();
  });

  for (const action of controlActions) {
    router.post(`/api/services/:name/${action}`, async (ctx) => {
      const { service } = find(deps.watched, ctx.params.name!);
      if (action === 'stop') await mustConfirm(ctx, 'stop');
      const delayedUntil = await written(deps, ctx, action, async (note) => {
        procedure.mustNotRun(`a ${action}`, service.name);
        const until = await control.act(service, action, { user: userOf(ctx), address: ctx.ip });
        const iso = until === null ? null : new Date(until).toISOString();
        if (iso !== null) note(`delayed until ${iso}: another service of the account was started just now`);
        return iso;
      });
      const views = await watcher.look();
      ctx.status = delayedUntil === null ? 200 : 202;
      ctx.body = {
        ok: true,
        delayed_until: delayedUntil,
        service: views.find(({ name }) => name === service.name),
      };
    });
  }

  for (const action of Object.keys(gatewayActions) as GatewayAction[]) {
    router.post(`/api/services/:name/${action}`, async (ctx) => {
      const watched = find(deps.watched, ctx.params.name!);
      const answer = await written(deps, ctx, action, () =>
        askGateway(watched, watched.gateway.act(action, requestIdOf(ctx))),
      );
      passOn(ctx, answer);
      void watcher.look();
    });
  }

  router.get('/api/audit', (ctx) => {
    ctx.body = audit.latest(200);
  });
}

/** @throws Problem not_found for a service that is not watched */
export function find(watched: readonly Watched[], name: string): Watched {
  const found = watched.find(({ service }) => service.name === name);
  if (found) return found;
  const names = watched.map(({ service }) => service.name).join(', ');
  throw new Problem('not_found', `there is no service named ${shortened(name)}; there are ${names}`);
}

/**
 * Does it, and writes down who did it and what came of it; `act` may note what is not plain of a success.
 */
export async function written<T>(
  deps: ServiceRoutesDeps,
  ctx: Context & { params: Record<string, string> },
  action: string,
  act: (note: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const service = ctx.params.name!;
  const write = async (ok: boolean, detail: string | null) => {
    deps.metrics.acted(service, action, ok ? 'ok' : 'failed');
    await record(deps, ctx, { service, action, ok, detail });
  };
  let noted: string | null = null;
  let result: T;
  try {
    result = await act((detail) => (noted = detail));
  } catch (error) {
    await write(false, (error as Error).message);
    throw error;
  }
  const refused = (result as { status?: number } | null)?.status ?? 200;
  await write(refused < 400, refused < 400 ? noted : `the service answered ${refused}`);
  return result;
}
