/** The account at the edge of the simulation: it goes through the gates as the real one does, and ends every call as it must. */
import type { Clock } from '../../../kit/clock.ts';
import { throughGate, type GateKeeping, type GateStore } from '../../pacing/gates.ts';
import {
  lookupMethod,
  type Account,
  type AccountState,
  type Outgoing,
  type Peer,
  type PeerAddress,
  type Sent,
} from '../../model/account.ts';
import { OutcomeUnknown, TelegramError, Unreached } from '../../model/telegram-error.ts';
import { reason } from '../../../kit/reason.ts';
import type { Standing } from '../../model/standing.ts';
import { NoAnswer, self, type SimulatedTelegram } from './simulated-telegram.ts';

export interface SimulatedAccountOptions {
  readonly telegram: SimulatedTelegram;
  readonly clock: Clock;
  readonly gates: GateStore;
  readonly onGateClosed: NonNullable<GateKeeping['onClosed']>;
}

const uploadMs = 700;
const limits = { textLength: 4096, captionLength: 1024, fileBytes: 1_000_000 };

export class SimulatedAccount implements Account {
  readonly #options: SimulatedAccountOptions;
  readonly #listeners = new Set<() => void>();
  #phase: AccountState['phase'] = 'ready';
  #cut = new AbortController();

  constructor(options: SimulatedAccountOptions) {
    this.#options = options;
  }

  get state(): AccountState {
    const own = { id: self.chatId, name: self.title };
    const stands: Standing = { state: 'ready', reason: reason('signed_in') };
    const facts = { self: own, reason: this.#phase, standing: stands, since: 0, lastPongAt: undefined };
    return { phase: this.#phase, ...facts, limits };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is under way ends without an answer when the connection goes. */
  become(phase: AccountState['phase']): void {
    this.#phase = phase;
    if (phase !== 'ready') {
      this.#cut.abort();
      this.#cut = new AbortController();
    }
    for (const listener of this.#listeners) listener();
  }

  async upload(_to: PeerAddress, { files }: Outgoing): Promise<undefined> {
    this.#mustBeReady();
    if (files.length === 0) return;
    await this.#options.clock.sleep(uploadMs, this.#cut.signal).catch(() => {
      throw new Unreached('the upload was cut off');
    });
  }

  async send(to: PeerAddress, message: Outgoing): Promise<Sent> {
    const { telegram, clock } = this.#options;
    const { method } = message;
    const items = message.randomIds.map((randomId, index) => ({
      randomId,
      text: `${message.text.text}${index}`,
    }));
    const messageIds = await this.#call(method, to.chatId, () => telegram.send(method, to.chatId, items));
    return { messageIds, date: Math.floor(clock.now() / 1000) };
  }

  lookUp(name: string): Promise<Peer> {
    const method = lookupMethod(name);
    return this.#call(method, undefined, () => this.#options.telegram.lookUp(method, name));
  }

  takeBack(): Promise<boolean> {
    throw new Error('nothing is scheduled here');
  }

  basicGroup(chatId: string): Promise<readonly Peer[]> {
    return this.#call('messages.getChats', undefined, () =>
      Promise.resolve(this.#options.telegram.basicGroup(chatId)),
    );
  }

  succeededAt = () => undefined;
  ping = () => Promise.reject(new Error('nothing pings here'));
  dialogs = () => Promise.reject(new Error('nothing walks here'));
  close = () => Promise.resolve(this.become('closed'));

  async #call<T>(method: string, chatId: string | undefined, call: () => Promise<T>): Promise<T> {
    const { telegram, gates, clock, onGateClosed: onClosed } = this.#options;
    try {
      return await throughGate({ gates, now: () => clock.now(), onClosed }, { method, chatId }, () => {
        this.#mustBeReady();
        return Promise.race([call(), cutOff(this.#cut.signal)]);
      });
    } catch (error) {
      if (error instanceof NoAnswer) throw new OutcomeUnknown('no answer');
      if (error instanceof TelegramError) telegram.answered(error, method, chatId);
      throw error;
    }
  }

  #mustBeReady(): void {
    if (this.#phase !== 'ready') throw new Unreached(this.#phase);
  }
}

function cutOff(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new OutcomeUnknown('the connection was lost')), {
      once: true,
    });
  });
}
