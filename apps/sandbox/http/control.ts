/** The control endpoints: report, world, limits, faults, reset, and the public key. */
import Router from '@koa/router';
import type { Fault } from '../control/faults.ts';
import type { SandboxState } from '../world/state.ts';
import { bodyOf, sendJson, type Json } from './body.ts';
import { changeWorld } from './changes.ts';
import { faultsBody, limitsBody, worldBody, worldChange } from './schemas.ts';
import { reportView, worldView } from './views.ts';

/** The routes that tests and scenarios drive the sandbox by. */
export function controlRoutes(state: SandboxState, publicKeyPem: string): Router {
  const router = new Router();
  const { accounts, deliveries, events, faults, incoming, limits, report, scheduled, service, timetable } =
    state;

  router.get('/report', (context) => sendJson(context, reportView(state)));
  router.get('/world', (context) => sendJson(context, worldView(accounts.standard)));

  router.post('/world', async (context) => {
    accounts.standard.replaceWorld(await bodyOf(context, worldBody));
    events.emit({ type: 'world' });
    sendJson(context, worldView(accounts.standard));
  });

  router.patch('/world', async (context) => {
    changeWorld(state, await bodyOf(context, worldChange));
    sendJson(context, worldView(accounts.standard));
  });

  router.get('/limits', (context) => sendJson(context, limits.definition));
  router.post('/limits', async (context) => {
    limits.replace(await bodyOf(context, limitsBody));
    sendJson(context, limits.definition);
  });

  router.get('/faults', (context) => sendJson(context, faults.all().map(faultView)));
  router.post('/faults', async (context) => {
    const { faults: list, seed } = await bodyOf(context, faultsBody);
    faults.replace(list, seed);
    sendJson(context, faults.all().map(faultView));
  });

  router.post('/reset', (context) => {
    timetable.replace([]);
    faults.replace([]);
    limits.replace({});
    report.clear();
    deliveries.clear();
    incoming.clear();
    service.clear();
    for (const account of accounts.all()) account.forgetMessages();
    scheduled.clear();
    events.clear();
    sendJson(context, { ok: true });
  });

  router.get('/public-key.pem', (context) => {
    context.type = 'application/x-pem-file';
    context.body = publicKeyPem;
  });

  return router;
}

/** A fault as `GET /faults` answers it. */
export type FaultJson = Json<ReturnType<typeof faultView>>;

/** A fault without its numbers that are infinite. */
function faultView({ left, from, until, ...fault }: Fault) {
  return {
    ...fault,
    from: new Date(from).toISOString(),
    left: left === Infinity ? undefined : left,
    until: until === Infinity ? undefined : new Date(until).toISOString(),
  };
}
