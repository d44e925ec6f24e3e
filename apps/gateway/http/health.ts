/** The truth about a gateway: a real ping, the age of the last success, and in words what is wrong. */
import type { Clock } from '../../kit/clock.ts';
import type { Dispatcher } from '../outbox/dispatcher.ts';
import { describeGates, type Gate } from '../pacing/gates.ts';
import type { PeerTable } from '../storage/sqlite/peer-table.ts';
import type { DialogSync } from '../peers/dialog-sync.ts';
import { holdsBack, type Account } from '../model/account.ts';
import type { StandingName, StandingValues } from '../model/standing.ts';
import type { Check } from './check.ts';
import { checkStorage, type StorageParts } from './storage-check.ts';

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
  readonly reasons: string[];
}

/** How the account stands with Telegram: what happened, and what the operator can do now. */
export interface AccountStateView {
  readonly state: StandingName;
  readonly since: string | null;
  readonly text: string;
  readonly advice: string | null;
  readonly values: StandingValues;
}

export function accountStateView({ state: { standing, since } }: Account): AccountStateView {
  const { state, text, advice = null, values } = standing;
  return { state, since: isoOrNull(since), text, advice, values };
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
    cache: told(() => checkCache(deps)),
    queue: told(() => checkQueue(deps)),
    storage,
  };
  const maySend = checks.authorized.ok || deps.account.state.phase === 'unconfirmed';
  const isUp = checks.telegram.ok && maySend && checks.storage.ok;
  // Whether the account is signed in is not known where Telegram does not answer: that alone is the reason.
  const isUnasked = !checks.telegram.ok && deps.account.state.phase === 'connecting';
  const failed = Object.values(checks).filter(
    (check) => !check.ok && !(isUnasked && check === checks.authorized),
  );
  const described = [
    ...failed.map((check) => check.detail),
    ...serverErrors(deps),
    ...describeGates(closedGates(deps), deps.clock.now()),
  ];
  const reasons = [...new Set(described)];
  const status = !isUp ? 'down' : reasons.length > 0 ? 'degraded' : 'ok';
  const { sandbox, account } = deps;
  return {
    ...{ status, sandbox, checks, account_state: accountStateView(account) },
    ...{ last_sent_at: isoOrNull(deps.lastSentAt()), reasons },
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

function serverErrors({ account, clock }: HealthDeps): string[] {
  const { serverErrors: errors } = account.state;
  if (!errors || errors.inARow < serverErrorsInARow) return [];
  const seconds = Math.round((clock.now() - errors.since) / 1000);
  return [
    `Telegram answers ${errors.name} to ${errors.method}: ${errors.inARow} times in a row, for ${seconds} s`,
  ];
}

/** That Telegram answers also holds where it says that the account may not send. */
const answered = new Set(['ready', 'unconfirmed', 'frozen', 'signed_out']);

/** Milliseconds, or why there was no answer; undefined where the account is not ready to be asked. */
async function pingTelegram({ account }: HealthDeps): Promise<number | Error | undefined> {
  if (account.state.phase !== 'ready') return undefined;
  return account.ping().catch((error: Error) => error);
}

function checkTelegram({ account, clock }: HealthDeps, ping: number | Error | undefined): Check {
  const { phase, reason } = account.state; // As it is by now: the ping may have met the end of the session.
  const last = lastPong(account, clock);
  if (phase !== 'ready' && answered.has(phase)) return { ok: true, detail: 'Telegram answers', ...last };
  if (phase !== 'ready') return { ok: false, detail: `Telegram: ${reason ?? 'connecting'}`, ...last };
  if (ping instanceof Error) return { ok: false, detail: `Telegram: ${ping.message}`, ...last };
  const measured = ping !== undefined && { ping_ms: Math.round(ping * 10) / 10 };
  return { ok: true, detail: 'Telegram answers', ...measured, ...last };
}

function lastPong({ state }: Account, clock: Clock) {
  const age = state.lastPongAt === undefined ? null : (clock.now() - state.lastPongAt) / 1000;
  return { last_answer_age_s: age };
}

function checkAuthorized({ account }: HealthDeps): Check {
  const { phase, self, reason } = account.state;
  if (phase === 'signed_out' || phase === 'unconfirmed' || phase === 'frozen')
    return { ok: false, detail: reason ?? 'signed out', trouble: account.state.standing.state };
  return { ok: self !== undefined, detail: self ? 'signed in' : 'not known before Telegram answers' };
}

function checkCache({ peers, dialogSync, warmIntervalMs, clock }: HealthDeps): Check {
  const { finishedAt, importedAt } = dialogSync.state();
  const size = peers.count();
  if (finishedAt === undefined) {
    const isPutOff = importedAt !== undefined && clock.now() - importedAt <= 3 * warmIntervalMs;
    const detail = isPutOff
      ? `${size} chats are known, as they were imported`
      : `the first walk over the dialogs is not finished; ${size} chats are known`;
    return { ok: isPutOff, detail, size };
  }
  const isStale = clock.now() - finishedAt > 3 * warmIntervalMs;
  return {
    ok: !isStale,
    detail: isStale ? `the last walk over the dialogs is old` : `${size} chats are known`,
    size,
  };
}

function checkQueue({ lanes, dispatcher, clock }: HealthDeps): Check {
  const { depth } = lanes;
  const oldestAcceptedAt = lanes.oldestAcceptedAt();
  const ageMs = oldestAcceptedAt === undefined ? 0 : clock.now() - oldestAcceptedAt;
  const facts = { depth, oldest_s: Math.round(ageMs / 1000), paused: dispatcher.paused };
  if (dispatcher.paused) return { ok: false, detail: 'sending is paused', ...facts };
  const { unexplainedSince = Infinity } = dispatcher;
  if (clock.now() - unexplainedSince > unexplainedMs) {
    const seconds = Math.round((clock.now() - unexplainedSince) / 1000);
    const detail = `messages wait, and nothing that is known holds them, for ${seconds} s: restart this service`;
    return { ok: false, detail, ...facts };
  }
  const isOld = ageMs > queueOldMs;
  return {
    ok: !isOld,
    detail: isOld ? `a message waits for ${facts.oldest_s} s` : `${depth} wait`,
    ...facts,
  };
}

/** A check that cannot be made has failed, and says why. */
function told(check: () => Check): Check {
  try {
    return check();
  } catch (error) {
    return { ok: false, detail: `the database does not answer: ${(error as Error).message}` };
  }
}
