/** Puts a gateway together: what is kept, the account at work, and HTTP before it, each with its closer. */
import type Koa from 'koa';
import { listen, longestUploadMs, type Listening } from '../kit/app.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { createExemplarRegistry } from '../kit/metrics.ts';
import { createOriginOf } from '../kit/proxies.ts';
import type { Release } from '../kit/release.ts';
import { steadyClock } from '../kit/steady-clock.ts';
import { version } from '../kit/version.ts';
import { mayCall, startAccountAtWork } from './account-at-work.ts';
import { createCheckCallbackUrl } from './callbacks/check-url.ts';
import { createGatewayApp, type AddSends } from './http/app.ts';
import { createGatewayMetrics, exemplarOf, type GatewayMetrics } from './metrics/metrics.ts';
import type { Spool } from './media/spool.ts';
import { codedFailure, type StoredMessage } from './model/message.ts';
import { unnamedItems } from './model/unnamed-items.ts';
import { createWaiters } from './outbox/waiters.ts';
import { longestByKind } from './pacing/gates.ts';
import { shownChat } from './peers/resolver.ts';
import { createCallerCounts } from './metrics/caller-counts.ts';
import { createRecentErrors } from './metrics/recent-errors.ts';
import { createRequestCounts } from './metrics/request-counts.ts';
import type { GatewayConfig } from './settings.ts';
import { startAnewOnceMended } from './start-anew.ts';
import { untilStorageWorks } from './storage-awaited.ts';
import { openStorage } from './storage.ts';
import { sendMethodsOf } from './send/kinds.ts';
import { trustServerKey } from './telegram/library/server-key.ts';

export interface GatewayParts {
  /** `text` or `media`: whose messages in the outbox are ours. */
  readonly gateway: 'text' | 'media';
  readonly config: GatewayConfig;
  readonly log: Logger;
  readonly release: Release;
  readonly clock?: Clock;
  /** Told once what had failed for good until a new start has passed. */
  readonly startAnew?: (reason: string) => void;
  /** Puts the sends on the router; given the spool for what comes as a file. */
  readonly addSends: (spool: Spool) => AddSends;
}

