/** The control endpoints: report, world, limits, faults, reset, and the public key. */
import Router from '@koa/router';
import type { Fault } from '../control/faults.ts';
import type { SandboxState } from '../world/state.ts';
import { bodyOf, sendJson, type Json } from './body.ts';
import { changeWorld } from './changes.ts';
import { faultsBody, limitsBody, worldBody, worldChange } from './schemas.ts';
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import { cardView } from './cards.ts';

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

/** GET /report, with ids as strings. */
function reportView({ report, deliveries }: SandboxState) {
  return {
    rpc: Object.fromEntries(report.rpc),
    errors: Object.fromEntries(report.errors),
    missing_methods: Object.fromEntries(report.missingMethods),
    delivered: deliveries.all().map((delivery) => ({
      account: delivery.account,
      chat_id: delivery.chatId,
      message_id: String(delivery.messageId),
      random_id: delivery.randomId,
      at: new Date(delivery.at).toISOString(),
      text: delivery.sentText ?? delivery.text,
      link_preview: delivery.noWebpage ? false : undefined,
      media: delivery.media
        ? mediaOfReport(delivery.media)
        : delivery.special && cardOfReport(delivery.special),
    })),
    delivered_total: deliveries.total,
    duplicates: deliveries.repeated,
    flood_violations: report.floodViolations,
    violations: report.violations.map(({ at, account, method, chatId, earlyMs }) => ({
      at: new Date(at).toISOString(),
      account,
      method,
      chat_id: chatId,
      early_ms: earlyMs,
    })),
    connections: report.connections().map(({ account = null, at, count }) => ({
      account,
      at: new Date(at).toISOString(),
      count,
    })),
  };
}

function mediaOfReport({ kind, name, size, sha256 }: NonNullable<Delivery['media']>) {
  return { kind, name, size, sha256 };
}

/** Media that is no file has the same fields, and what it holds. */
function cardOfReport(special: TlObject) {
  const { kind, title = '', poll, latitude, longitude, accuracy_m } = cardView(special);
  return { kind, name: title, size: 0, sha256: '', poll, latitude, longitude, accuracy_m };
}

/** GET /world. */
function worldView({ world }: Account) {
  return {
    ...world.definition,
    chats: [...world.chats.values()].map(({ id, kind, title, inDialogs, banned, username }) => ({
      chat_id: id,
      kind,
      title,
      username,
      in_dialogs: inDialogs,
      banned,
    })),
  };
}
