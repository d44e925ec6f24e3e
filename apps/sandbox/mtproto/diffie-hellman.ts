/** Diffie-Hellman over Telegram's known prime with g = 3, on native bigints. */
import { randomBytes } from 'node:crypto';

/** Telegram's 2048-bit safe prime, which clients know and so need not test. */
export const dhPrime = Buffer.from(
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db' +
    'fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64' +
    '2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b41' +
    '0dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
    'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf' +
    '6f4fadf034b10403119cd8e3b92fcc5b',
  'hex',
);
export const dhGenerator = 3;

/** The same as a number. */
export const primeNumber = toBigInt(dhPrime);
const safetyMargin = 1n << (2048n - 64n);
/** Shorter than a real server's: a quarter of the time, and nothing here is secret. */
const exponentBytes = 64;

/** One side's secret exponent and what it shows of it. */
export interface DhHalf {
  exponent: bigint;
  shown: Buffer;
}

/** A new secret exponent a, and g^a mod p as 256 bytes. */
export function makeHalf(): DhHalf {
  for (;;) {
    const exponent = toBigInt(randomBytes(exponentBytes));
    const shown = power(BigInt(dhGenerator), exponent);
    if (isInRange(shown)) return { exponent, shown: toBytes(shown) };
  }
}

/** The shared 256-byte key, or undefined where the other side's value is out of the safe range. */
export function sharedKey(half: DhHalf, otherShown: Buffer): Buffer | undefined {
  const other = toBigInt(otherShown);
  return isInRange(other) ? toBytes(power(other, half.exponent)) : undefined;
}

function isInRange(value: bigint): boolean {
  return value > safetyMargin && value < primeNumber - safetyMargin;
}

/** base^exponent mod p. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % primeNumber;
    if (bit === '1') result = (result * base) % primeNumber;
  }
  return result;
}

/** The number that big-endian bytes are. */
export function toBigInt(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

/** A number as 256 big-endian bytes. */
export function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
}

/** The number mod p. */
export function modulo(value: bigint): bigint {
  return value % primeNumber;
}
