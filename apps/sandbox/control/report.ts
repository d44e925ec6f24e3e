/** What happened: calls, errors, and calls made while a wait announced for them still ran. */
import type { Call } from '../mtproto/call.ts';
import { madeAt } from '../mtproto/message-ids.ts';
import type { Session } from '../mtproto/session.ts';

/** A call that came too early. Times are in ms since 1970. */
export interface Violation {
  at: number;
  account: bigint;
  method: string;
  chatId: bigint | undefined;
  /** How much of the wait was left. */
  earlyMs: number;
}

/** The connections that one account opened within one second; `at` is its beginning. Without an account nobody signed in. */
export interface OpenedConnections {
  account: bigint | undefined;
  at: number;
  count: number;
}

/** A wait that was announced to a client; without `chatId` it holds for the method in every chat. */
interface Announced {
  at: number;
  until: number;
  session: Session;
  answerId: bigint;
}

const maxViolationsKept = 1000;
const maxSecondsKept = 1000;
/** How long an answer may be on its way to a client, on a machine that has much else to do. */
const readingMs = 1000;

/** The counters of one server. */
export class Report {
  readonly rpc = new Map<string, number>();
  readonly errors = new Map<string, number>();
  /** How often each method was called that this server lacks; its schema bounds them. */
  readonly missingMethods = new Map<string, number>();
  floodViolations = 0;
  violations: Violation[] = [];
  #opened = new Map<string, OpenedConnections>();
  #announced = new Map<string, Announced>();
  readonly #toLocal: (serverMs: number) => number;

  /** `toLocal` gives this machine's time for one of the server's clock, which clients make message ids by. */
  constructor(toLocal: (serverMs: number) => number = (serverMs) => serverMs) {
    this.#toLocal = toLocal;
  }

  /** Counts a call, and whether it breaks a wait. */
  countCall(call: Call, account: bigint, method: string, chatId: bigint | undefined): void {
    this.rpc.set(method, (this.rpc.get(method) ?? 0) + 1);
    if (this.#announced.size === 0) return;
    const earlyMs = Math.max(
      this.#msLeft(call, `${account}:${method}`),
      chatId === undefined ? 0 : this.#msLeft(call, `${account}:${method}:${chatId}`),
    );
    if (earlyMs <= 0) return;
    this.floodViolations++;
    this.violations.push({ at: call.receivedAt, account, method, chatId, earlyMs });
    if (this.violations.length > maxViolationsKept) this.violations.shift();
  }

  /** Counts an error by its name without the number in it. */
  countError(error: string): void {
    const type = error.replace(/_\d+(?=_|$)/, '');
    this.errors.set(type, (this.errors.get(type) ?? 0) + 1);
  }

  /** Counts a call of a method that this server lacks. */
  countMissing(method: string): void {
    this.missingMethods.set(method, (this.missingMethods.get(method) ?? 0) + 1);
  }

  /** Counts a connection, opened at this time by an account, or by a client that is not signed in. */
  countConnection(account: bigint | undefined, openedAt: number): void {
    const at = Math.floor(openedAt / 1000) * 1000;
    const key = `${at}:${account}`;
    const known = this.#opened.get(key);
    if (known) return void known.count++;
    this.#opened.set(key, { account, at, count: 1 });
    if (this.#opened.size <= maxSecondsKept) return;
    for (const oldest of this.#opened.keys()) return void this.#opened.delete(oldest);
  }

  /** How many connections were opened, of each account and in each of the latest seconds that had any. */
  connections(): OpenedConnections[] {
    return [...this.#opened.values()].sort((a, b) => a.at - b.at);
  }

  /** Notes that `seconds` of waiting were announced in the answer `answerId` to `call`. */
  announceWait(
    call: Call,
    wait: { account: bigint; method: string; chatId: bigint | undefined; seconds: number; answerId: bigint },
  ): void {
    const { account, method, chatId, seconds, answerId } = wait;
    const at = Date.now();
    const key = chatId === undefined ? `${account}:${method}` : `${account}:${method}:${chatId}`;
    this.#announced.set(key, { at, until: at + seconds * 1000, session: call.session, answerId });
  }

  clear(): void {
    this.rpc.clear();
    this.errors.clear();
    this.missingMethods.clear();
    this.floodViolations = 0;
    this.violations = [];
    this.#opened = new Map();
    this.#announced = new Map();
  }

  /**
   * How much of an announced wait a call ignores. What a client has not read yet it cannot ignore: a call counts if the
   * announcement was acknowledged before it, or if by the call's own id there was time enough to read it.
   */
  #msLeft(call: Call, key: string): number {
    const wait = this.#announced.get(key);
    if (!wait) return 0;
    if (wait.until <= call.receivedAt) {
      this.#announced.delete(key);
      return 0;
    }
    const hasRead = call.session === wait.session && call.session.acknowledgedUpTo >= wait.answerId;
    const mustHaveRead = this.#toLocal(madeAt(call.messageId)) > wait.at + readingMs;
    return hasRead || mustHaveRead ? wait.until - call.receivedAt : 0;
  }
}
