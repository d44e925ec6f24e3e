/**
 * Sends what the ledger holds: messages of one chat in their order, chats side by side. The queue stays in the ledger;
 * in memory there is only what is being sent.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { Signal } from '../../kit/signal.ts';
import type { Job, Ticker } from '../../kit/ticker.ts';
import type { Reason } from '../model/reasons.ts';
import { firstToOpen, type GateStore } from '../pacing/gates.ts';
import { anyStrangers, type Strangers } from '../pacing/strangers.ts';
import type { Pacer } from '../pacing/pacer.ts';
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { Account, PeerAddress } from '../model/account.ts';
import { ActiveChats } from './active-chats.ts';
import { pauseAfter, sendClaimed, type AttemptDeps, type SendingDeps } from './attempt.ts';
import { dueHeads } from './due-heads.ts';
import { MessageActions } from './message-actions.ts';
import { Expiry } from './expiry.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { SettledMessages, type Notices } from './settled-messages.ts';
import { methodOf } from '../send/kinds.ts';
import { untilKnown, type NewMessage, type StoredMessage } from '../model/message.ts';
import type { Accepted, Claims, Lanes, Ledger, MessageAdmin, Written } from '../storage/ledger.ts';
import { Unexplained } from './unexplained.ts';
import { whyWaiting } from './why-waiting.ts';

export interface DispatcherDeps extends AttemptDeps, Notices {
  readonly ticker: Ticker;
  readonly messageAdmin: MessageAdmin;
  readonly lanes: Lanes;
  readonly resolver: Resolver;
  readonly gates: GateStore;
  readonly strangers?: Strangers;
  readonly turns: Pacer;
  /** The methods this gateway sends with. */
  readonly methods: readonly string[];
  /** How many chats are sent to at the same time. */
  readonly concurrency: number;
}

const longestSleepMs = 60_000;
const stopGraceMs = 3_000;
const noClaims: Claims = { claimed: [], nextTurnAt: undefined };

