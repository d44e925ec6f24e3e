/** The truth about a gateway: a real ping, the age of the last success, and in words what is wrong. */
import type { Clock } from '../../kit/clock.ts';
import {
  adviceOf,
  reason,
  reasonOf,
  textOf,
  told,
  type Reason,
  type ToldReason,
  type Values,
} from '../../kit/reason.ts';
import type { Dispatcher } from '../outbox/dispatcher.ts';
import { gateReasons, type Gate } from '../pacing/gates.ts';
import type { DialogSync } from '../peers/dialog-sync.ts';
import { holdsBack, type Account } from '../model/account.ts';
import type { StandingName } from '../model/standing.ts';
import { checked, type Check } from './check.ts';
import { checkStorage, type StorageParts } from './storage-check.ts';
import type { PeerTable } from '../storage/tables.ts';

/** What both /health and /stats look at. */
export interface ObservedParts extends StorageParts {
  readonly dispatcher: Dispatcher;
  readonly peers: PeerTable;
  readonly dialogSync: DialogSync;
  readonly sandbox: boolean;
  readonly warmIntervalMs: number;
}

export interface HealthDeps extends ObservedParts {
  readonly account: Account;
  readonly lastSentAt: () => number | undefined;
  /** The methods this gateway sends with: a gate of the other one's is no trouble of its own. */
  readonly sendMethods: readonly string[];
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly sandbox: boolean;
  readonly checks: Record<'telegram' | 'authorized' | 'cache' | 'queue' | 'storage', Check>;
  readonly account_state: AccountStateView;
  readonly last_sent_at: string | null;
  /** In English; the causes have the codes of the same. */
  readonly reasons: readonly string[];
  readonly causes: readonly ToldReason[];
}

/** How the account stands with Telegram: what happened, and what the operator can do now. */
export interface AccountStateView {
  readonly state: StandingName;
  readonly since: string | null;
  readonly text: string;
  readonly advice: string | null;
  readonly code: Reason['code'];
  readonly values: Values;
}

export function accountStateView({ state: { standing, since } }: Account): AccountStateView {
  const { state, reason } = standing;
  const words = { text: textOf(reason), advice: adviceOf(reason) ?? null };
  return { state, since: isoOrNull(since), ...words, code: reason.code, values: reason.values };
}

/** An unsent message older than this is a sign of trouble. */
const queueOldMs = 5 * 60_000;

/** What nothing known holds is sent at once, and on a busy machine a little later. */
const unexplainedMs = 15_000;

/** So many errors of Telegram's servers in a row are trouble. */
const serverErrorsInARow = 3;

/**
 * Runs every check. Without Telegram, an account that may send or storage a gateway is down; the rest degrades it, and so
 * does a session that may be lost.
 */
export async function checkHealth(deps: HealthDeps): Promise<Health> {
  // All that has to be waited for comes first: the rest speaks of one moment.
  const [ping, storage] = await Promise.all([pingTelegram(deps), checkStorage(deps)]);
  const checks = {
    telegram: checkTelegram(deps, ping),
    authorized: checkAuthorized(deps),
    cache: failing(() => checkCache(deps)),
    queue: failing(() => checkQueue(deps)),
    storage,
  };
  const maySend = checks.authorized.ok || deps.account.state.phase === 'unconfirmed';
  const isUp = checks.telegram.ok && maySend && checks.storage.ok;
  // Whether the account is signed in is not known where Telegram does not answer: that alone is the reason.
  const isUnasked = !checks.telegram.ok && deps.account.state.phase === 'connecting';
  const failed = Object.values(checks).filter(
    (check) => !check.ok && !(isUnasked && check === checks.authorized),
  );
  const found = [
    ...failed.map((check) => check.reason),
    ...[...serverErrors(deps), ...gateReasons(closedGates(deps), deps.clock.now())].map(told),
  ];
  const causes = [...new Map(found.map((cause) => [cause.text, cause])).values()];
  const reasons = causes.map(({ text }) => text);
  const status = !isUp ? 'down' : reasons.length > 0 ? 'degraded' : 'ok';
  const { sandbox, account } = deps;
  return {
    status,
    sandbox,
    checks,
    account_state: accountStateView(account),
    last_sent_at: isoOrNull(deps.lastSentAt()),
    reasons,
    causes,
  };
}

