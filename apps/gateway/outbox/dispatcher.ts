/**
 * Sends what the outbox holds: messages of one chat in their order, chats side by side. The queue stays in the store;
 * in memory there is only what is being sent.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { Waker } from '../../kit/waker.ts';
import type { Account } from '../telegram/account.ts';
import { shownChat } from '../peers/resolver.ts';
import { attempt, type AttemptDeps } from './attempt.ts';
import type { Spool } from './spool.ts';
import { spooledFilesOf, type Failure, type Store, type StoredMessage } from './store.ts';
import type { Upkeep } from './upkeep.ts';

export interface DispatcherDeps extends AttemptDeps {
  readonly upkeep: Upkeep;
  /** How many chats are sent to at the same time. */
  readonly concurrency: number;
  /** Told of every message that an attempt or its age has settled, and of every attempt that failed for now. */
  readonly onSettled: (message: StoredMessage) => void;
  readonly onTroubled: (message: StoredMessage) => void;
}

export interface Dispatcher {
  /** Something may have become due: a message came, a page of the walk was read. */
  nudge(): void;
  /** Accepted messages wait until `resume`. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** Queues failed and expired messages again, until `expiresAt`; answers with those it did. */
  retry(ids: readonly string[], expiresAt: number): Promise<StoredMessage[]>;
  /** Cancels queued messages that cannot have been sent; answers with those it did. */
  cancel(ids: readonly string[]): Promise<StoredMessage[]>;
  /** Starts nothing more, and gives what is being sent a moment to end. */
  stop(): Promise<void>;
  /** Resolves when nothing is being sent and all of it is written. */
  idle(): Promise<void>;
}

const expireEveryMs = 500;
const expireAtOnce = 500;
const pauseAfterErrorMs = 2_000;
const longestSleepMs = 60_000;
const stopGraceMs = 3_000;

/** Sends until stopped. */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  return new LaneDispatcher(deps);
}

class LaneDispatcher implements Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #store: Store;
  readonly #spool: Spool;
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #active = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #loops: Promise<unknown>;
  readonly #waker: Waker;
  #paused = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#store = deps.store;
    this.#spool = deps.spool;
    this.#account = deps.account;
    this.#clock = deps.clock;
    this.#waker = new Waker(deps.clock);
    this.#log = deps.log.child({ part: 'outbox' });
    const unsubscribe = this.#account.onChange(() => this.nudge());
    this.#loops = Promise.all([this.#dispatch(), this.#expire()]).finally(unsubscribe);
  }

  get paused(): boolean {
    return this.#paused;
  }

  nudge(): void {
    this.#waker.wake();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.nudge();
  }

  async retry(ids: readonly string[], expiresAt: number): Promise<StoredMessage[]> {
    const messages = await this.#deps.upkeep.retry(ids, expiresAt);
    for (const { id, chat } of messages) this.#log.info({ id, chat: shownChat(chat) }, 'queued again');
    this.nudge();
    return messages;
  }

  async cancel(ids: readonly string[]): Promise<StoredMessage[]> {
    const messages = await this.#deps.upkeep.cancel(ids, this.#clock.now());
    for (const message of messages) await this.#settled(message);
    this.nudge(); // The chat may be due for its next message earlier.
    return messages;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.nudge();
    await this.#loops;
    const over = new AbortController();
    const grace = this.#clock.sleep(stopGraceMs, over.signal).catch(() => {});
    await Promise.race([this.idle(), grace]);
    over.abort();
  }

  async idle(): Promise<void> {
    await Promise.all(this.#active.values());
  }

  async #dispatch(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const wakeAt = this.#startDue();
      await this.#waker.sleep(Math.min(wakeAt - this.#clock.now(), longestSleepMs));
    }
  }

  /** Starts every chat that is due while there is room; answers when the next one will be. */
  #startDue(): number {
    if (this.#paused || this.#account.state.phase !== 'ready') return Infinity;
    const now = this.#clock.now();
    // Those being sent to stand first among the due ones, so the list must reach behind them.
    for (const { chat, dueAt } of this.#store.lanes(this.#deps.concurrency + this.#active.size + 1)) {
      if (this.#active.has(chat)) continue;
      if (dueAt > now) return dueAt;
      if (this.#active.size >= this.#deps.concurrency) return Infinity;
      this.#start(chat);
    }
    return Infinity;
  }

  #start(chat: string): void {
    const sending = this.#sendHead(chat)
      .catch(async (error: unknown) => {
        this.#log.error({ err: error, chat: shownChat(chat) }, 'the outbox could not be written');
        await this.#clock.sleep(pauseAfterErrorMs, this.#stopped.signal).catch(() => {});
      })
      .finally(() => {
        this.#active.delete(chat);
        this.nudge();
      });
    this.#active.set(chat, sending);
  }

  async #sendHead(chat: string): Promise<void> {
    const head = this.#store.head(chat);
    if (!head) return;
    if (this.#isOver(head)) return this.#giveUp();
    const message = await attempt(this.#deps, head);
    if (!message) return;
    if (message.status === 'queued') this.#troubled(message);
    else await this.#settled(message);
  }

  #isOver({ expiresAt, maybeSent, status }: StoredMessage): boolean {
    return expiresAt <= this.#clock.now() && !maybeSent && status === 'queued';
  }

  async #expire(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      await this.#giveUp().catch((error: unknown) =>
        this.#log.error({ err: error }, 'expiring messages failed'),
      );
      await this.#clock.sleep(expireEveryMs, this.#stopped.signal).catch(() => {});
    }
  }

  async #giveUp(): Promise<void> {
    const expired = await this.#store.expire(this.#clock.now(), expireAtOnce, this.#obstacle());
    for (const message of expired) await this.#settled(message);
  }

  /** What keeps every message from being sent right now. */
  #obstacle(): Failure | undefined {
    const { phase, reason } = this.#account.state;
    if (phase === 'ready')
      return this.#paused ? { class: 'expired', detail: 'sending was paused' } : undefined;
    const className = phase === 'signed_out' ? 'session_lost' : 'telegram_unavailable';
    return { class: className, detail: reason ?? 'Telegram was out of reach' };
  }

  async #settled(message: StoredMessage): Promise<void> {
    const { id, status, failure, attempts, requestId } = message;
    const chat = shownChat(message.chat);
    const facts = { id, chat, attempts, requestId };
    if (status === 'sent' || status === 'cancelled') this.#log.info(facts, status);
    else this.#log.error({ ...facts, class: failure?.class }, failure?.detail ?? status);
    this.#deps.onSettled(message);
    // The files of one that failed or expired stay until it is purged: it may be retried.
    if (status === 'failed' || status === 'expired') return;
    await Promise.all(spooledFilesOf(message.content).map((name) => this.#spool.remove(name)));
  }

  #troubled(message: StoredMessage): void {
    const { id, attempts, notBefore, failure, requestId } = message;
    const chat = shownChat(message.chat);
    this.#log.warn(
      { id, chat, attempts, requestId, notBefore, class: failure?.class },
      failure?.detail ?? 'not sent yet',
    );
    this.#deps.onTroubled(message);
  }
}
