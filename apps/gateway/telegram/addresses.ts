/** Which address of its data centre an account is reached at: the next one after repeated failures. */
import type { Address } from './mtproto/dial.ts';

/** So many connections in a row that fail at an address, and the next address is tried. */
const mostFailures = 2;

export class Addresses {
  #current: Address;
  #failures = 0;

  constructor(first: Address) {
    this.#current = first;
  }

  get current(): Address {
    return this.#current;
  }

  /** The address failed for good: the next one is to be tried. */
  distrust(): void {
    this.#failures = mostFailures;
  }

  /** Notes how a connection went; `all` are the addresses that the server names. True where another one is next. */
  note(went: 'answered' | 'connected' | 'failed', all: readonly Address[]): boolean {
    if (went === 'answered' && this.#failures < mostFailures) this.#failures = 0;
    if (went === 'failed') this.#failures++;
    if (this.#failures < mostFailures || all.length < 2) return false;
    this.#failures = 0;
    const { host, port } = this.#current;
    const at = all.findIndex((each) => each.host === host && each.port === port);
    this.#current = all[(at + 1) % all.length]!;
    return true;
  }
}
