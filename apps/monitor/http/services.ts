/** The services and what can be done to them: closed lists of both, every action written down with its outcome. */
import type Router from '@koa/router';
import { requestIdOf } from '../../kit/app.ts';
import { Problem } from '../../kit/errors.ts';
import { reason } from '../../kit/reason.ts';
import { shortened } from '../../kit/shorten.ts';
import { gatewayActions, type GatewayAction } from '../health/gateway.ts';
import type { Watched, Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import type { Control } from '../procedures/control.ts';
import type { ControlAction } from '../supervisors/supervisor.ts';
import { mustConfirm } from './confirm.ts';
import { askGateway, passOn } from './passed-on.ts';
import { recorded, whoIs, type RecordDeps } from './recorded.ts';

export interface ServiceRoutesDeps extends RecordDeps {
  readonly watched: readonly Watched[];
  readonly control: Control;
  readonly procedure: ClearFloodWait;
  readonly watcher: Watcher;
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
      const delayedUntil = await recorded(deps, ctx, { service: service.name, action }, async (note) => {
        procedure.mustNotRun(service.name);
        const until = await control.act(service, action, whoIs(ctx));
        const iso = until === null ? null : new Date(until).toISOString();
        if (iso !== null) note(reason('delayed_start', { until_at: iso }));
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
      const answer = await recorded(deps, ctx, { service: watched.service.name, action }, () =>
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
  throw new Problem('not_found', reason('no_service', { name: shortened(name), names }));
}
