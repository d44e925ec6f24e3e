/**
 * An account at work: its connection to Telegram, its outbox, its dialogs and its callbacks, over what is kept of it. HTTP
 * stands before it; a process may have any number of them.
 */
import type { Logger } from '../kit/log.ts';
import type { Release } from '../kit/release.ts';
import type { SteadyClock } from '../kit/steady-clock.ts';
import { Ticker } from '../kit/ticker.ts';
import { startCallbacks } from './callbacks/callbacks.ts';
import { createPost } from '../kit/post.ts';
import { messageAnswer } from './http/answers.ts';
import { startKnownTime } from './known-time.ts';
import { isPublicAddress, type IsAllowed } from '../kit/public-address.ts';
import type { GatewayMetrics } from './metrics/metrics.ts';
import { isSendMethod } from './model/account.ts';
import { sendMethodsOf } from './send/kinds.ts';
import { Dispatcher } from './outbox/dispatcher.ts';
import { startRetention } from './outbox/retention.ts';
import type { Notices } from './outbox/settled-messages.ts';
import { startDialogSync } from './peers/dialog-sync.ts';
import { createResolver } from './peers/resolver.ts';
import type { GatewayConfig } from './settings.ts';
import type { Kept } from './storage.ts';
import { createMtprotoAccount } from './telegram/mtproto-account.ts';

export interface AccountAtWorkDeps extends Notices {
  /** `text` or `media`: whose messages are sent. */
  readonly gateway: 'text' | 'media';
  readonly config: GatewayConfig;
  readonly kept: Kept;
  readonly metrics: Pick<GatewayMetrics, 'rpcs' | 'rpcSeconds' | 'callbacks'>;
  readonly log: Logger;
  readonly clock: SteadyClock;
  readonly release: Release;
}

/** Connects and sends from now on; `release` stops it. */
export function startAccountAtWork(deps: AccountAtWorkDeps) {
  const { gateway, config, kept, metrics, log, clock, release } = deps;
  const { ledger, messageAdmin, lanes, spool, gates, turns, strangers, peers, walks, names } = kept;

  const ticker = new Ticker(clock, log);
  // Once the account is closed, what was still being sent ends as perhaps sent, and that is written before the database closes.
  let untilIdle = () => Promise.resolve();
  release.push('what was being sent', () => untilIdle());
  const account = createMtprotoAccount({
    ...config.endpoint,
    log,
    clock,
    gates,
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
    account,
    peers,
    walks,
    gates,
    clock,
    ticker,
    log,
    holder: `send-${gateway}`,
    intervalMs: config.WARM_INTERVAL_S * 1000,
    isAwaited: () => lanes.awaited().length > 0,
    onPage: () => dispatcher.peersChanged(),
  });
  release.push('dialog sync', () => dialogSync.stop());

  const resolver = createResolver({
    account,
    peers,
    gates,
    clock,
    names,
    nameMaxAgeMs: config.NAME_MAX_AGE_H * 3_600_000,
    mayBecomeKnown: () => !dialogSync.isWhole(),
  });

  const callbacks = startCallbacks({
    table: kept.callbackTable,
    clock,
    log,
    post: createPost({ isAllowed: mayCall(config) }),
    secrets: config.CALLBACK_SECRET,
    shown: (message) =>
      messageAnswer(message, {
        selfId: peers.self()?.chatId,
        now: clock.now(),
        ...(config.endpoint.realm === 'sandbox' && { sandbox: true }),
      }),
    onTried: (state) => metrics.callbacks.inc({ outcome: state === 'pending' ? 'retried' : state }),
  });
  release.push('callbacks', () => callbacks.stop());

  const dispatcher = new Dispatcher({
    ledger,
    messageAdmin,
    lanes,
    spool,
    account,
    resolver,
    gates,
    strangers,
    turns,
    clock,
    ticker,
    log,
    methods: sendMethodsOf(gateway).all,
    concurrency: config.SEND_CONCURRENCY,
    random: Math.random,
    onTroubled: deps.onTroubled,
    onSent: (message) => {
      if (peers.isStranger(message.chat)) peers.meet([message.chat]);
      deps.onSent(message);
    },
    onHeld: deps.onHeld,
    onSettled: (message) => {
      deps.onSettled(message);
      if (message.content.options.callbackUrl !== undefined) callbacks.nudge();
    },
  });
  untilIdle = () => dispatcher.idle();
  release.push('dispatcher', () => dispatcher.stop());

  const knownTime = startKnownTime({
    clock,
    log,
    judge: async (byMs) => {
      await kept.judgeTimes(byMs);
      dispatcher.timesJudged();
      await callbacks.judgeTimes();
    },
  });
  release.push('known time', () => knownTime.stop());

  const retention = startRetention({
    messageAdmin,
    spool,
    clock,
    ticker,
    log,
    retainMs: config.RETAIN_DAYS * 86_400_000,
  });
  release.push('retention', () => retention.stop());
  return { account, dialogSync, resolver, dispatcher };
}

/** Whether a callback may be POSTed to an address. */
export function mayCall({ ALLOW_PRIVATE_URLS }: Pick<GatewayConfig, 'ALLOW_PRIVATE_URLS'>): IsAllowed {
  return ALLOW_PRIVATE_URLS ? () => true : isPublicAddress;
}
