/** Flood limits: buckets for sends of an account and to a chat, windows for single methods. They answer with seconds to wait. */

export interface Rate {
  per_second: number;
  burst: number;
}

export interface MethodLimit {
  count: number;
  per_seconds: number;
  wait_seconds: number;
}

/** The limits of POST /limits. */
export interface LimitsDefinition {
  account?: Rate | undefined;
  chat?: Rate | undefined;
  methods?: Record<string, MethodLimit> | undefined;
  /** First messages to strangers: more of them are PEER_FLOOD, which names no time. */
  strangers?: Omit<MethodLimit, 'wait_seconds'> | undefined;
}

/** A limit that was hit: seconds to wait, and whether it is of one chat only. */
export interface LimitHit {
  seconds: number;
  ofChat: boolean;
}

interface Bucket {
  tokens: number;
  at: number;
}

interface Window {
  calls: number[];
  blockedUntil: number;
}

const sending = /^messages\.(send(Message|Media|MultiMedia|InlineBotResult)|forwardMessages)$/;
const maxBuckets = 100_000;

/** The limits of one server. Times are in ms since 1970. */
export class Limits {
  definition: LimitsDefinition = {};
  #buckets = new Map<string, Bucket>();
  #windows = new Map<string, Window>();
  #firstMessages = new Map<bigint, number[]>();

  replace(definition: LimitsDefinition): void {
    this.definition = definition;
    this.#buckets = new Map();
    this.#windows = new Map();
    this.#firstMessages = new Map();
  }

  /** Counts a call, or tells why it is refused. */
  check(account: bigint, method: string, chatId: bigint | undefined, now: number): LimitHit | undefined {
    const limit = this.definition.methods?.[method];
    const blocked = limit && this.#checkWindow(`${account}:${method}`, limit, now);
    if (blocked) return { seconds: blocked, ofChat: false };
    if (!sending.test(method)) return undefined;
    const { account: ofAccount, chat: ofChat } = this.definition;
    const chatKey = `${account}:${chatId}`;
    const chatWait = ofChat && chatId !== undefined ? this.#secondsToToken(chatKey, ofChat, now) : 0;
    if (chatWait > 0) return { seconds: chatWait, ofChat: true };
    const accountWait = ofAccount ? this.#secondsToToken(`${account}`, ofAccount, now) : 0;
    if (accountWait > 0) return { seconds: accountWait, ofChat: false };
    if (ofChat && chatId !== undefined) this.#takeToken(chatKey);
    if (ofAccount) this.#takeToken(`${account}`);
    return undefined;
  }

  /** Counts an account's first message to a stranger; false where that is one too many. */
  mayWriteToStranger(account: bigint, now: number): boolean {
    const { strangers } = this.definition;
    if (!strangers) return true;
    const since = now - strangers.per_seconds * 1000;
    const written = (this.#firstMessages.get(account) ?? []).filter((at) => at > since);
    const isAllowed = written.length < strangers.count;
    this.#firstMessages.set(account, isAllowed ? [...written, now] : written);
    return isAllowed;
  }

  /** 0 where the call is within the limit (and counted), else the seconds to wait. */
  #checkWindow(key: string, limit: MethodLimit, now: number): number {
    let window = this.#windows.get(key);
    if (!window) this.#windows.set(key, (window = { calls: [], blockedUntil: 0 }));
    if (window.blockedUntil > now) return Math.ceil((window.blockedUntil - now) / 1000);
    window.calls = window.calls.filter((at) => at > now - limit.per_seconds * 1000);
    if (window.calls.length < limit.count) {
      window.calls.push(now);
      return 0;
    }
    window.blockedUntil = now + limit.wait_seconds * 1000;
    return limit.wait_seconds;
  }

  #secondsToToken(key: string, rate: Rate, now: number): number {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= maxBuckets) this.#buckets = new Map();
      this.#buckets.set(key, (bucket = { tokens: rate.burst, at: now }));
    }
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.per_second);
    bucket.at = now;
    return bucket.tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / rate.per_second));
  }

  #takeToken(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket) bucket.tokens -= 1;
  }
}
