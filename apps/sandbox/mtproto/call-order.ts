/**
 * Whether the sequence numbers of a session's calls rise with their ids, as core.telegram.org/mtproto/description asks.
 * Calls alone are compared: acks, pings and containers are numbered in too many ways by the clients that there are.
 */

/** Codes of bad_msg_notification: the number is too low, or too high, beside that of another call. */
const tooLow = 32;
const tooHigh = 33;
const remembered = 512;

/** The latest calls of one session. */
export class CallOrder {
  #highestId = 0n;
  #highestSequence = -1;
  readonly #ids = new BigInt64Array(remembered);
  readonly #sequences = new Int32Array(remembered);
  #count = 0;

  /** The code that a call deserves for its sequence number, or undefined where it is good and was noted. */
  take(id: bigint, sequence: number): number | undefined {
    const problem = id > this.#highestId ? this.#afterAll(sequence) : this.#among(id, sequence);
    if (problem) return problem;
    if (id > this.#highestId) this.#highestId = id;
    if (sequence > this.#highestSequence) this.#highestSequence = sequence;
    const at = this.#count++ % remembered;
    this.#ids[at] = id;
    this.#sequences[at] = sequence;
    return undefined;
  }

  #afterAll(sequence: number): number | undefined {
    return sequence <= this.#highestSequence ? tooLow : undefined;
  }

  /** For a call that comes after one with a higher id, as it may over two connections. */
  #among(id: bigint, sequence: number): number | undefined {
    for (let index = Math.min(this.#count, remembered) - 1; index >= 0; index--) {
      if (this.#ids[index]! < id && this.#sequences[index]! >= sequence) return tooLow;
      if (this.#ids[index]! > id && this.#sequences[index]! <= sequence) return tooHigh;
    }
    return undefined;
  }
}
