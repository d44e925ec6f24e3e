/**
 * Telegram as far as sending goes, on a simulated clock: the rule of random ids, waits it asks for, refusals, answers
 * that are late or lost. It outlives the gateways, and keeps what it saw for the test to judge.
 */
import type { Clock } from '../../../kit/clock.ts';
import { isPerson } from '../../model/marked-id.ts';
import { isSendMethod, type Peer } from '../../model/account.ts';
import { TelegramError } from '../../model/telegram-error.ts';

/** What is wrong with a call, beside what its scope is closed for. */
export type Fault =
  /** An error instead of being carried out. */
  | { readonly error: string; readonly code: number }
  /** Never arrives, and no answer comes. */
  | 'lost'
  /** Is carried out, and the answer is lost. */
  | 'unanswered'
  /** As `unanswered`, and it is carried out only some seconds later. */
  | 'slow';

/** A call that reached Telegram. */
export interface Call {
  readonly at: number;
  readonly method: string;
  readonly chatId: string | undefined;
}

export interface Delivery {
  readonly chatId: string;
  readonly messageId: number;
  readonly text: string;
}

/** One message Telegram makes of a call. */
export interface Item {
  readonly randomId: string;
  readonly text: string;
}

/** No answer ever comes to this call. */
export class NoAnswer extends Error {}

const slowMs = 4_000;
/** PEER_FLOOD says no time; to ask again within this one makes it worse. */
const peerFloodMs = 60 * 60_000;

const peer = (chatId: string, username?: string): Peer => ({
  chatId,
  accessHash: '1',
  title: chatId,
  username,
  phone: undefined,
  writable: true,
  kind: chatId.startsWith('-100') ? 'channel' : chatId.startsWith('-') ? 'chat' : 'user',
});

export const self: Peer = { ...peer('777'), kind: 'self' };
const supergroup = peer('-1000000000040');
/** Pages of the dialogs, one chat each. */
export const dialogPages: readonly Peer[] = [
  peer('1', 'anna'),
  peer('-1000000000005', 'news'),
  peer('2'),
  peer('3', 'carl'),
];
/** What is named in the tests: chats of the dialogs, a name outside of them, and what is not there at all. */
export const targets = [
  '1',
  '@anna',
  '-1000000000005',
  '@news',
  '2',
  '3',
  '@carl',
  '-40',
  '777',
  '@dora',
  '9',
  '@nobody',
];
const named = new Map([...dialogPages, peer('4', 'dora')].map((each) => [`@${each.username}`, each]));

export class SimulatedTelegram {
  readonly delivered: Delivery[] = [];
  readonly calls: Call[] = [];
  /** Calls that were made although Telegram had answered that they must wait. */
  readonly violations: string[] = [];
  /** How long a call and its answer take together. */
  latencyMs = 0;
  /** Whether the basic group has become a supergroup. */
  hasMigrated = false;
  readonly #clock: Clock;
  readonly #sent = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #closed = new Map<string, number>();
  readonly #announced = new Map<string, number>();
  #faults: { readonly fault: Fault; readonly chatId: string | undefined }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The next call that sends (to a chat) fails so. */
  breakNext(fault: Fault, chatId: string | undefined): void {
    this.#faults.push({ fault, chatId });
  }

  heal(): void {
    this.#closed.clear();
    this.#faults = [];
    this.latencyMs = 0;
  }

  /** Answers calls of a scope (`account`, `method:…`, `chat:…`) with a wait, for as long. */
  close(scope: string, ms: number): void {
    this.#closed.set(scope, this.#clock.now() + ms);
  }

