/**
 * The metrics of a gateway. No label ever holds a chat id, a text or a secret; the id of a request stands beside a value
 * as its exemplar.
 */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { ExemplarRegistry } from '../../kit/metrics.ts';
import { standings, type StandingName } from '../model/standing.ts';

/** Values of the moment, read when Prometheus asks. */
export interface Readings {
  readonly connected: () => boolean;
  readonly signedIn: () => boolean;
  readonly accountState: () => StandingName;
  readonly paused: () => boolean;
  readonly cacheEntries: () => number;
  /** Milliseconds since the epoch, or undefined when it never happened. */
  readonly cacheWarmedAt: () => number | undefined;
  readonly lastRequestAt: () => number | undefined;
  readonly lastSentAt: () => number | undefined;
  /** Infinity where that pace is off. */
  readonly accountRate: () => number;
  readonly queueDepth: () => number;
  readonly queueOldestAgeSeconds: () => number;
  /** Of settled messages. */
  readonly callbacksPending: () => number;
  /** Seconds left of each closed gate, by `account`, `method` or `chat` (the longest of each). */
  readonly gateSeconds: () => ReadonlyMap<string, number>;
}

/** prom-client has one type for the names of labels and of exemplars. */
type RequestId = 'request_id';

export interface GatewayMetrics {
  readonly requests: Counter<'route' | 'code' | RequestId>;
  readonly messages: Counter<'outcome'>;
  readonly callerMessages: Counter<'caller' | 'outcome'>;
  readonly errors: Counter<'class' | RequestId>;
  readonly delivery: Histogram<RequestId>;
  readonly callbacks: Counter<'outcome'>;
  readonly rpcs: Counter<'method' | 'result'>;
  readonly rpcSeconds: Histogram<'method'>;
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const deliveryBuckets = [...latencyBuckets, 60, 300, 900, 3600];

const outcomes = {
  messages: ['accepted', 'sent', 'failed', 'expired', 'cancelled', 'album_incomplete'],
  callbacks: ['delivered', 'retried', 'failed', 'stopped'],
};

/** Makes them on `registry`; `version` is the project's. */
export function createGatewayMetrics(
  registry: ExemplarRegistry,
  version: string,
  read: Readings,
): GatewayMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) => {
    new Gauge({
      name: `telegram_gateway_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  const seconds = (at: number | undefined) => (at ?? 0) / 1000;
  gauge('last_request_timestamp_seconds', 'When the last send request came', () =>
    seconds(read.lastRequestAt()),
  );
  gauge('last_sent_timestamp_seconds', 'When the last message was sent', () => seconds(read.lastSentAt()));
  gauge('peer_cache_entries', 'Chats known', read.cacheEntries);
  gauge('peer_cache_warmed_timestamp_seconds', 'When the last walk over the dialogs was finished', () =>
    seconds(read.cacheWarmedAt()),
  );
  gauge('queue_depth', 'Messages accepted and not settled', read.queueDepth);
  gauge('queue_oldest_age_seconds', 'Age of the oldest of them', read.queueOldestAgeSeconds);
  gauge('callbacks_pending', 'Callbacks of settled messages that are not over', read.callbacksPending);
  gauge('account_rate_per_second', 'Messages a second the account sends at most', read.accountRate);
  gauge('connected', '1 while Telegram answers', () => (read.connected() ? 1 : 0));
  gauge('signed_in', '0 once Telegram has said that the account must sign in again', () =>
    read.signedIn() ? 1 : 0,
  );
  new Gauge({
    name: 'telegram_gateway_account_state',
    help: 'How the account stands with Telegram: 1 for the state it is in, 0 for all others',
    labelNames: ['state'],
    registers,
    collect() {
      const now = read.accountState();
      for (const state of standings) this.set({ state }, state === now ? 1 : 0);
    },
  });
  gauge('paused', '1 while sending is paused', () => (read.paused() ? 1 : 0));
  new Gauge({
    name: 'telegram_gateway_flood_gate_seconds',
    help: 'Seconds that a closed gate stays closed, the longest of its scope',
    labelNames: ['scope'],
    registers,
    collect() {
      this.reset();
      for (const [scope, left] of read.gateSeconds()) this.set({ scope }, left);
    },
  });
  new Gauge({
    name: 'telegram_gateway_build_info',
    help: '1, with the version running',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);

  const metrics = {
    requests: new Counter({
      name: 'telegram_gateway_requests_total',
      help: 'HTTP requests answered',
      labelNames: ['route', 'code'],
      enableExemplars: true,
      registers,
    }),
    messages: new Counter({
      name: 'telegram_gateway_messages_total',
      help: 'Messages settled, by outcome, and accepted; album_incomplete of those sent, where items are not named',
      labelNames: ['outcome'],
      registers,
    }),
    callerMessages: new Counter({
      name: 'telegram_gateway_caller_messages_total',
      help: 'Messages accepted, settled and refused, by the name of the token and outcome',
      labelNames: ['caller', 'outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'telegram_gateway_errors_total',
      help: 'Failures by class, those of an attempt that is repeated among them',
      labelNames: ['class'],
      enableExemplars: true,
      registers,
    }),
    delivery: new Histogram({
      name: 'telegram_gateway_delivery_seconds',
      help: 'From accepted to sent',
      buckets: deliveryBuckets,
      enableExemplars: true,
      registers,
    }),
    callbacks: new Counter({
      name: 'telegram_gateway_callbacks_total',
      help: 'Tries of callbacks: delivered, retried, failed (given up) or stopped (by a 410)',
      labelNames: ['outcome'],
      registers,
    }),
    rpcs: new Counter({
      name: 'telegram_gateway_rpc_total',
      help: 'Calls to Telegram, by method and result',
      labelNames: ['method', 'result'],
      registers,
    }),
    rpcSeconds: new Histogram({
      name: 'telegram_gateway_rpc_seconds',
      help: 'Duration of calls to Telegram',
      labelNames: ['method'],
      buckets: latencyBuckets,
      registers,
    }),
  };
  // What begins at 0 is counted by increase() from the first on.
  for (const outcome of outcomes.messages) metrics.messages.inc({ outcome }, 0);
  for (const outcome of outcomes.callbacks) metrics.callbacks.inc({ outcome }, 0);
  return metrics;
}

/** The exemplar of a message whose caller's request is known. */
export function exemplarOf(requestId: string | undefined): { exemplarLabels?: Record<RequestId, string> } {
  return requestId === undefined ? {} : { exemplarLabels: { request_id: requestId } };
}
