/**
 * Why a message waits. Where several things keep it, the outermost is named: what stops everything, then what stops the account,
 * the longest gate that is closed for it, the message before it, and only then what it has met itself.
 */
import { reason } from '../../kit/reason.ts';
import { reasonCodes, type Cause, type Reason } from '../model/reasons.ts';
import { gateCause, type GateStore } from '../pacing/gates.ts';
import { budgetCause, type Strangers } from '../pacing/strangers.ts';
import type { Pacer } from '../pacing/pacer.ts';
import { isName, shownChat } from '../peers/resolver.ts';
import { lookupMethod, uploadMethods, type Account, type AccountState } from '../model/account.ts';
import { nameOf } from './next-step.ts';
import { methodOf } from '../send/kinds.ts';
import { untilKnown, type StoredMessage } from '../model/message.ts';
import type { Lanes } from '../storage/ledger.ts';

/** What keeps messages waiting, as it is now. */
export interface Obstacles {
  readonly lanes: Pick<Lanes, 'storage' | 'firstOf'>;
  readonly account: Pick<Account, 'state'>;
  readonly gates: GateStore;
  readonly strangers: Strangers;
  readonly turns: Pacer;
  /** Undefined while nothing is paused. */
  readonly pausedSince: number | undefined;
  /** When the account may send again. */
  readonly nextTurnAt: number;
  readonly active: { readonly size: number; has(chat: string): boolean };
  readonly concurrency: number;
}

type Found = Cause & { readonly since?: number | undefined; readonly until?: number | undefined };

/** Undefined for one that waits for nothing, or not at all. */
export function whyWaiting(now: Obstacles, message: StoredMessage, nowMs: number): Reason | undefined {
  if (message.status !== 'queued' && message.status !== 'sending') return undefined;
  const found =
    ofStorage(now) ??
    (message.status === 'queued' ? ofQueued(now, message, nowMs) : ofSent(now, message, nowMs));
  return found && { ...found, since: Math.max(found.since ?? 0, message.acceptedAt) };
}

function ofQueued(now: Obstacles, message: StoredMessage, nowMs: number): Found | undefined {
  return (
    ofPause(now) ??
    ofAccount(now) ??
    ofGate(now, methodsOf(message), message.chat, nowMs) ??
    ofStrangers(now, message, nowMs) ??
    ofEarlier(now, message) ??
    ofItself(message, nowMs) ??
    ofPace(now, message, nowMs) ??
    ofLookup(now, message) ??
    askedAgain(message) ??
    ofRoom(now)
  );
}

/** A chat that stands for a name has to be looked up first. */
function methodsOf(message: StoredMessage): string[] {
  const { chat } = message;
  return isName(chat) ? [methodOf(message), lookupMethod(chat)] : [methodOf(message)];
}

/** An attempt is under way: its call waits for the next connection, or its files for a gate. */
function ofSent(now: Obstacles, message: StoredMessage, nowMs: number): Found | undefined {
  const uploads = message.content.media ? uploadMethods : [];
  return ofAccount(now) ?? ofGate(now, uploads, message.chat, nowMs) ?? askedAgain(message);
}

function ofStorage({ lanes }: Obstacles): Found | undefined {
  const { failure, lockedSince } = lanes.storage();
  if (failure !== undefined) return reason('storage_failed', { reason: failure });
  return lockedSince === undefined ? undefined : { code: 'storage_locked', values: {}, since: lockedSince };
}

function ofPause({ pausedSince: since }: Obstacles): Found | undefined {
  return since === undefined ? undefined : { code: 'paused', values: {}, since };
}

function ofAccount({ account }: Obstacles): Found | undefined {
  const { phase, standing, since } = account.state;
  if (phase === 'ready') return undefined;
  const state: Exclude<AccountState['phase'], 'ready' | 'closed'> = phase === 'closed' ? 'connecting' : phase;
  return { ...reason(`account_${state}`, { reason: standing.reason }), since };
}

function ofGate(
  { gates }: Obstacles,
  methods: readonly string[],
  chatId: string,
  nowMs: number,
): Found | undefined {
  const closed = methods.map((method) => gates.closedFor({ method, chatId }, nowMs));
  const [longest] = closed.filter((gate) => gate !== undefined).sort((a, b) => b.until - a.until);
  return longest && { ...gateCause(longest, nowMs), since: longest.since, until: longest.until };
}

function ofStrangers(
  { strangers }: Obstacles,
  { chat, maybeSent }: StoredMessage,
  nowMs: number,
): Found | undefined {
  const until = maybeSent ? 0 : strangers.nextOf(chat, nowMs);
  return until > nowMs ? { ...budgetCause(strangers, until, nowMs), until } : undefined;
}

function ofEarlier({ lanes }: Obstacles, { id, chat }: StoredMessage): Found | undefined {
  const first = lanes.firstOf(chat);
  return first === undefined || first === id ? undefined : { code: 'earlier_message', values: { id: first } };
}

function ofItself({ notBefore, troubles }: StoredMessage, nowMs: number): Found | undefined {
  const met = notBefore > nowMs ? known(troubles?.reason) : undefined;
  return met && { ...met, until: notBefore === untilKnown ? undefined : notBefore };
}

function ofPace({ turns, nextTurnAt }: Obstacles, { chat }: StoredMessage, nowMs: number): Found | undefined {
  const pace = turns.paceOf(chat, nowMs);
  if (pace) return { ...pace.cause, until: pace.until };
  // When it is this one's turn among all chats that wait, nobody knows.
  const rate = Math.round(turns.rate(nowMs) * 10) / 10;
  return nextTurnAt > nowMs ? { code: 'pace_account', values: { rate } } : undefined;
}

function ofLookup({ active }: Obstacles, message: StoredMessage): Found | undefined {
  const name = nameOf(message);
  if (name === undefined || !active.has(message.chat)) return undefined;
  return { code: 'lookup', values: { chat: shownChat(name) } };
}

/** What it met the last time, where it may have been sent then. */
function askedAgain({ maybeSent, troubles, acceptedAt }: StoredMessage): Found | undefined {
  if (!maybeSent) return undefined;
  const stopped: Found = {
    ...reason('unanswered', { reason: reason('service_stopped') }),
    since: acceptedAt,
  };
  return known(troubles?.reason) ?? stopped;
}

function ofRoom({ active, concurrency }: Obstacles): Found | undefined {
  return active.size < concurrency ? undefined : { code: 'busy', values: { count: active.size } };
}

/** A newer version may have kept a reason that this one has no words for. */
function known(found: Found | undefined): Found | undefined {
  return found && reasonCodes.includes(found.code) ? found : undefined;
}
