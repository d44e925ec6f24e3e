/** Message ids: seconds in the high half, a fraction in the low one (core.telegram.org/mtproto/description). */

/** How far a client's clock may be off before its messages are refused, in seconds. */
const maxPastS = 300;
const maxFutureS = 30;
const second = 1n << 32n;

/**
 * Makes the server's ids: 1 mod 4 for answers and 3 mod 4 for the rest. They rise, also while a clock that was set back
 * by less than clients tolerate catches up; one set back further shows in the ids, because clients read the time there.
 */
export class ServerMessageIds {
  #last = 0n;
  #lastAt = 0;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  next(isAnswer: boolean): bigint {
    const now = this.#now();
    if (now === this.#lastAt) {
      this.#last += 4n;
    } else {
      const seconds = Math.floor(now / 1000);
      const fraction = Math.floor(((now - seconds * 1000) / 1000) * 0x40000000);
      const fresh = (BigInt(seconds) << 32n) | (BigInt(fraction) << 2n);
      const isSetBack = this.#last - fresh > BigInt(maxFutureS) * second;
      this.#last = fresh > this.#last || isSetBack ? fresh : this.#last + 4n;
      this.#lastAt = now;
    }
    return this.#last | (isAnswer ? 1n : 3n);
  }
}

/** The bad_msg_notification code that a client's message id deserves, or undefined where it is good. */
export function problemOfMessageId(id: bigint, nowMs: number): number | undefined {
  if ((id & 3n) !== 0n) return 18;
  const seconds = Number(id >> 32n);
  if (seconds < nowMs / 1000 - maxPastS) return 16;
  if (seconds > nowMs / 1000 + maxFutureS) return 17;
  return undefined;
}

/**
 * When the client made a message, by its id, in ms since 1970. Some clients write nanoseconds times four where a
 * fraction of 2^32 belongs; read as a fraction, such a moment comes out up to 70 ms too early, never too late.
 */
export function madeAt(id: bigint): number {
  return Number(id >> 32n) * 1000 + (Number(id & 0xffffffffn) / 0x1_0000_0000) * 1000;
}

/** Remembers the latest ids of a session, so that a replayed message is not carried out twice. */
export class SeenIds {
  #current = new Set<bigint>();
  #older = new Set<bigint>();
  #highestOfOlder = 0n;
  #highestOfCurrent = 0n;
  /** Ids up to this one may have come and been forgotten. */
  #forgottenUpTo = 0n;
  readonly #generation: number;

  constructor(generation = 2000) {
    this.#generation = generation;
  }

  /** The highest id so far. */
  get highest(): bigint {
    return this.#highestOfCurrent > this.#highestOfOlder ? this.#highestOfCurrent : this.#highestOfOlder;
  }

  has(id: bigint): boolean {
    return this.#current.has(id) || this.#older.has(id);
  }

  /** Whether nobody knows any more if this id came. */
  isTooOld(id: bigint): boolean {
    return id <= this.#forgottenUpTo && !this.has(id);
  }

  /** Takes back that an id was seen, for a message that was refused or is to have been lost on its way. */
  forget(id: bigint): void {
    if (this.#current.delete(id) && id === this.#highestOfCurrent)
      this.#highestOfCurrent = highestIn(this.#current);
    if (this.#older.delete(id) && id === this.#highestOfOlder) this.#highestOfOlder = highestIn(this.#older);
  }

  /** Whether the id is new; notes it. */
  isNew(id: bigint): boolean {
    if (this.has(id)) return false;
    if (this.#current.size >= this.#generation) {
      if (this.#highestOfOlder > this.#forgottenUpTo) this.#forgottenUpTo = this.#highestOfOlder;
      this.#older = this.#current;
      this.#highestOfOlder = this.#highestOfCurrent;
      this.#current = new Set();
      this.#highestOfCurrent = 0n;
    }
    this.#current.add(id);
    if (id > this.#highestOfCurrent) this.#highestOfCurrent = id;
    return true;
  }
}

function highestIn(ids: ReadonlySet<bigint>): bigint {
  let highest = 0n;
  for (const id of ids) if (id > highest) highest = id;
  return highest;
}
