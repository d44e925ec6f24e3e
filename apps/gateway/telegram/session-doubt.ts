/**
 * Doubt about a session. A server that answers -404, or AUTH_KEY_UNREGISTERED once, was seen to do so by mistake
 * (gotd/td#107, Telethon#1457): the answer has to be the same over several new connections before the session is lost.
 */

const confirmations = 5;
const leastMs = 90_000;
/** When the n-th new connection asks again, after the one before it. */
const askAfterMs = [2_000, 8_000, 20_000, 30_000, 45_000];
/** How often a session that is lost is asked for again: somebody may have made it good. */
const askLostEveryMs = 10 * 60_000;

/** What is known of one session's end. Times are in milliseconds since the epoch. */
export class SessionDoubt {
  #since: number | undefined;
  #count = 0;

  /** A server denied the session. True once that is confirmed. */
  denied(now: number): boolean {
    this.#since ??= now;
    this.#count++;
    return this.#count > confirmations && now - this.#since >= leastMs;
  }

  /** A server knows the session: there is no doubt any more. */
  dispelled(): void {
    this.#since = undefined;
    this.#count = 0;
  }

  get isThere(): boolean {
    return this.#since !== undefined;
  }

  /** How long to wait before another connection asks. */
  pauseMs(isLost: boolean): number {
    if (isLost) return askLostEveryMs;
    return askAfterMs[Math.min(this.#count, askAfterMs.length) - 1] ?? 0;
  }
}
