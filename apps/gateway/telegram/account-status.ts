/** How an account stands with Telegram: whether it may send, and if not, why; whoever listens hears of each change. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import type { TelegramError } from '../model/telegram-error.ts';
import type { AccountState, Peer, SignInTrouble } from './account.ts';
import { noConfig, type ServerConfig } from './server-config.ts';
import { SessionDoubt } from './session-doubt.ts';

/** The class of the log lines while there is no way to Telegram. */
export const unreachable = 'telegram_unavailable';

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

  /** Why there is no connection yet. */
  waits(reason: string): void {
    this.#change({ reason });
  }

  limited({ limits }: ServerConfig): void {
    this.#state = { ...this.#state, limits };
  }

  signedIn(self: Peer, config: ServerConfig): void {
    this.#doubt.dispelled();
    this.#state = { ...this.#state, self: { id: self.chatId, name: self.title } };
    if (config.freeze) return this.frozen(config);
    this.#change({ phase: 'ready', trouble: undefined, reason: undefined });
    this.#log.info('connected to Telegram');
  }

  /** The connection of an account that was signed in is gone. */
  disconnected(isOurs: boolean): void {
    if (this.#state.phase !== 'ready' && this.#state.phase !== 'frozen') return;
    this.#change({ phase: 'connecting', reason: 'the connection to Telegram was lost' });
    if (!isOurs) this.#log.warn({ class: unreachable }, 'connection to Telegram lost');
  }

  /** A server says that it does not know the session: that is in doubt until several connections have said so. */
  denied(reason: string): void {
    if (this.#doubt.denied(this.#clock.now()))
      return this.signedOut('session_lost', `${reason}, over several connections: sign the account in again`);
    if (this.#state.phase === 'signed_out') return;
    if (this.#state.phase !== 'unconfirmed')
      this.#log.warn({ class: 'session_lost' }, `${reason}: asking over new connections`);
    this.#change({
      phase: 'unconfirmed',
      trouble: 'unconfirmed',
      reason: `${reason}; asking again to be sure`,
    });
  }

  /** Telegram ended the session or the account. */
  ended(trouble: 'revoked' | 'deactivated', { message: name }: TelegramError): void {
    const reason =
      trouble === 'revoked'
        ? `Telegram ended the session (${name}): sign the account in again`
        : `Telegram deactivated the account (${name}): ask https://telegram.org/support, or use another account`;
    this.signedOut(trouble, reason);
  }

  signedOut(trouble: SignInTrouble, reason: string): void {
    if (this.#state.phase === 'signed_out') return;
    this.#log.error({ class: 'session_lost', trouble }, `signed out: ${reason}`);
    this.#change({ phase: 'signed_out', trouble, reason });
  }

  /** The account may read and not write. */
  frozen(config: ServerConfig): void {
    if (this.#state.phase !== 'frozen')
      this.#log.error({ class: 'account_frozen' }, 'Telegram froze the account');
    this.#change({ phase: 'frozen', trouble: 'frozen', reason: frozenReason(config) });
  }

  /** What the server's configuration says of it by now. */
  thawedOrFrozen(config: ServerConfig): void {
    if (config.freeze) return this.frozen(config);
    if (this.#state.phase !== 'frozen') return;
    this.#log.info('Telegram does not say any more that the account is frozen');
    this.#change({ phase: 'ready', trouble: undefined, reason: undefined });
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
    this.#change({ phase: 'closed', reason: 'closed' });
  }

  #change(change: Partial<AccountState>): void {
    const isSame = (change.phase ?? this.#state.phase) === this.#state.phase;
    const since = isSame ? this.#state.since : this.#clock.now();
    this.#state = { ...this.#state, ...change, since };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Since when the account is frozen, how long yet, and where to appeal. */
export function frozenReason({ freeze }: Pick<ServerConfig, 'freeze'>): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const since = freeze ? ` since ${day(freeze.since)}` : '';
  const until = freeze?.until ? `; without an appeal it is deleted on ${day(freeze.until)}` : '';
  return `Telegram froze the account${since}${until}: appeal at ${freeze?.appealUrl ?? 'https://t.me/spambot'}`;
}
