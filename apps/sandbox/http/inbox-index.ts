/** What the inbox must know at once without reading all messages: counts and last message by chat, and the rate. */
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';

/** How many messages a chat got since the last reset, and the last of them. */
export interface ChatTotal {
  count: number;
  last: Delivery;
}

const secondsKept = 60;
/** Tells one process, and one reset, from the next: numbers of messages start anew with each. */
const processStart = Date.now().toString(36);

/** Listens to a sandbox for as long as it runs. */
export class InboxIndex {
  #resets = 0;
  readonly #totals = new Map<string, ChatTotal>();
  /** Messages of the last seconds, by second; `second` is the one that counts now. */
  readonly #seconds = new Array<number>(secondsKept).fill(0);
  #second = Math.floor(Date.now() / 1000);

  constructor(state: SandboxState) {
    for (const delivery of state.deliveries.all()) this.#count(delivery);
    state.events.listen((event) => {
      if (event.type === 'reset') this.#clear();
      if (event.type === 'delivery') this.#count(event.delivery);
    });
  }

  /** Changes when the numbers of messages start anew. */
  get epoch(): string {
    return `${processStart}-${this.#resets}`;
  }

  total(account: bigint, chatId: bigint): ChatTotal | undefined {
    return this.#totals.get(`${account}:${chatId}`);
  }

  /** Messages a second for the last minute, the current second last. */
  rates(): number[] {
    this.#turnTo(Math.floor(Date.now() / 1000));
    const from = (this.#second + 1) % secondsKept;
    return [...this.#seconds.slice(from), ...this.#seconds.slice(0, from)];
  }

  #count(delivery: Delivery): void {
    const key = `${delivery.account}:${delivery.chatId}`;
    const total = this.#totals.get(key);
    if (total && delivery.number <= total.last.number) return;
    this.#totals.set(key, { count: (total?.count ?? 0) + 1, last: delivery });
    this.#turnTo(Math.floor(Date.now() / 1000));
    this.#seconds[this.#second % secondsKept]! += 1;
  }

  /** Empties the seconds that passed without a message. */
  #turnTo(now: number): void {
    const passed = Math.min(now - this.#second, secondsKept);
    for (let step = 1; step <= passed; step++) this.#seconds[(this.#second + step) % secondsKept] = 0;
    this.#second = Math.max(now, this.#second);
  }

  #clear(): void {
    this.#resets++;
    this.#totals.clear();
    this.#seconds.fill(0);
  }
}
