/**
 * The connection of an account: keeps one link up within the limits of politeness, signs in with the session it was
 * given, knows how that stands, and makes calls. A call whose answer was lost with its link is settled over the next.
 */
import type { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { reason, reasonOf } from '../../kit/reason.ts';
import {
  isNotOffered,
  judge,
  OutcomeUnknown,
  TelegramError,
  Unreached,
  type Verdict,
} from '../model/telegram-error.ts';
import { closeGate, GateClosed, throughGate, type GateKeeping, type GateStore } from '../pacing/gates.ts';
import type { AccountState, Peer } from '../model/account.ts';
import { AccountStatus, unreachable } from './account-status.ts';
import { Addresses } from './addresses.ts';
import { carryAccount } from './carry-account.ts';
import { FileLinks } from './file-links.ts';
import { KeepAlive } from './keep-alive.ts';
import { methodName, openLink, Unanswered, type Link, type LinkEnd, type LinkOptions } from './link.ts';
import type { Session } from './mtproto/session.ts';
import type { Address } from './mtproto/dial.ts';
import type { WayOut } from './mtproto/transport.ts';
import { proxyErrorOf, type ProxyFault } from './mtproto/proxy.ts';
import { ReconnectLimits } from './reconnect-limits.ts';
import { askSelf, selfMethod } from './self.ts';
import { askAppConfig, askServerConfig, noConfig, type ServerConfig } from './server-config.ts';
import { Settling } from './settling.ts';
import { standingByError } from '../model/standing.ts';

export interface ConnectionOptions {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  readonly wayOut: WayOut;
  /** Of a session that was signed in by a person. Without one the account makes keys itself, as many as it takes. */
  readonly authKey: Buffer | undefined;
  readonly apiId: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Which waits Telegram has announced. */
  readonly gates: GateStore;
  /** Called with every gate that a refusal closed anew. */
  readonly onGateClosed?: GateKeeping['onClosed'];
  readonly onCall?: LinkOptions['onCall'];
  readonly onPushed?: LinkOptions['onPushed'];
  readonly onServerTime?: LinkOptions['onServerTime'];
  /** Called with who signed in; throwing (another account than the stored data is of) keeps it signed out. */
  readonly onSignedIn?: (self: Peer) => void;
  /** After so long without any answer the session is asked for. */
  readonly probeIntervalMs: number;
}

const connectTimeoutMs = 10_000;
const callTimeoutMs = 15_000;
/** A call that arrived is answered over the next link, or asked again after so long. */
const longestSettlingMs = 30_000;
const pingTimeoutMs = 5_000;
/** The transport's error where the server does not know a key. */
const keyUnknownError = '-404';
/** A link that lives so long counts as one that works, even where nothing was called on it. */
const stableMs = 30_000;
/** So many errors of the server in a row, and no success between them, are of this link or this address. */
const serverErrorsInARow = 5;

/** Whether an error is about the call alone: all others are of a server in trouble. */
function isOfCall(error: TelegramError): boolean {
  const { code, type } = error;
  return (code >= 0 && code < 500) || type === 'RANDOM_ID_DUPLICATE' || isNotOffered(error);
}

/** The words of an error that is not a fault of this code: its stack says nothing to anybody. */
function withoutStack(error: unknown): unknown {
  return error instanceof Unreached ? { message: error.message } : error;
}

/** Without a key the account makes one. */
type Home = Pick<ConnectionOptions, 'dcId' | 'authKey'>;

/** Starts connecting at once and goes on until closed. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #log: Logger;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  readonly #limits = new ReconnectLimits();
  readonly #status: AccountStatus;
  readonly #gateKeeping: GateKeeping;
  readonly #settling: Settling;
  readonly #keepAlive: KeepAlive;
  readonly #fileLinks: FileLinks;
  /** Where the account lives, and the key that speaks for it there. */
  #home: Home;
  /** The data centre that the account has moved to, which is still to be followed. */
  #movesTo: number | undefined;
  #addresses: Addresses;
  #session: Session | undefined;
  #config: ServerConfig = noConfig;
  #isPremium = false;
  #link: Link | undefined;
  #pinging: Promise<number> | undefined;
  #hasAnswered = false;
  #filesAnswered = false;

  constructor(options: ConnectionOptions) {
    const { dcId, host, port, authKey } = options;
    this.#options = options;
    this.#log = options.log.child({ part: 'telegram' });
    this.#status = new AccountStatus(this.#log, options.clock);
    this.#gateKeeping = {
      gates: options.gates,
      now: () => options.clock.now(),
      onClosed: options.onGateClosed,
    };
    this.#home = { dcId, authKey };
    this.#addresses = new Addresses({ host, port });
    this.#settling = new Settling(() => this.#untilReady(), options.wayOut.proxy !== undefined);
    const { clock, gates, probeIntervalMs } = options;
    this.#keepAlive = new KeepAlive({
      clock,
      probeIntervalMs,
      stopped: this.#stopped.signal,
      isCurrent: (link) => this.#link === link,
      mayProbe: () => gates.closedFor({ method: selfMethod }, clock.now()) === undefined,
      ping: () => this.ping(),
      probe: (link) => this.#probe(link),
      askFrozen: (link) => this.#askFrozen(link),
    });
    this.#fileLinks = new FileLinks({
      clock,
      log: this.#log,
      stopped: this.#stopped.signal,
      open: (address, isForMedia) => this.#open(address, undefined, isForMedia),
      onAnswered: () => {
        this.#filesAnswered = true;
        this.#keepAlive.answered();
      },
    });
    this.#running = this.#run();
  }

  get state(): AccountState {
    return this.#status.state;
  }

  onChange(listener: () => void): () => void {
    return this.#status.onChange(listener);
  }

  /** Concurrent callers share one ping. */
  ping(): Promise<number> {
    this.#pinging ??= this.#pingOnce().finally(() => (this.#pinging = undefined));
    return this.#pinging;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#link?.close();
    this.#session?.end(new OutcomeUnknown(reason('service_stops')));
    await this.#running;
    this.#status.closed();
  }

  /** The link that is signed in. @throws Unreached while there is none */
  ready(): Link {
    if (this.#link && this.state.phase === 'ready') return this.#link;
    throw this.#notReady();
  }

  #notReady(): Unreached {
    const { phase, standing } = this.state;
    return new Unreached(phase === 'ready' ? reason('not_connected') : standing.reason);
  }

  /** Calls over it, for the chat `chatId` if for one. @throws as Link.call does; GateClosed */
  async call<T>(request: Api.AnyRequest, chatId?: string, timeoutMs = callTimeoutMs): Promise<T> {
    return await this.#noting(request, this.ready().call<T>(request, timeoutMs, chatId));
  }

  /**
   * The same for a call that must not be repeated unless it is known not to have arrived: where the answer was lost with
   * its link, it waits for the next one and asks there.
   * @throws as `call` does; Unreached also where Telegram says that it did not receive the call
   */
  async callOnce<T>(request: Api.AnyRequest, chatId?: string, timeoutMs = callTimeoutMs): Promise<T> {
    try {
      return await this.#noting(request, this.ready().callOnce<T>(request, timeoutMs, chatId));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const settling = this.#settling.settle(error, Math.min(timeoutMs / 3, longestSettlingMs));
      return await this.#noting(request, settling as Promise<T>).catch((answer: unknown) => {
        // A wait that is announced so late is one all the same.
        closeGate(this.#gateKeeping, { method: methodName(request), chatId }, answer);
        throw answer;
      });
    }
  }

  /** Takes note of whether a call was answered, and how. */
  async #noting<T>(request: Api.AnyRequest, calling: Promise<T>): Promise<T> {
    try {
      const answer = await calling;
      this.#answered();
      return answer;
    } catch (error) {
      this.failed(error as Error);
      throw error;
    }
  }

  /** Takes note of how a call over any link of the session failed: it may say something about the account. */
  failed(error: Error): void {
    if (!(error instanceof TelegramError)) return;
    const { account } = judge(error);
    // Where the link itself is refused nothing is answered: the pauses before the next ones grow.
    if (account === 'uninitialized' || account === 'elsewhere') return this.#refused(account, error);
    if (isOfCall(error)) this.#answered();
    else this.#serverFailed(error);
    if (account) this.#inTrouble(account, error);
  }

  #unreached(error: Error): void {
    if (error instanceof TelegramError || error instanceof GateClosed) return;
    const { host, port } = this.#addresses.current;
    this.#status.unreached(error, `${host}:${port}`);
  }

  /** A further link of the account for parts of files, behind the same gates. @throws Unreached */
  async openForFiles(): Promise<Link> {
    const { clock } = this.#options;
    const at = this.#limits.nextAt(clock.now(), Math.random());
    await clock.sleep(at - clock.now(), this.#stopped.signal).catch((cause: unknown) => {
      throw new Unreached('closed', { cause });
    });
    return this.#fileLinks.open(this.#config.mediaAddresses, this.#addresses.current);
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#untilMayConnect();
      } catch {
        return; // Only a stop ends the waiting.
      }
      const openedAt = this.#options.clock.now();
      this.#hasAnswered = false;
      this.#filesAnswered = false;
      const { end, isConnected, fault } = await this.#connectOnce();
      const isStable = isConnected && this.#options.clock.now() - openedAt > stableMs;
      // Parts of files are answered over a link of their own.
      const isAnswered = this.#hasAnswered || (isConnected && (isStable || this.#filesAnswered));
      const went = isAnswered ? 'answered' : isConnected ? 'connected' : 'failed';
      this.#limits.note(went);
      // A proxy that is at fault says nothing of the address behind it.
      const isOfAddress = fault === undefined || fault === 'onward';
      if (isOfAddress && this.#addresses.note(went, this.#config.addresses))
        this.#log.info({ ...this.#addresses.current }, 'trying another address of the data centre');
      if (end === 'key_unknown') this.#keyUnknown();
    }
  }

  /** Until it is polite, no gate is closed for signing in, and a session in doubt may be asked for again. */
  async #untilMayConnect(): Promise<void> {
    const { gates, clock } = this.#options;
    const { signal } = this.#stopped;
    await clock.sleep(this.#status.pauseMs, signal);
    await clock.sleep(this.#limits.nextAt(clock.now(), Math.random()) - clock.now(), signal);
    const closed = () => gates.closedFor({ method: selfMethod }, clock.now());
    for (let gate = closed(); gate; gate = closed()) {
      this.#status.held(gate.reason, gate.until);
      await clock.sleep(gate.until - clock.now(), signal);
    }
    signal.throwIfAborted();
  }

  /** One link from its opening to its end. */
  async #connectOnce(): Promise<{ end: LinkEnd; isConnected: boolean; fault?: ProxyFault | undefined }> {
    const { signal } = this.#stopped;
    let link: Link | undefined;
    let isConnected = false;
    try {
      link = await this.#open(this.#addresses.current, this.#session);
      this.#link = link;
      this.#session = link.session;
      if (!this.#home.authKey) this.#home = { ...this.#home, authKey: link.authKey };
      if (this.#movesTo !== undefined) {
        await this.#follow(link, this.#movesTo);
        return { end: await link.ended, isConnected: true };
      }
      const self = await this.#signIn(link);
      isConnected = true;
      this.#status.signedIn(self, this.#config);
      void this.#keepAlive.of(link);
      return { end: await link.ended, isConnected };
    } catch (error) {
      const ofProxy = proxyErrorOf(error);
      // A session that is known to be lost is asked for in silence.
      if (!signal.aborted && this.state.phase !== 'signed_out')
        this.#log.warn(
          { ...(!ofProxy && { err: withoutStack(error) }), class: unreachable },
          ofProxy?.message ?? 'no connection to Telegram',
        );
      this.failed(error as Error);
      link?.close();
      const end = (await link?.ended) ?? 'lost';
      if (end !== 'key_unknown') this.#unreached(error as Error);
      return { end, isConnected, fault: ofProxy?.fault };
    } finally {
      this.#link = undefined;
      this.#status.disconnected(signal.aborted);
    }
  }

  async #open(address: Address, session: Session | undefined, isForMedia = false): Promise<Link> {
    const { apiId, onCall, onPushed, onServerTime, clock, wayOut } = this.#options;
    this.#limits.opened(clock.now());
    const link = await openLink({
      dcId: this.#home.dcId,
      address,
      isForMedia,
      wayOut,
      apiId,
      connectTimeoutMs,
      log: this.#log,
      onCall,
      onPushed,
      onServerTime,
      session: session?.key.bytes === this.#home.authKey ? session : undefined,
      authKey: this.#home.authKey,
      salt: this.#session?.salt,
    });
    if (this.#stopped.signal.aborted) {
      link.close();
      throw new Unreached('closed');
    }
    return gatedLink(link, this.#gateKeeping);
  }

  async #signIn(link: Link): Promise<Peer> {
    const { self, isPremium } = await askSelf(link);
    const { dcId } = this.#home;
    this.#isPremium = isPremium;
    this.#config = await askServerConfig(link, { dcId, isPremium }, this.#config, this.#log);
    this.#keepAlive.answered();
    this.#status.limited(this.#config);
    this.#status.ponged();
    try {
      this.#options.onSignedIn?.(self);
    } catch (error) {
      this.#status.signedOut({ state: 'other_account', reason: reasonOf(error) });
      throw error;
    }
    return self;
  }

  async #probe(link: Link): Promise<void> {
    try {
      await askSelf(link);
      this.#keepAlive.answered();
    } catch (error) {
      this.failed(error as Error);
    }
  }

  async #askFrozen(link: Link): Promise<void> {
    this.#config = await askAppConfig(link, this.#isPremium, this.#config, this.#log);
    this.#status.thawedOrFrozen(this.#config);
  }

  async #pingOnce(): Promise<number> {
    const link = this.#link;
    if (!link) throw this.#notReady();
    const startedAt = performance.now();
    await link.ping(pingTimeoutMs);
    this.#status.ponged();
    return performance.now() - startedAt;
  }

  #answered(): void {
    this.#keepAlive.answered();
    this.#hasAnswered = true;
    this.#status.answered();
  }

  /** Errors of the server in a row: another link may reach one that works. */
  #serverFailed(error: TelegramError): void {
    if (this.#status.serverFailed(error) % serverErrorsInARow !== 0) return;
    this.#log.warn(
      { class: unreachable, method: error.method, err: error },
      'Telegram fails on this connection: trying another',
    );
    this.#addresses.distrust();
    this.#link?.close();
  }

  /** The link has to introduce itself again, or the account lives elsewhere: either takes another link. */
  #refused(trouble: 'uninitialized' | 'elsewhere', error: TelegramError): void {
    if (trouble === 'elsewhere' && error.argument !== this.#home.dcId) this.#movesTo = error.argument;
    this.#link?.close();
  }

  #inTrouble(
    trouble: Exclude<NonNullable<Verdict['account']>, 'uninitialized' | 'elsewhere'>,
    error: TelegramError,
  ): void {
    switch (trouble) {
      case 'revoked':
      case 'used_twice':
      case 'deactivated':
      case 'banned':
        this.#status.signedOut(standingByError(trouble, error.message));
        return this.#link?.close();
      case 'unconfirmed':
        this.#denied(error.message);
        return this.#link?.close();
      case 'frozen':
        this.#status.frozen(this.#config);
        return void this.#askFreeze();
    }
  }

  /** Since when the account is frozen, and where to appeal. */
  async #askFreeze(): Promise<void> {
    const link = this.#link;
    if (!link || this.#config.freeze) return;
    try {
      this.#config = await askAppConfig(link, this.#isPremium, this.#config, this.#log);
      if (this.#config.freeze) this.#status.frozen(this.#config);
    } catch {
      // It is asked for again with the next connection, or in a quarter of an hour.
    }
  }

  /** A key of our own making that never was signed in leaves no doubt. */
  #denied(error: string): void {
    if (this.#options.authKey || this.state.self) this.#status.denied(error);
    else this.#status.signedOut(standingByError('never_signed_in', error));
  }

  /** A key of our own making is replaced when the server forgot it; one of a person's sign-in is doubted first. */
  #keyUnknown(): void {
    const { dcId, host, port, authKey } = this.#options;
    if (authKey && this.#home.dcId === dcId) return this.#status.denied(keyUnknownError);
    this.#goTo({ dcId, authKey }, { host, port }, 'the key of the session was lost');
  }

  /** Carries the account to the data centre that it moved to, and ends this link. @throws what the calls for it throw */
  async #follow(link: Link, dcId: number): Promise<void> {
    this.#movesTo = undefined;
    const { apiId, wayOut } = this.#options;
    const options = { apiId, wayOut, connectTimeoutMs, log: this.#log };
    const { address, authKey } = await carryAccount(link, dcId, options);
    this.#goTo({ dcId, authKey }, address, 'the account was carried to another data centre');
    this.#answered();
    this.#log.info({ dc: dcId }, 'the account was carried to another data centre');
    link.close();
  }

  #goTo(home: Home, address: Address, reason: string): void {
    this.#session?.end(new OutcomeUnknown(reason));
    this.#session = undefined;
    this.#fileLinks.leave();
    this.#home = home;
    this.#addresses = new Addresses(address);
    this.#config = { ...this.#config, addresses: [], mediaAddresses: [] };
  }

  /** Resolves with the next link that is signed in. @throws OutcomeUnknown when closed */
  #untilReady(): Promise<Link> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.state.phase === 'closed' || this.#stopped.signal.aborted)
          reject(new OutcomeUnknown(reason('service_stops')));
        else if (this.#link && this.state.phase === 'ready') resolve(this.#link);
        else return;
        stop();
      };
      const stop = this.onChange(look);
      look();
    });
  }
}

/** Calls over `link`, each unless a gate is closed for it. Pings and the key exchange are no methods and always go. */
function gatedLink(link: Link, keeping: GateKeeping): Link {
  return {
    ...link,
    call: (request, timeoutMs, chatId) =>
      throughGate(keeping, { method: methodName(request), chatId }, () =>
        link.call(request, timeoutMs, chatId),
      ),
    callOnce: (request, timeoutMs, chatId) =>
      throughGate(keeping, { method: methodName(request), chatId }, () =>
        link.callOnce(request, timeoutMs, chatId),
      ),
  };
}
