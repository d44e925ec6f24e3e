/** How an account stands with Telegram: whether it may send, and if not, why; whoever listens hears of each change. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { reason } from '../../kit/reason.ts';
import type { TelegramError } from '../model/telegram-error.ts';
import type { AccountState, Peer } from '../model/account.ts';
import { proxyErrorOf } from './mtproto/proxy.ts';
import { noConfig, type ServerConfig } from './server-config.ts';
import { SessionDoubt } from './session-doubt.ts';
import {
  said,
  standingByError,
  standingOfFreeze,
  standingOfUnreachable,
  standingOfWait,
  type Standing,
} from '../model/standing.ts';
import { whyUnreached } from '../model/why-unreached.ts';

/** The class of the log lines while there is no way to Telegram. */
export const unreachable = 'telegram_unavailable';

const connecting: Standing = { state: 'connecting', reason: reason('connecting') };
const ready: Standing = { state: 'ready', reason: reason('signed_in') };

export class AccountStatus {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #doubt = new SessionDoubt();
  #state: AccountState;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#state = {
      phase: 'connecting',
      standing: connecting,
      since: clock.now(),
      self: undefined,
      reason: undefined,
      lastPongAt: undefined,
      limits: noConfig.limits,
    };
  }

  get state(): AccountState {
    return this.#state;
  }

  /** Calls back after every change; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How long to wait before another connection asks for a session that was denied; 0 where it was not. */
  get pauseMs(): number {
    const isLost = this.#state.phase === 'signed_out';
    return isLost || this.#doubt.isThere ? this.#doubt.pauseMs(isLost) : 0;
  }

  /** A server gave a sign of life. */
  ponged(): void {
    this.#state = { ...this.#state, lastPongAt: this.#clock.now() };
  }

  /** An attempt to connect to `address` (host:port) failed. */
  unreached(error: Error, address: string): void {
    const { phase } = this.#state;
    if (phase !== 'connecting' && phase !== 'unconfirmed') return;
    const ofProxy = proxyErrorOf(error);
    const how = ofProxy?.standing ?? standingOfUnreachable(whyUnreached(error, address));
    this.#stand('connecting', how);
  }

  /** Telegram asked to wait before the account may connect. */
  held(error: string, until: number): void {
    if (this.#state.phase === 'connecting') this.#stand('connecting', standingOfWait(error, until));
  }

  limited({ limits }: ServerConfig): void {
    this.#state = { ...this.#state, limits };
  }

  signedIn(self: Peer, config: ServerConfig): void {
    this.#doubt.dispelled();
    this.#state = { ...this.#state, self: { id: self.chatId, name: self.title } };
    if (config.freeze) return this.frozen(config);
    this.#stand('ready', ready);
    this.#log.info('connected to Telegram');
  }

  /** The connection of an account that was signed in is gone. */
  disconnected(isOurs: boolean): void {
    if (this.#state.phase !== 'ready' && this.#state.phase !== 'frozen') return;
    this.#stand('connecting', { state: 'connecting', reason: reason('link_lost') });
    if (!isOurs) this.#log.warn({ class: unreachable }, 'connection to Telegram lost');
  }

  /** A server says that it does not know the session: that is in doubt until several connections have said so. */
  denied(error: string): void {
    const { phase } = this.#state;
    if (phase === 'signed_out') return;
    if (this.#doubt.denied(this.#clock.now())) return this.signedOut(standingByError('session_lost', error));
    const doubtful = standingByError('unconfirmed', error);
    if (phase !== 'unconfirmed') this.#log.warn({ class: 'session_lost' }, said(doubtful));
    this.#stand('unconfirmed', doubtful);
  }

  signedOut(how: Standing): void {
    if (this.#state.phase === 'signed_out' && this.#state.standing.state === how.state) return;
    this.#log.error({ class: 'session_lost', trouble: how.state }, `signed out: ${said(how)}`);
    this.#stand('signed_out', how);
  }

  /** The account may read and not write. */
  frozen({ freeze }: ServerConfig): void {
    const how = standingOfFreeze(freeze);
    if (this.#state.reason === said(how)) return;
    if (this.#state.phase !== 'frozen' || freeze) this.#log.error({ class: 'account_frozen' }, said(how));
    this.#stand('frozen', how);
  }

  /** What the server's configuration says of it by now. */
  thawedOrFrozen(config: ServerConfig): void {
    if (config.freeze) return this.frozen(config);
    if (this.#state.phase !== 'frozen') return;
    this.#log.info('Telegram does not say any more that the account is frozen');
    this.#stand('ready', ready);
  }

  /** A call had an answer that is not the server's own failure. */
  answered(): void {
    if (this.#state.serverErrors) this.#change({ serverErrors: undefined });
  }

  /** A call had an error of the server; how many in a row by now. */
  serverFailed({ message: name, method = '' }: TelegramError): number {
    const { serverErrors } = this.#state;
    const inARow = (serverErrors?.inARow ?? 0) + 1;
    const since = serverErrors?.since ?? this.#clock.now();
    this.#change({ serverErrors: { name, method, since, inARow } });
    return inARow;
  }

  closed(): void {
    this.#stand('closed', { state: 'closed', reason: reason('account_closed') });
  }

  #stand(phase: AccountState['phase'], how: Standing): void {
    this.#change({ phase, standing: how, reason: phase === 'ready' ? undefined : said(how) });
  }

  #change(change: Partial<AccountState>): void {
    const isSame = (change.phase ?? this.#state.phase) === this.#state.phase;
    const since = isSame ? this.#state.since : this.#clock.now();
    this.#state = { ...this.#state, ...change, since };
    for (const listener of [...this.#listeners]) listener();
  }
}
