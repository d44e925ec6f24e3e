/** A sleep that can be cut short: one loop sleeps, anybody may wake it. */
import type { Clock } from './clock.ts';

/** Given as the reason, so that no error is made each time. */
const woken = 'woken';

export class Signal {
  readonly #clock: Clock;
  #isWoken = false;
  #sleeping: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the sleep under way, or the next one before it begins. */
  wake(): void {
    this.#isWoken = true;
    this.#sleeping?.abort(woken);
  }

  /** Sleeps for `ms` milliseconds or until it is woken, whichever comes first. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isWoken && ms > 0) {
      this.#sleeping = new AbortController();
      await this.#clock.sleep(ms, this.#sleeping.signal).catch(() => {});
      this.#sleeping = undefined;
    }
    this.#isWoken = false;
  }
}
