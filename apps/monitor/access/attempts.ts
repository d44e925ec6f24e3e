/**
 * Attempts to sign in, counted by user name and address: after a few they are checked one after another, with a pause
 * before each. A right password is checked in its turn, so that nobody who guesses beside it keeps it out. Of IPv6 the
 * whole network of 64 bits counts as one, for that is what a single machine has to choose addresses from.
 */
import { isIPv6 } from 'node:net';
import type { Clock } from '../../kit/clock.ts';

const free = 4;
const pauseMs = 2_000;
/** Two guesses of another may stand before a right password. */
const longestWaitMs = 3 * pauseMs;
const forgetAfterMs = 3_600_000;
const mostSources = 10_000;

export class Attempts {
  readonly #clock: Pick<Clock, 'uptime'>;
  readonly #bySource = new Map<string, { count: number; checkedAt: number }>();

  constructor(clock: Pick<Clock, 'uptime'>) {
    this.#clock = clock;
  }

  /** Counts an attempt: milliseconds until it is to be checked, or undefined where too many wait for their turn. */
  take(user: string, address: string): number | undefined {
    const source = sourceOf(user, address);
    const now = this.#clock.uptime();
    const entry = this.#bySource.get(source);
    const isFresh = entry === undefined || now - entry.checkedAt > forgetAfterMs;
    const { count, checkedAt } = isFresh ? { count: 0, checkedAt: now } : entry;
    const at = count < free ? now : Math.max(now, checkedAt + pauseMs);
    if (at - now > longestWaitMs) return undefined;
    // Set anew, so that the map stays in the order of the last attempt and the oldest is dropped.
    this.#bySource.delete(source);
    this.#bySource.set(source, { count: count + 1, checkedAt: at });
    if (this.#bySource.size > mostSources) this.#bySource.delete(this.#bySource.keys().next().value!);
    return at - now;
  }

  /** Forgets what was tried: the password is known there. */
  forgive(user: string, address: string): void {
    this.#bySource.delete(sourceOf(user, address));
  }
}

function sourceOf(user: string, address: string): string {
  return `${networkOf(address)} ${user.slice(0, 64)}`;
}

/** What attempts from an address are counted to. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head.split(':');
  // A `::` within the first four groups stands for zeros.
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(tail?.split(':') ?? [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
