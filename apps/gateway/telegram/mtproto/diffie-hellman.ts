/**
 * The client's half of the key exchange's arithmetic, with every check that Telegram asks of clients
 * (core.telegram.org/mtproto/security_guidelines#checking-dh-prime-and-g and #g-a-and-g-b-validation).
 */
import { checkPrimeSync, hash, randomBytes } from 'node:crypto';
import { ProtocolError } from './message-key.ts';

const primeBits = 2048n;
/** g_a and g_b keep so far from both ends. */
const margin = 1n << (primeBits - 64n);
/** Which remainders make g a generator of the subgroup of prime order (p-1)/2; none where every prime does. */
const remainders: Readonly<Record<number, { modulus: bigint; allowed: readonly bigint[] } | undefined>> = {
  2: { modulus: 8n, allowed: [7n] },
  3: { modulus: 3n, allowed: [2n] },
  4: { modulus: 1n, allowed: [0n] },
  5: { modulus: 5n, allowed: [1n, 4n] },
  6: { modulus: 24n, allowed: [19n, 23n] },
  7: { modulus: 7n, allowed: [3n, 5n, 6n] },
};
/**
 * SHA-256 of primes that were checked, because a check takes a second. The first one is that of the prime that Telegram has used for
 * years, which clients may take for good by the same page.
 */
const checked = new Set(['Avhedof8bzO6Z4ImqWOzyKGRtHyJDPMN6+F8HWI7WvE=']);

/** What the client shows the server, and the key that both have. */
export interface Agreement {
  readonly shown: Buffer;
  readonly key: Buffer;
}

/** Agrees on a key. @throws ProtocolError where the server's numbers are not what Telegram asks for */
export function agree(g: number, primeBytes: Buffer, shownByServer: Buffer): Agreement {
  const prime = numberOf(primeBytes);
  checkGroup(g, prime);
  const theirs = numberOf(shownByServer);
  checkPublic(theirs, prime);
  for (;;) {
    const secret = numberOf(randomBytes(256));
    const ours = power(BigInt(g), secret, prime);
    if (isWithin(ours, prime)) return { shown: bytesOf(ours), key: bytesOf(power(theirs, secret, prime)) };
  }
}

/** @throws ProtocolError unless `prime` is a safe prime of 2048 bits, and g generates its large subgroup */
export function checkGroup(g: number, prime: bigint): void {
  if (prime >> (primeBits - 1n) !== 1n) throw new ProtocolError('dh_prime has not 2048 bits');
  const rule = remainders[g];
  if (!rule?.allowed.includes(prime % rule.modulus))
    throw new ProtocolError(`g = ${g} does not fit dh_prime`);
  const digest = hash('sha256', bytesOf(prime), 'base64');
  if (checked.has(digest)) return;
  if (!checkPrimeSync(prime) || !checkPrimeSync((prime - 1n) / 2n))
    throw new ProtocolError('dh_prime is not a safe prime');
  checked.add(digest);
}

/** @throws ProtocolError where a public number is too near the ends of its range */
export function checkPublic(shown: bigint, prime: bigint): void {
  if (!isWithin(shown, prime)) throw new ProtocolError('g_a is out of range');
}

function isWithin(shown: bigint, prime: bigint): boolean {
  return shown >= margin && shown <= prime - margin;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}

function bytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(512, '0'), 'hex');
}
