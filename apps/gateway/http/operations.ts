/** What operators and their tools ask of a gateway: its health, its numbers, its chats, a pause. */
import type Router from '@koa/router';
import { Problem } from '../../kit/errors.ts';
import { reason } from '../../kit/reason.ts';
import { expose, type ExemplarRegistry } from '../../kit/metrics.ts';
import { idForJson } from '../model/marked-id.ts';
import { parseFields } from './fields.ts';
import { checkHealth, isoOrNull, type HealthDeps } from './health.ts';
import { peersQuery } from './queries.ts';
import { gatewayStats, type StatsDeps } from './stats.ts';
import { syncFloorMs } from '../storage/tables.ts';

export interface OperationsDeps extends HealthDeps, StatsDeps {
  readonly registry: ExemplarRegistry;
}

/** Puts them on a router. */
export function addOperations(router: Router, deps: OperationsDeps): void {
  const { dispatcher, dialogSync, clock, peers } = deps;
  router.get('/health', async (ctx) => {
    const health = await checkHealth(deps);
    ctx.status = health.status === 'down' ? 503 : 200;
    ctx.body = health;
  });
  router.get('/stats', (ctx) => {
    ctx.body = gatewayStats(deps);
  });
  router.get('/metrics', async (ctx) => {
    const { type, body } = await expose(deps.registry, ctx.get('accept'));
    ctx.body = body;
    ctx.set('Content-Type', type);
    ctx.vary('Accept');
  });
  router.get('/peers', (ctx) => {
    const { query, limit } = parseFields(peersQuery, ctx.query);
    const found = peers.search(query.trim().replace(/^@/, ''), limit);
    ctx.body = {
      peers: found.peers.map(({ chatId, kind, title, username, writable }) => ({
        chat_id: idForJson(chatId),
        kind,
        title,
        username: username ?? null,
        writable,
      })),
      total: found.total,
    };
  });
  router.post('/pause', (ctx) => {
    dispatcher.pause();
    ctx.body = { ok: true, paused: true };
  });
  router.post('/resume', (ctx) => {
    dispatcher.resume();
    ctx.body = { ok: true, paused: false };
  });
  router.post('/reload_cache', (ctx) => {
    const running = dialogSync.state().cursor !== undefined;
    const waitMs = dialogSync.nextAllowedAt() - clock.now();
    if (!running && waitMs > 0) {
      const retryAfter = Math.ceil(waitMs / 1000);
      const detail = reason('dialogs_synced_recently', { left_s: retryAfter });
      throw new Problem('flood_wait', detail, { retryAfter });
    }
    const nextAllowedAt = running ? dialogSync.nextAllowedAt() : clock.now() + syncFloorMs;
    if (!running) dialogSync.request();
    ctx.status = 202;
    ctx.body = { started: !running, running, next_allowed_at: isoOrNull(nextAllowedAt) };
  });
}
