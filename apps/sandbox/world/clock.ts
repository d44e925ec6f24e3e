/** The server's clock, which a fault can set off from this machine's. */

/** Times are in ms since 1970. */
export class Clock {
  /** How far the server is ahead (or, negative, behind); asked for at every look at the clock. */
  readonly #skewMs: () => number;

  constructor(skewMs: () => number = () => 0) {
    this.#skewMs = skewMs;
  }

  now(): number {
    return Date.now() + this.#skewMs();
  }

  /** In whole seconds, as dates travel in TL. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** This machine's time for one of the server's. */
  toLocal(serverMs: number): number {
    return serverMs - this.#skewMs();
  }
}