  /** When the last wait is over that it has asked for. */
  get calmAt(): number {
    return Math.max(0, ...this.#announced.values());
  }

  /** Carries a call out that sends; answers with the ids of its messages. @throws TelegramError, NoAnswer */
  async send(method: string, chatId: string, items: readonly Item[]): Promise<number[]> {
    this.#arrived(method, chatId);
    const fault = this.#takeFault(chatId);
    const way = this.latencyMs / 2;
    await this.#pass(way);
    if (fault === 'lost') throw new NoAnswer();
    const working = this.#carryOut(method, chatId, items, fault);
    if (fault === 'slow') working.catch(() => {});
    if (fault === 'slow') throw new NoAnswer();
    const ids = await working;
    await this.#pass(way);
    if (fault === 'unanswered') throw new NoAnswer();
    return ids;
  }

  /** @throws TelegramError */
  async lookUp(method: string, name: string): Promise<Peer> {
    this.#arrived(method, undefined);
    await this.#pass(this.latencyMs);
    this.#refuseIfClosed(method, undefined);
    const found = named.get(name);
    if (!found) throw new TelegramError(400, 'USERNAME_NOT_OCCUPIED');
    return found;
  }

  basicGroup(chatId: string): Peer[] {
    return this.hasMigrated
      ? [supergroup, { ...peer(chatId), migratedTo: supergroup.chatId }]
      : [peer(chatId)];
  }

  /** A gateway got an answer: from now on it knows. */
  answered(error: TelegramError, method: string, chatId: string | undefined): void {
    const { type, argument } = error;
    const until = this.#clock.now() + (argument ?? 1) * 1000;
    if (type === 'FLOOD_WAIT') this.#announce(`method:${method}`, until);
    if (type === 'SLOWMODE_WAIT') this.#announce(`chat:${chatId}`, until);
    if (type === 'PEER_FLOOD') this.#announce('strangers', this.#clock.now() + peerFloodMs);
  }

  async #pass(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.sleep(ms);
  }

  #announce(scope: string, until: number): void {
    this.#announced.set(scope, Math.max(until, this.#announced.get(scope) ?? 0));
  }

  #arrived(method: string, chatId: string | undefined): void {
    const at = this.#clock.now();
    this.calls.push({ at, method, chatId });
    for (const scope of scopesOf(method, chatId)) {
      const until = this.#announced.get(scope) ?? 0;
      if (until > at) this.violations.push(`${method} to ${chatId}, ${until - at} ms before ${scope} opened`);
    }
  }

  #takeFault(chatId: string): Fault | undefined {
    const index = this.#faults.findIndex((each) => (each.chatId ?? chatId) === chatId);
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0]!.fault;
  }

  async #carryOut(method: string, chatId: string, items: readonly Item[], fault: Fault | undefined) {
    this.#refuseIfClosed(method, chatId);
    const keys = items.map(({ randomId }) => `${chatId} ${randomId}`);
    if (keys.some((key) => this.#running.has(key))) throw new TelegramError(500, 'RANDOM_ID_DUPLICATE');
    const earlier = keys.map((key) => this.#sent.get(key));
    if (earlier.every((id) => id !== undefined)) return earlier;
    if (typeof fault === 'object') throw new TelegramError(fault.code, fault.error);
    if (chatId === '-40' && this.hasMigrated) throw new TelegramError(400, 'PEER_ID_INVALID');
    for (const key of keys) this.#running.add(key);
    if (fault === 'slow') await this.#clock.sleep(slowMs);
    return items.map(({ text }, index) => {
      const messageId = this.delivered.length + 1;
      this.delivered.push({ chatId, messageId, text });
      this.#running.delete(keys[index]!);
      this.#sent.set(keys[index]!, messageId);
      return messageId;
    });
  }

  #refuseIfClosed(method: string, chatId: string | undefined): void {
    for (const scope of scopesOf(method, chatId)) {
      const left = Math.ceil(((this.#closed.get(scope) ?? 0) - this.#clock.now()) / 1000);
      if (left <= 0) continue;
      if (scope === 'strangers') throw new TelegramError(400, 'PEER_FLOOD');
      throw new TelegramError(420, `${scope.startsWith('chat:') ? 'SLOWMODE_WAIT' : 'FLOOD_WAIT'}_${left}`);
    }
  }
}

function scopesOf(method: string, chatId: string | undefined): string[] {
  const scopes = [`method:${method}`, `chat:${chatId}`];
  return isSendMethod(method) && chatId !== undefined && isPerson(chatId) ? ['strangers', ...scopes] : scopes;
}