/** Sends from its making until it is stopped. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #ledger: Ledger;
  readonly #lanes: Lanes;
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #settled: SettledMessages;
  readonly #sending: SendingDeps;
  readonly #actions: MessageActions;
  readonly #expiry: Expiry;
  readonly #unexplained: Unexplained;
  readonly #active: ActiveChats;
  readonly #stopped = new AbortController();
  readonly #expiring: Job;
  readonly #dispatching: Promise<void>;
  readonly #signal: Signal;
  /** When the account may send again, as far as the last claims told. */
  #nextTurnAt = 0;
  #hasNewPeers = true;
  #pausedSince: number | undefined;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#ledger = deps.ledger;
    this.#lanes = deps.lanes;
    this.#account = deps.account;
    this.#clock = deps.clock;
    this.#signal = new Signal(deps.clock);
    this.#log = deps.log.child({ part: 'outbox' });
    this.#settled = new SettledMessages(deps.spool, this.#log, deps);
    this.#sending = {
      ...deps,
      log: this.#log,
      settled: this.#settled,
      stopped: this.#stopped.signal,
    };
    this.#actions = new MessageActions({ ...deps, settled: this.#settled });
    this.#expiry = new Expiry({
      ledger: deps.ledger,
      account: deps.account,
      clock: deps.clock,
      settled: this.#settled,
      isPaused: () => this.paused,
      gateForAll: (now) => firstToOpen(deps.gates, deps.methods, now),
      onLook: () => this.#unexplained.look(this.#clock.now()),
      onExpired: () => this.#nudge(),
    });
    this.#unexplained = new Unexplained({
      lanes: deps.lanes,
      reasonOf: (message) => this.reasonOf(message),
    });
    this.#active = new ActiveChats({
      onError: (error, chat) => pauseAfter(this.#sending, error, chat),
      onEnd: () => this.#hasMore() && this.#nudge(),
    });
    const unsubscribe = this.#account.onChange(() => this.#nudge());
    this.#dispatching = this.#dispatch().finally(unsubscribe);
    this.#expiring = this.#expiry.start(deps.ticker);
  }

  get paused(): boolean {
    return this.#pausedSince !== undefined;
  }

  /**
   * Adds a message to the outbox. One that nothing keeps from being sent is claimed in the same write, and so sent at
   * once, while the disk still syncs; all others are when their time comes.
   * @throws Problem as Ledger.accept
   */
  accept(message: NewMessage): Written<Accepted> {
    const ready = this.#readyFor(message);
    const written = ready
      ? this.#ledger.accept({ ...message, ownerAgeMs: ready.ownerAgeMs }, true)
      : this.#ledger.accept(message);
    if (ready) this.#active.begin(message.chat, this.#sendIfClaimed(written.committed, ready.peer));
    const nudge = ({ message: { status } }: Accepted) => status === 'queued' && this.#nudge();
    void written.durable.then(nudge, () => {}); // Its caller is told.
    return written;
  }

  async #sendIfClaimed(committed: Promise<Accepted>, peer: PeerAddress): Promise<void> {
    const added = await committed.catch(() => undefined);
    if (added?.isNew && added.message.status === 'sending')
      await sendClaimed(this.#sending, added.message, peer);
  }

  /** Where a message that comes now goes, if nothing at all keeps it from being sent. */
  #readyFor(message: NewMessage): (NextStep & { does: 'send' }) | undefined {
    const now = this.#clock.now();
    const hasRoom = this.#active.size < this.#deps.concurrency && !this.#active.has(message.chat);
    if (!hasRoom || this.#stopped.signal.aborted || this.#closedUntil(now) > now) return undefined;
    const step = this.#nextStep({ ...message, status: 'queued', maybeSent: false }, now);
    return step.does === 'send' ? step : undefined;
  }

  #nextStep(message: Parameters<typeof nextStep>[2], now: number): NextStep {
    const { resolver, gates, strangers } = this.#deps;
    return nextStep(resolver, gates, message, now, strangers);
  }

  /** Something may have become due. */
  #nudge(): void {
    this.#signal.wake();
  }

  /** The times on disk were judged anew. */
  timesJudged(): void {
    this.#nextTurnAt = 0;
    this.#nudge();
  }

  /** Since when a message has waited that nothing known holds. */
  get unexplainedSince(): number | undefined {
    return this.#unexplained.since;
  }

  /** More chats are known than before: what waits for one of them is sent. */
  peersChanged(): void {
    this.#hasNewPeers = true;
    this.#nudge();
  }

  /** Accepted messages wait until `resume`. */
  pause(): void {
    this.#pausedSince ??= this.#clock.now();
  }

  resume(): void {
    this.#pausedSince = undefined;
    this.#nudge();
  }

  /** A message as callers see it: not before the gates open that are closed for it. */
  withNotBefore(message: StoredMessage): StoredMessage {
    const { chat, notBefore } = message;
    const now = this.#clock.now();
    const { gates, strangers = anyStrangers } = this.#deps;
    const gate = gates.closedFor({ method: methodOf(message), chatId: chat }, now);
    const freeAt = isOpen(message) ? strangers.nextOf(chat, now) : 0;
    const known = notBefore === untilKnown ? 0 : notBefore;
    return { ...message, notBefore: Math.max(gate?.until ?? 0, freeAt, known) };
  }

  /** Why a message waits; undefined where it does not, or nothing keeps it. */
  reasonOf(message: StoredMessage): Reason | undefined {
    const { lanes, account, gates, turns, concurrency, strangers = anyStrangers } = this.#deps;
    const obstacles = {
      lanes,
      account,
      gates,
      strangers,
      turns,
      concurrency,
      pausedSince: this.#pausedSince,
      active: this.#active,
      nextTurnAt: this.#nextTurnAt,
    };
    return whyWaiting(obstacles, message, this.#clock.now());
  }

  /** Queues failed and expired messages again, until `expiresAt`; answers with those it did. */
  async retry(ids: readonly string[], expiresAt: number): Promise<StoredMessage[]> {
    const messages = await this.#deps.messageAdmin.retry(ids, expiresAt);
    for (const { id, chat } of messages) this.#log.info({ id, chat: shownChat(chat) }, 'queued again');
    this.#nudge();
    return messages;
  }

  /** Cancels queued messages that cannot have been sent; answers with those it did. */
  async cancel(ids: readonly string[]): Promise<StoredMessage[]> {
    const messages = await this.#deps.messageAdmin.cancel(ids, this.#clock.now());
    for (const message of messages) await this.#settled.settled(message);
    this.#nudge(); // The chat may be due for its next message earlier.
    return messages;
  }

  /** Starts nothing more, and gives what is being sent a moment to end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#nudge();
    await Promise.all([this.#dispatching, this.#expiring.stop()]);
    const over = new AbortController();
    const grace = this.#clock.sleep(stopGraceMs, over.signal).catch(() => {});
    await Promise.race([this.idle(), grace]);
    over.abort();
  }

  /** Resolves when nothing is being sent and all of it is written. */
  idle(): Promise<void> {
    return this.#active.idle();
  }

  async #dispatch(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        const wakeAt = await this.#round();
        await this.#signal.sleep(Math.min(wakeAt - this.#clock.now(), longestSleepMs));
      } catch (error) {
        await pauseAfter(this.#sending, error);
      }
    }
  }

  /** Does what is due for every chat there is room for; answers when something will be due next. */
  async #round(): Promise<number> {
    if (this.#hasNewPeers) await this.#releaseKnown();
    const now = this.#clock.now();
    const closedUntil = this.#closedUntil(now);
    if (closedUntil > now) return closedUntil;
    if (!this.#hasMore()) return Infinity;
    const { heads, nextAt } = dueHeads(this.#lanes, this.#room(), now);
    const peers = new Map<string, PeerAddress>();
    const sends: StoredMessage[] = [];
    const writes: Promise<unknown>[] = [];
    for (const head of heads) {
      const step = this.#nextStep(head, now);
      if (step.does === 'send') {
        peers.set(head.chat, step.peer);
        sends.push({ ...head, ownerAgeMs: step.ownerAgeMs });
      } else if (step.does === 'move') writes.push(this.#ledger.move(head.chat, step.to, step.name));
      else if (step.does === 'hold') writes.push(this.#actions.hold(head, step));
      else if (step.does === 'fail') writes.push(this.#actions.fail(head, step.failure));
      else if (step.does === 'expire') writes.push(this.#expiry.giveUp());
      else this.#active.begin(head.chat, this.#actions.lookUp(head, step.name));
    }
    const claiming = sends.length > 0 ? this.#ledger.claim(sends, now) : noClaims;
    const [{ claimed, nextTurnAt }] = await Promise.all([claiming, ...writes]);
    for (const message of claimed)
      this.#active.begin(message.chat, sendClaimed(this.#sending, message, peers.get(message.chat)!));
    this.#nextTurnAt = nextTurnAt ?? 0;
    const isAllDone = claimed.length === heads.length;
    return isAllDone ? nextAt : (nextTurnAt ?? now);
  }

  /** Until when nothing at all can be sent; 0 when something can. */
  #closedUntil(now: number): number {
    if (this.paused || this.#account.state.phase !== 'ready') return Infinity;
    const { gates, methods } = this.#deps;
    return Math.max(firstToOpen(gates, methods, now)?.until ?? 0, this.#nextTurnAt);
  }

  #room() {
    const { concurrency } = this.#deps;
    // Where the account's pace sets the limit, one turn is taken at a time, and one more if that came late.
    const most = this.#nextTurnAt > 0 ? 2 : concurrency;
    const chats = Math.min(most, concurrency - this.#active.size);
    return { chats, concurrency, isActive: (chat: string) => this.#active.has(chat) };
  }

  /** Whether anything waits beside what is being done: every chat at work has one open message at least. */
  #hasMore(): boolean {
    return this.#lanes.depth > this.#active.size;
  }

  /** Makes the chats due that were waited for and are known now, or will never be. */
  async #releaseKnown(): Promise<void> {
    this.#hasNewPeers = false;
    const { resolver } = this.#deps;
    const isOver = !resolver.mayBecomeKnown();
    try {
      await this.#ledger.release(this.#lanes.awaited().filter((chat) => isOver || resolver.find(chat)));
    } catch (error) {
      this.#hasNewPeers = true;
      throw error;
    }
  }
}

function isOpen({ status, maybeSent }: StoredMessage): boolean {
  return status === 'queued' && !maybeSent;
}
