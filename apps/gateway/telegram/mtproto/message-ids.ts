/**
 * Ids and sequence numbers of a client's messages, and the checks of a server's
 * (core.telegram.org/mtproto/description#message-identifier-msg-id, /mtproto/security_guidelines).
 */

const second = 1n << 32n;
/** How far the server's clock may be from ours before its message is not believed, in seconds. */
const maxPastS = 300;
const maxFutureS = 30;
const rememberedIds = 1000;

/** One session's numbering. The clock is the server's as far as its last messages told, kept by a clock that never steps. */
export class MessageIds {
  /** The server's time less this process's uptime, in seconds. */
  #offsetS: number;
  readonly #uptimeS: () => number;
  #last = 0n;
  #contentMessages = 0;

  constructor(
    nowS: () => number = () => Date.now() / 1000,
    uptimeS: () => number = () => performance.now() / 1000,
  ) {
    this.#uptimeS = uptimeS;
    this.#offsetS = nowS() - uptimeS();
  }

  /** The next id: rising, and divisible by four. */
  next(): bigint {
    const now = this.serverTimeS();
    const seconds = Math.floor(now);
    const fresh = BigInt(seconds) * second + BigInt(Math.floor((now - seconds) * 0x4000_0000)) * 4n;
    this.#last = fresh > this.#last ? fresh : this.#last + 4n;
    return this.#last;
  }

  /** The number of the next message; odd for those that ask for an acknowledgement. */
  sequence(isContent: boolean): number {
    return isContent ? 2 * this.#contentMessages++ + 1 : 2 * this.#contentMessages;
  }

  /** Takes the server's time from the id of one of its messages. Ids may begin lower than before. */
  adoptTimeOf(serverId: bigint): void {
    const offsetS = timeOf(serverId) - this.#uptimeS();
    const isStep = Math.abs(offsetS - this.#offsetS) > 1;
    this.#offsetS = offsetS;
    if (isStep) this.#last = 0n;
  }

  /** Whether a server's message is of this time. */
  isTimely(serverId: bigint): boolean {
    const aheadS = timeOf(serverId) - this.serverTimeS();
    return aheadS > -maxPastS && aheadS < maxFutureS;
  }

  /** How long ago one of ours was made, in seconds. */
  ageS(id: bigint): number {
    return this.serverTimeS() - timeOf(id);
  }

  /** The server's time in seconds since the epoch; this machine's for as long as no message came. */
  serverTimeS(): number {
    return this.#offsetS + this.#uptimeS();
  }
}

/** The latest ids of a server, so that no message is carried out twice. */
export class SeenIds {
  readonly #ids = new Set<bigint>();

  has(id: bigint): boolean {
    return this.#ids.has(id);
  }

  /** Notes an id. False where it came before. */
  add(id: bigint): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > rememberedIds) this.#ids.delete(this.#ids.values().next().value!);
    return true;
  }
}

function timeOf(id: bigint): number {
  return Number(id >> 32n) + Number(id & 0xffff_ffffn) / 0x1_0000_0000;
}
