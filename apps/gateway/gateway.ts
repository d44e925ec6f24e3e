/** Puts a gateway together: HTTP, outbox, dispatcher, peers and the account, each with its closer. */
import type Koa from 'koa';
import { listen, longestUploadMs, type Listening } from '../kit/app.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { createExemplarRegistry } from '../kit/metrics.ts';
import { createOriginOf } from '../kit/proxies.ts';
import type { Release } from '../kit/release.ts';
import { steadyClock } from '../kit/steady-clock.ts';
import { version } from '../kit/version.ts';
import { startCallbacks } from './callbacks/callbacks.ts';
import { createCheckCallbackUrl } from './callbacks/check-url.ts';
import { createPost } from './callbacks/post.ts';
import { messageAnswer } from './http/answers.ts';
import { createGatewayApp, type AddSends } from './http/app.ts';
import { isPublicAddress, type IsAllowed } from './media/public-address.ts';
import { createGatewayMetrics, exemplarOf, type GatewayMetrics } from './metrics/metrics.ts';
import { Dispatcher } from './outbox/dispatcher.ts';
import { startRetention } from './outbox/retention.ts';
import type { Spool } from './media/spool.ts';
import type { StoredMessage } from './model/message.ts';
import { unnamedItems } from './model/unnamed-items.ts';
import { createWaiters } from './outbox/waiters.ts';
import { longestByKind } from './pacing/gates.ts';
import { createResolver, shownChat } from './peers/resolver.ts';
import { startDialogSync } from './peers/dialog-sync.ts';
import { createCallerCounts } from './metrics/caller-counts.ts';
import { createRecentErrors } from './metrics/recent-errors.ts';
import { createRequestCounts } from './metrics/request-counts.ts';
import { startKnownTime } from './known-time.ts';
import type { GatewayConfig } from './settings.ts';
import { startAnewOnceMended } from './start-anew.ts';
import { untilStorageWorks } from './storage-awaited.ts';
import { openStorage } from './storage.ts';
import { isSendMethod, sendMethods } from './model/account.ts';
import { createMtprotoAccount } from './telegram/mtproto-account.ts';
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
  const { store, messageAdmin, turns, strangers, gates, peers, walks, names, callbackTable, room, spool } =
    kept;

  if (parts.startAnew) startAnewOnceMended({ store, spool, log, clock, release, startAnew: parts.startAnew });

  const waiters = createWaiters(clock, config.MAX_WAITING);
  const errors = createRecentErrors();
  const latest = store.latest();
  const requests = createRequestCounts(clock, latest.acceptedAt ?? undefined);
  const registry = createExemplarRegistry();
  release.push('metrics', () => registry.clear());
  let lastSentAt = latest.sentAt ?? undefined;
  let albumsIncomplete = 0;

  const metrics: GatewayMetrics = createGatewayMetrics(registry, version, {
    connected: () => account.state.phase === 'ready',
    signedIn: () => account.state.phase !== 'signed_out',
    accountState: () => account.state.standing.state,
    paused: () => dispatcher.paused,
    cacheEntries: () => peers.count(),
    cacheWarmedAt: () => walks.read().finishedAt,
    lastRequestAt: () => requests.read().lastAt,
    lastSentAt: () => lastSentAt,
    queueDepth: () => store.queue().depth,
    queueOldestAgeSeconds: () => {
      const { oldestAcceptedAt } = store.queue();
      return oldestAcceptedAt === undefined ? 0 : (clock.now() - oldestAcceptedAt) / 1000;
    },
    callbacksPending: () => callbackTable.pending(),
    accountRate: () => turns.rate(clock.now()),
    gateSeconds: () => longestByKind(gates.closed(clock.now()), clock.now()),
  });

  const tokenNames = config.API_TOKENS.map(({ name }) => name);
  const callers = createCallerCounts(tokenNames, metrics.callerMessages, clock);

  // Once the account is closed, what was still being sent ends as perhaps sent, and that is written before the database closes.
  let untilIdle = () => Promise.resolve();
  release.push('what was being sent', () => untilIdle());
  const account = createMtprotoAccount({
    ...{ ...endpoint, log, clock, gates },
    probeIntervalMs: config.PROBE_INTERVAL_S * 1000,
    onGateClosed: (gate, { method }) => {
      if (isSendMethod(method) && gate.scope.startsWith('method:')) turns.slowDown(clock.now(), gate.until);
    },
    onCall: (method, result, seconds) => {
      metrics.rpcs.inc({ method, result });
      metrics.rpcSeconds.observe({ method }, seconds);
    },
    onServerTime: (at) => clock.tell(at),
    findUser: (userId) => peers.byId(userId),
    onPeers: (found) => {
      const fresh = found.filter((peer) => peers.isNews(peer, clock.now()));
      if (fresh.length > 0) peers.save(fresh, clock.now());
    },
    onSignedIn: (self) => {
      kept.claimUser(self.chatId);
      peers.save([self], clock.now());
    },
  });
  release.push('account', () => account.close());

  const dialogSync = startDialogSync({
    ...{ account, peers, walks, gates, clock, log },
    holder: serviceName,
    intervalMs: config.WARM_INTERVAL_S * 1000,
    isAwaited: () => store.awaited().length > 0,
    onPage: () => dispatcher.peersChanged(),
  });
  release.push('dialog sync', () => dialogSync.stop());

  const resolver = createResolver({
    ...{ account, peers, gates, clock },
    names,
    nameMaxAgeMs: config.NAME_MAX_AGE_H * 3_600_000,
    mayBecomeKnown: () => !dialogSync.isWhole(),
  });

  const mayCall: IsAllowed = config.ALLOW_PRIVATE_URLS ? () => true : isPublicAddress;
  const callbacks = startCallbacks({
    ...{ table: callbackTable, clock, log },
    post: createPost({ isAllowed: mayCall }),
    secrets: config.CALLBACK_SECRET,
    shown: (message) =>
      messageAnswer(message, {
        selfId: peers.self()?.chatId,
        now: clock.now(),
        ...(isSandbox && { sandbox: true }),
      }),
    onTried: (state) => metrics.callbacks.inc({ outcome: state === 'pending' ? 'retried' : state }),
  });
  release.push('callbacks', () => callbacks.stop());

  const noteFailure = ({ id, chat, failure, requestId }: StoredMessage) => {
    if (!failure) return;
    metrics.errors.inc({ labels: { class: failure.class }, ...exemplarOf(requestId) });
    const at = new Date(clock.now()).toISOString();
    errors.add({ at, class: failure.class, message: failure.detail, chat_id: shownChat(chat), id });
  };
  const dispatcher = new Dispatcher({
    ...{ store, messageAdmin, spool, account, resolver, gates, strangers, turns, clock, log },
    methods: sendMethods[gateway],
    concurrency: config.SEND_CONCURRENCY,
    random: Math.random,
    onTroubled: noteFailure,
    onSent: (message) => {
      if (peers.isStranger(message.chat)) peers.meet([message.chat]);
      waiters.settled(message);
    },
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
      if (message.content.options.callbackUrl !== undefined) callbacks.nudge();
    },
  });
  untilIdle = () => dispatcher.idle();
  release.push('dispatcher', () => dispatcher.stop());
  const knownTime = startKnownTime({
    ...{ clock, log },
    judge: async (byMs) => {
      await kept.judgeTimes(byMs);
      dispatcher.timesJudged();
      await callbacks.judgeTimes();
    },
  });
  release.push('known time', () => knownTime.stop());
  const retention = startRetention({
    ...{ messageAdmin, spool, clock, log },
    retainMs: config.RETAIN_DAYS * 86_400_000,
  });
  release.push('retention', () => retention.stop());

  const app = createGatewayApp(
    {
      ...{ gateway, accountName, serviceName, startedAt, log, clock, metrics, registry, requests, errors },
      ...{
        account,
        store,
        room,
        messageAdmin,
        spool,
        turns,
        strangers,
        dispatcher,
        waiters,
        gates,
        peers,
        resolver,
        dialogSync,
      },
      checkCallbackUrl: createCheckCallbackUrl(config.CALLBACK_SECRET, mayCall),
      sendMethods: sendMethods[gateway],
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
