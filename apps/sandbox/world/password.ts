/** A two-step password, checked by SRP (core.telegram.org/api/srp): the server never sees the password itself. */
import { createHash, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  dhGenerator,
  dhPrime,
  modulo,
  power,
  primeNumber,
  toBigInt,
  toBytes,
} from '../mtproto/diffie-hellman.ts';
import type { TlObject } from '../tl/values.ts';

const iterations = 100_000;
const exponentBytes = 64;
const maxChallenges = 100;
const g = toBytes(BigInt(dhGenerator));
const k = toBigInt(sha256(dhPrime, g));

/** What a client answers to a challenge. */
export interface PasswordProof {
  srpId: bigint;
  A: Buffer;
  M1: Buffer;
}

interface Challenge {
  exponent: bigint;
  shown: Buffer;
}

/** The password of one account. */
export class Password {
  readonly hint = 'the name of this program';
  readonly #password: string;
  readonly #salt1 = randomBytes(8);
  readonly #salt2 = randomBytes(16);
  readonly #challenges = new Map<bigint, Challenge>();
  #verifier: Promise<bigint> | undefined;

  constructor(password: string) {
    this.#password = password;
  }

  /** The parameters of the derivation. */
  get algorithm(): TlObject {
    return {
      _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
      salt1: this.#salt1,
      salt2: this.#salt2,
      g: dhGenerator,
      p: dhPrime,
    };
  }

  /** A new challenge: its id, and the server's value. */
  async challenge(): Promise<{ srpId: bigint; shown: Buffer }> {
    const verifier = await this.#madeVerifier();
    const exponent = toBigInt(randomBytes(exponentBytes));
    const shown = toBytes(modulo(k * verifier + power(BigInt(dhGenerator), exponent)));
    const srpId = randomBytes(8).readBigInt64LE();
    const [oldest] = this.#challenges.keys();
    if (this.#challenges.size >= maxChallenges) this.#challenges.delete(oldest!);
    this.#challenges.set(srpId, { exponent, shown });
    return { srpId, shown };
  }

  /** Checks a proof; a challenge holds for one. Returns the name of the error that Telegram would answer. */
  async problemOf({ srpId, A, M1 }: PasswordProof): Promise<string | undefined> {
    const challenge = this.#challenges.get(srpId);
    if (!challenge) return 'SRP_ID_INVALID';
    this.#challenges.delete(srpId);
    const a = toBigInt(A);
    if (A.length > 256 || a <= 0n || a >= primeNumber) return 'SRP_A_INVALID';
    const u = toBigInt(sha256(toBytes(a), challenge.shown));
    const secret = power(modulo(a * power(await this.#madeVerifier(), u)), challenge.exponent);
    const mixed = xor(sha256(dhPrime), sha256(g));
    const salts = Buffer.concat([sha256(this.#salt1), sha256(this.#salt2)]);
    const expected = sha256(mixed, salts, toBytes(a), challenge.shown, sha256(toBytes(secret)));
    return expected.equals(M1) ? undefined : 'PASSWORD_HASH_INVALID';
  }

  #madeVerifier(): Promise<bigint> {
    return (this.#verifier ??= this.#makeVerifier());
  }

  async #makeVerifier(): Promise<bigint> {
    const first = salted(salted(Buffer.from(this.#password), this.#salt1), this.#salt2);
    const slow = await promisify(pbkdf2)(first, this.#salt1, iterations, 64, 'sha512');
    return power(BigInt(dhGenerator), toBigInt(salted(slow, this.#salt2)));
  }
}

function salted(data: Buffer, salt: Buffer): Buffer {
  return sha256(salt, data, salt);
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ b[index]!));
}
