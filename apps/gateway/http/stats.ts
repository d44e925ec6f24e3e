/** GET /stats: one look at a gateway in numbers. */
import { version } from '../../kit/version.ts';
import type { Strangers } from '../pacing/strangers.ts';
import type { Pacer } from '../pacing/pacer.ts';
import type { CallerCounts } from '../metrics/caller-counts.ts';
import type { RecentErrors } from '../metrics/recent-errors.ts';
import type { RequestCounts } from '../metrics/request-counts.ts';
import { holdsBack, type Account } from '../model/account.ts';
import { accountStateView, isoOrNull, type ObservedParts } from './health.ts';

export interface StatsDeps extends ObservedParts {
  readonly serviceName: string;
  readonly accountName: string;
  readonly startedAt: () => number;
  readonly requests: RequestCounts;
  readonly errors: RecentErrors;
  readonly callers: CallerCounts;
  readonly turns: Pacer;
  /** Albums sent since the start of which Telegram did not name every item. */
  readonly albumsIncomplete: () => number;
  readonly strangers: Strangers;
  readonly sendMethods: readonly string[];
  readonly account: Account;
}

/** The numbers of this moment; times are ISO 8601, or null for never. */
export function gatewayStats(deps: StatsDeps): Record<string, unknown> {
  const now = deps.clock.now();
  const walk = deps.dialogSync.state();
  const oldestAcceptedAt = deps.lanes.oldestAcceptedAt();
  const filledAt = walk.finishedAt ?? walk.importedAt;
  const nextWarmAt = filledAt === undefined ? undefined : filledAt + deps.warmIntervalMs;
  const { lastAt, ...requests } = deps.requests.read();
  const { perDay, used, nextAt } = deps.strangers.usage(now);
  return {
    service: deps.serviceName,
    version,
    sandbox: deps.sandbox,
    account: deps.accountName,
    account_state: accountStateView(deps.account),
    started_at: isoOrNull(deps.startedAt()),
    uptime_s: Math.round((now - deps.startedAt()) / 1000),
    last_request_at: isoOrNull(lastAt),
    requests,
    cache: {
      size: deps.peers.count(),
      warmed_at: isoOrNull(walk.finishedAt),
      next_warm_at: isoOrNull(nextWarmAt),
      warming: walk.cursor !== undefined,
    },
    queue: {
      depth: deps.lanes.depth,
      oldest_s: oldestAcceptedAt === undefined ? 0 : Math.round((now - oldestAcceptedAt) / 1000),
      paused: deps.dispatcher.paused,
    },
    notes: { album_incomplete: deps.albumsIncomplete() },
    pace: { account_per_s: finiteOrNull(deps.turns.rate(now)) },
    strangers: { per_day: perDay, used, next_at: isoOrNull(nextAt) },
    floods: deps.gates.closed(now).map(({ scope, until, reason }) => ({
      scope,
      reason,
      until: isoOrNull(until),
      seconds: Math.ceil((until - now) / 1000),
      holds: holdsBack(deps.sendMethods, scope),
    })),
    errors: deps.errors.summary(),
    callers: deps.callers.read().map(({ lastAt: at, ...caller }) => ({ ...caller, last_at: isoOrNull(at) })),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
