/**
 * The connection of an account: keeps one link up with growing pauses, signs in with the session it was given, knows
 * how that stands, and makes calls.
 */
import type { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { GateClosed, type GateKeeping, type GateStore } from '../pacing/gates.ts';
import type { AccountState, Peer } from './account.ts';
import { judge, TelegramError, Unreached } from './errors.ts';
import { gatedLink } from './gated-link.ts';
import { createLibraryLogger } from './library-log.ts';
import { askLimits, defaultLimits } from './limits.ts';
import { openLink, type Link, type LinkEnd, type LinkOptions } from './link.ts';
import { askSelf, selfMethod } from './self.ts';

export interface ConnectionOptions {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  /** Of a session that was signed in by a person. Without one the account makes keys itself, as many as it takes. */
  readonly authKey: Buffer | undefined;
  readonly apiId: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Which waits Telegram has announced. */
  readonly gates: GateStore;
  /** Told of every gate that a refusal closed anew. */
  readonly onGateClosed?: GateKeeping['onClosed'];
  readonly onCall?: LinkOptions['onCall'];
  /** Told who signed in; throwing (another account than the stored data is of) keeps it signed out. */
  readonly onSignedIn?: (self: Peer) => void;
}

/** What the log calls it while there is no way to Telegram. */
const unreachable = 'telegram_unavailable';
const connectTimeoutMs = 10_000;
const callTimeoutMs = 15_000;
const pingTimeoutMs = 5_000;
const pingEveryMs = 20_000;
const pauseMs = { first: 250, longest: 15_000 };

/** Starts connecting at once and goes on until closed. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #log: Logger;
  readonly #listeners = new Set<() => void>();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #authKey: Buffer | undefined;
  #state: AccountState = {
    phase: 'connecting',
    self: undefined,
    reason: undefined,
    lastPongAt: undefined,
    limits: defaultLimits,
  };
  #link: Link | undefined;
  #pinging: Promise<number> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#log = options.log.child({ part: 'telegram' });
    this.#authKey = options.authKey;
    this.#running = this.#run();
  }

  get state(): AccountState {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Concurrent callers share one ping. */
  ping(): Promise<number> {
    this.#pinging ??= this.#pingOnce().finally(() => (this.#pinging = undefined));
    return this.#pinging;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#link?.close();
    await this.#running;
    this.#change({ phase: 'closed', reason: 'closed' });
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped.signal.aborted && this.#state.phase !== 'signed_out') {
      const end = await this.#connectOnce(() => (failures = 0));
      if (this.#stopped.signal.aborted || this.#isSignedOutBy(end)) return;
      const pause = Math.min(pauseMs.first * 2 ** failures++, pauseMs.longest);
      await this.#options.clock
        .sleep(pause * (0.5 + Math.random() / 2), this.#stopped.signal)
        .catch(() => {});
    }
  }

  /** One link from its opening to its end. */
  async #connectOnce(onReady: () => void): Promise<LinkEnd> {
    try {
      await this.#untilMaySignIn();
      this.#link = await this.open();
      const self = await this.#signIn(this.#link);
      onReady();
      this.#change({ phase: 'ready', self: { id: self.chatId, name: self.title }, reason: undefined });
      this.#log.info('connected to Telegram');
      void this.#keepAlive(this.#link);
      return await this.#link.ended;
    } catch (error) {
      if (!this.#stopped.signal.aborted)
        this.#log.warn({ err: error, class: unreachable }, 'no connection to Telegram');
      this.failed(error as Error);
      await this.#link?.close();
      return this.#link?.ended ?? 'lost';
    } finally {
      this.#link = undefined;
      if (this.#state.phase === 'ready') {
        this.#change({ phase: 'connecting', reason: 'the connection to Telegram was lost' });
        if (!this.#stopped.signal.aborted)
          this.#log.warn({ class: unreachable }, 'connection to Telegram lost');
      }
    }
  }

  /** A key of our own making is replaced when the server forgot it; one of a person's sign-in cannot be. */
  #isSignedOutBy(end: LinkEnd): boolean {
    if (end === 'key_unknown') {
      this.#authKey = this.#options.authKey;
      if (this.#authKey)
        this.#signedOut('Telegram does not know the session any more: sign the account in again');
    }
    return this.#state.phase === 'signed_out';
  }

  /** While a gate is closed for signing in, every connection would be a vain one. */
  async #untilMaySignIn(): Promise<void> {
    const { gates, clock } = this.#options;
    const closed = () => gates.closedFor({ method: selfMethod }, clock.now());
    for (let gate = closed(); gate; gate = closed()) {
      this.#change({ reason: new GateClosed(gate).message });
      await clock.sleep(gate.until - clock.now(), this.#stopped.signal);
    }
  }

  /** A further link of the session, behind the same gates; `forFiles` for parts of files. @throws Unreached */
  async open(forFiles = false): Promise<Link> {
    const { dcId, host, port, apiId, onCall } = this.#options;
    const link = await openLink({
      ...{ dcId, host, port, apiId, connectTimeoutMs },
      authKey: this.#authKey,
      forFiles,
      log: createLibraryLogger(this.#log),
      ...(onCall && { onCall }),
    });
    if (this.#stopped.signal.aborted) {
      await link.close();
      throw new Unreached('closed');
    }
    this.#authKey = link.authKey;
    const { gates, clock, onGateClosed: onClosed } = this.#options;
    return gatedLink(link, { gates, now: () => clock.now(), onClosed });
  }

  async #signIn(link: Link): Promise<Peer> {
    const { self, isPremium } = await askSelf(link);
    const limits = await askLimits(link, isPremium, this.#state.limits, this.#log);
    this.#state = { ...this.#state, limits, lastPongAt: this.#options.clock.now() };
    try {
      this.#options.onSignedIn?.(self);
    } catch (error) {
      this.#signedOut((error as Error).message);
      throw error;
    }
    return self;
  }

  async #keepAlive(link: Link): Promise<void> {
    try {
      while (this.#link === link) {
        await this.#options.clock.sleep(pingEveryMs, this.#stopped.signal);
        if (this.#link === link) await this.ping();
      }
    } catch {
      // A ping that fails ends the link, and #run takes it from there.
    }
  }

  async #pingOnce(): Promise<number> {
    const link = this.ready();
    const startedAt = performance.now();
    await link.ping(pingTimeoutMs);
    this.#state = { ...this.#state, lastPongAt: this.#options.clock.now() };
    return performance.now() - startedAt;
  }

  /** The link that is signed in. @throws Unreached while there is none */
  ready(): Link {
    if (this.#link && this.#state.phase === 'ready') return this.#link;
    throw new Unreached(this.#state.reason ?? 'not connected to Telegram yet');
  }

  /** Calls over it, for the chat `chatId` if for one. @throws as Link.call does; GateClosed */
  async call<T>(request: Api.AnyRequest, chatId?: string): Promise<T> {
    try {
      return await this.ready().call<T>(request, callTimeoutMs, chatId);
    } catch (error) {
      this.failed(error as Error);
      throw error;
    }
  }

  /** Takes note of how a call over any link of the session failed: the account may be signed out by it. */
  failed(error: Error): void {
    if (error instanceof TelegramError && judge(error).action === 'session') {
      this.#signedOut(`Telegram ended the session (${error.message}): sign the account in again`);
      void this.#link?.close();
    } else if (this.#state.phase === 'connecting') {
      this.#change({ phase: 'connecting', reason: error.message });
    }
  }

  #signedOut(reason: string): void {
    if (this.#state.phase === 'signed_out') return;
    this.#log.error({ class: 'session_lost' }, `signed out: ${reason}`);
    this.#change({ phase: 'signed_out', reason });
  }

  #change(change: Partial<AccountState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