/** Opens everything and listens; what it opened is closed by `release`. @throws StartError */
export async function startGateway(parts: GatewayParts): Promise<Listening> {
  const { gateway, config, log, release } = parts;
  const clock = steadyClock(parts.clock ?? systemClock);
  const { TELEGRAM_ACCOUNT: accountName, endpoint } = config;
  const serviceName = `send-${gateway}`;
  const startedUptimeMs = clock.uptime();
  const startedAt = () => clock.now() - (clock.uptime() - startedUptimeMs);
  const isSandbox = endpoint.realm === 'sandbox';
  if (endpoint.publicKey !== undefined) trustServerKey(endpoint.publicKey);

  const listenHere = (app: Koa) =>
    listen(
      app,
      config.HOST,
      config.PORT,
      `${serviceName.toUpperCase().replace('-', '_')}_PORT`,
      gateway === 'media' ? longestUploadMs : undefined,
    );
  const kept = await untilStorageWorks(
    (opened) => openStorage({ gateway, config, log, release: opened, clock }),
    { dataDir: config.DATA_DIR, sandbox: isSandbox, listen: listenHere, log, clock, release },
  );
  const { ledger, lanes, spool } = kept;

  if (parts.startAnew) startAnewOnceMended({ lanes, spool, log, clock, release, startAnew: parts.startAnew });

  const waiters = createWaiters(clock, config.MAX_WAITING);
  const errors = createRecentErrors();
  const latest = await ledger.latest();
  const requests = createRequestCounts(clock, latest.acceptedAt ?? undefined);
  const registry = createExemplarRegistry();
  release.push('metrics', () => registry.clear());
  let lastSentAt = latest.sentAt ?? undefined;
  let albumsIncomplete = 0;

  const metrics: GatewayMetrics = createGatewayMetrics(registry, version, {
    connected: () => work.account.state.phase === 'ready',
    signedIn: () => work.account.state.phase !== 'signed_out',
    accountState: () => work.account.state.standing.state,
    paused: () => work.dispatcher.paused,
    cacheEntries: () => kept.peers.count(),
    cacheWarmedAt: () => kept.walks.read().finishedAt,
    lastRequestAt: () => requests.read().lastAt,
    lastSentAt: () => lastSentAt,
    queueDepth: () => lanes.depth,
    queueOldestAgeSeconds: () => {
      const oldestAcceptedAt = lanes.oldestAcceptedAt();
      return oldestAcceptedAt === undefined ? 0 : (clock.now() - oldestAcceptedAt) / 1000;
    },
    callbacksPending: () => kept.callbackTable.pending(),
    accountRate: () => kept.turns.rate(clock.now()),
    gateSeconds: () => longestByKind(kept.gates.closed(clock.now()), clock.now()),
  });

  const tokenNames = config.API_TOKENS.map(({ name }) => name);
  const callers = createCallerCounts(tokenNames, metrics.callerMessages, clock);

  const noteFailure = ({ id, chat, failure, requestId }: StoredMessage) => {
    if (!failure) return;
    metrics.errors.inc({ labels: { class: failure.class }, ...exemplarOf(requestId) });
    const at = new Date(clock.now()).toISOString();
    const said = { class: failure.class, message: failure.detail, ...codedFailure(failure) };
    errors.add({ at, ...said, chat_id: shownChat(chat), id });
  };
  const work = startAccountAtWork({
    gateway,
    config,
    log,
    clock,
    release,
    kept,
    metrics,
    onTroubled: noteFailure,
    onSent: (message) => waiters.settled(message),
    onHeld: (message) => waiters.held(message),
    onSettled: (message) => {
      const { status: outcome, caller } = message;
      metrics.messages.inc({ outcome });
      if (outcome !== 'queued' && outcome !== 'sending') callers.count(caller, outcome);
      if (unnamedItems(message).length > 0) {
        albumsIncomplete++;
        metrics.messages.inc({ outcome: 'album_incomplete' });
      }
      if (message.status === 'sent') {
        lastSentAt = clock.now();
        const value = (lastSentAt - message.acceptedAt) / 1000;
        metrics.delivery.observe({ value, ...exemplarOf(message.requestId) });
      } else noteFailure(message);
      waiters.settled(message);
    },
  });

  const app = createGatewayApp(
    {
      gateway,
      accountName,
      serviceName,
      startedAt,
      log,
      clock,
      metrics,
      registry,
      requests,
      errors,
      ...kept,
      ...work,
      waiters,
      checkCallbackUrl: createCheckCallbackUrl(config.CALLBACK_SECRET, mayCall(config)),
      sendMethods: sendMethodsOf(gateway).main,
      defaultMode: config.DEFAULT_PARSE_MODE,
      sandbox: isSandbox,
      host: config.HOST,
      allowedHosts: config.ALLOWED_HOSTS,
      tokens: config.API_TOKENS,
      metricsOpen: config.METRICS_OPEN,
      originOf: createOriginOf(config.TRUSTED_PROXIES),
      rateLimitPerS: config.RATE_LIMIT_PER_S,
      accessLog: config.ACCESS_LOG,
      logTexts: config.LOG_TEXTS,
      warmIntervalMs: config.WARM_INTERVAL_S * 1000,
      lastSentAt: () => lastSentAt,
      albumsIncomplete: () => albumsIncomplete,
      callers,
      onAccepted: ({ caller }) => {
        metrics.messages.inc({ outcome: 'accepted' });
        callers.count(caller, 'accepted');
      },
    },
    parts.addSends(spool),
  );
  const listening = await listenHere(app);
  release.push('http', () => listening.close());
  release.push('waiting callers', () => waiters.stop());
  log.info({ host: config.HOST, port: listening.port, sandbox: isSandbox }, 'listening');
  return listening;
}
