/**
 * The salts of one auth key (core.telegram.org/mtproto/description): a new one every half hour, drawn from the key, so
 * that they are the same after a restart. One that is over still holds for another half hour.
 */
import { createHash } from 'node:crypto';

/** How long a salt is the one to use. */
const periodS = 1800;
const periodMs = periodS * 1000;

/** A salt with the time that it holds for, in seconds since 1970. */
export interface TimedSalt {
  salt: bigint;
  validSince: number;
  validUntil: number;
}

/** The salt of a key at this time, in ms since 1970 by the server's clock. */
export function saltOf(key: Buffer, atMs: number = Date.now()): bigint {
  return saltOfPeriod(key, Math.floor(atMs / periodMs));
}

/** Times are in ms since 1970 by the server's clock. */
export class Salts {
  readonly #key: Buffer;
  readonly #first: { salt: bigint; period: number } | undefined;
  #period = NaN;
  #current = 0n;
  #before = 0n;

  /** `first` is the salt that came out of the key exchange, and holds as long as the one of its time. */
  constructor(key: Buffer, first?: { salt: bigint; atMs: number }) {
    this.#key = key;
    this.#first = first && { salt: first.salt, period: Math.floor(first.atMs / periodMs) };
  }

  /** The salt to use. */
  at(nowMs: number): bigint {
    this.#turn(nowMs);
    return this.#current;
  }

  /** Whether messages with this salt are taken. */
  holds(salt: bigint, nowMs: number): boolean {
    this.#turn(nowMs);
    if (salt === this.#current || salt === this.#before) return true;
    return salt === this.#first?.salt && this.#period - this.#first.period <= 1;
  }

  /** The salt of the moment, and those to come. */
  coming(count: number, nowMs: number): TimedSalt[] {
    this.#turn(nowMs);
    return Array.from({ length: count }, (_, index) => {
      const period = this.#period + index;
      const validSince = period * periodS;
      return { salt: saltOfPeriod(this.#key, period), validSince, validUntil: validSince + 2 * periodS };
    });
  }

  /** Each message asks for the salt, so those of the moment are kept. */
  #turn(nowMs: number): void {
    const period = Math.floor(nowMs / periodMs);
    if (period === this.#period) return;
    this.#period = period;
    this.#current = saltOfPeriod(this.#key, period);
    this.#before = saltOfPeriod(this.#key, period - 1);
  }
}

function saltOfPeriod(key: Buffer, period: number): bigint {
  return createHash('sha256').update(`salt ${period} `).update(key).digest().readBigInt64LE();
}
