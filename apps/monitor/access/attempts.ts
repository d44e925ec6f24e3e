/**
 * Wrong passwords, counted by address: after a few, each further attempt must wait, and ever longer. Of IPv6 the whole
 * network of 64 bits counts as one, for that is what a single machine has to choose addresses from.
 */
import { isIPv6 } from 'node:net';
import type { Clock } from '../../kit/clock.ts';

const free = 4;
const longestWaitMs = 300_000;
const forgetAfterMs = 3_600_000;
const mostAddresses = 10_000;

export class Attempts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #byAddress = new Map<string, { count: number; lastAt: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Milliseconds until an attempt from this address is taken; 0 when it is taken now. */
  waitMs(address: string): number {
    const source = sourceOf(address);
    const entry = this.#byAddress.get(source);
    if (!entry) return 0;
    const since = this.#clock.now() - entry.lastAt;
    if (since > forgetAfterMs) this.#byAddress.delete(source);
    const wait = entry.count < free ? 0 : Math.min(1_000 * 2 ** (entry.count - free), longestWaitMs);
    return Math.max(0, wait - since);
  }

  /** Counts an attempt; before it is checked, so that many at once count as many. */
  count(address: string): void {
    const source = sourceOf(address);
    const count = (this.#byAddress.get(source)?.count ?? 0) + 1;
    // Set anew, so that the map stays in the order of the last attempt and the oldest is dropped.
    this.#byAddress.delete(source);
    this.#byAddress.set(source, { count, lastAt: this.#clock.now() });
    if (this.#byAddress.size > mostAddresses) this.#byAddress.delete(this.#byAddress.keys().next().value!);
  }

  /** Forgets what an address tried: it knew the password. */
  forgive(address: string): void {
    this.#byAddress.delete(sourceOf(address));
  }
}

/** Whom attempts from an address are counted to. */
function sourceOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head.split(':');
  // A `::` within the first four groups stands for zeros.
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(tail?.split(':') ?? [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