/** A time as ISO 8601, or null when there is none. */
export function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

function closedGates({ gates, clock, sendMethods }: HealthDeps): Gate[] {
  try {
    return gates.closed(clock.now()).filter(({ scope }) => holdsBack(sendMethods, scope));
  } catch {
    return []; // The check of the storage says why.
  }
}

function serverErrors({ account, clock }: HealthDeps): Reason[] {
  const { serverErrors: errors } = account.state;
  if (!errors || errors.inARow < serverErrorsInARow) return [];
  const { name, method, inARow: count, since } = errors;
  const age_s = Math.round((clock.now() - since) / 1000);
  return [reason('server_errors', { name, method, count, age_s })];
}

/** That Telegram answers also holds where it says that the account may not send. */
const answered = new Set(['ready', 'unconfirmed', 'frozen', 'signed_out']);

/** Milliseconds, or why there was no answer; undefined where the account is not ready to be asked. */
async function pingTelegram({ account }: HealthDeps): Promise<number | Error | undefined> {
  if (account.state.phase !== 'ready') return undefined;
  return account.ping().catch((error: Error) => error);
}

function checkTelegram({ account, clock }: HealthDeps, ping: number | Error | undefined): Check {
  const { phase, standing } = account.state; // As it is by now: the ping may have met the end of the session.
  const last = lastPong(account, clock);
  const answers = reason('telegram_answers');
  if (phase !== 'ready' && answered.has(phase)) return checked(true, answers, last);
  if (phase !== 'ready') return checked(false, reason('telegram', { reason: standing.reason }), last);
  if (ping instanceof Error) return checked(false, reason('telegram', { reason: reasonOf(ping) }), last);
  const measured = ping !== undefined && { ping_ms: Math.round(ping * 10) / 10 };
  return checked(true, answers, { ...measured, ...last });
}

function lastPong({ state }: Account, clock: Clock) {
  const age = state.lastPongAt === undefined ? null : (clock.now() - state.lastPongAt) / 1000;
  return { last_answer_age_s: age };
}

function checkAuthorized({ account }: HealthDeps): Check {
  const { phase, self, standing } = account.state;
  if (phase === 'signed_out' || phase === 'unconfirmed' || phase === 'frozen')
    return checked(false, standing.reason, { trouble: standing.state });
  return checked(self !== undefined, reason(self ? 'signed_in' : 'sign_in_unknown'));
}

function checkCache({ peers, dialogSync, warmIntervalMs, clock }: HealthDeps): Check {
  const { finishedAt, importedAt } = dialogSync.state();
  const size = peers.count();
  if (finishedAt === undefined) {
    const isPutOff = importedAt !== undefined && clock.now() - importedAt <= 3 * warmIntervalMs;
    return checked(isPutOff, reason(isPutOff ? 'chats_imported' : 'dialogs_unread', { size }), { size });
  }
  const isStale = clock.now() - finishedAt > 3 * warmIntervalMs;
  return checked(!isStale, isStale ? reason('dialogs_old') : reason('chats_known', { size }), { size });
}

function checkQueue({ lanes, dispatcher, clock }: HealthDeps): Check {
  const { depth } = lanes;
  const oldestAcceptedAt = lanes.oldestAcceptedAt();
  const ageMs = oldestAcceptedAt === undefined ? 0 : clock.now() - oldestAcceptedAt;
  const facts = { depth, oldest_s: Math.round(ageMs / 1000), paused: dispatcher.paused };
  if (dispatcher.paused) return checked(false, reason('paused'), facts);
  const { unexplainedSince = Infinity } = dispatcher;
  if (clock.now() - unexplainedSince > unexplainedMs) {
    const age_s = Math.round((clock.now() - unexplainedSince) / 1000);
    return checked(false, reason('queue_unexplained', { age_s }), facts);
  }
  const isOld = ageMs > queueOldMs;
  const found = isOld ? reason('queue_old', { age_s: facts.oldest_s }) : reason('queue', { depth });
  return checked(!isOld, found, facts);
}

/** A check that cannot be made has failed, and says why. */
function failing(check: () => Check): Check {
  try {
    return check();
  } catch (error) {
    return checked(false, reason('database_failed', { reason: (error as Error).message }));
  }
}
