import { describe, expect, it } from 'vitest';
import {
  dhPrime,
  makeHalf,
  primeNumber,
  sharedKey,
  toBytes,
} from '../../../sandbox/mtproto/diffie-hellman.ts';
import { agree, checkGroup } from './diffie-hellman.ts';

describe('agreeing on a key', () => {
  it('gives both sides the same one', () => {
    const server = makeHalf();
    const { shown, key } = agree(3, dhPrime, server.shown);
    expect(key).toHaveLength(256);
    expect(sharedKey(server, shown)!.equals(key)).toBe(true);
  });

  it.each([
    ['has not 2048 bits', 3, primeNumber >> 1n],
    ['does not fit dh_prime', 2, primeNumber],
    ['does not fit dh_prime', 8, primeNumber],
    ['does not fit dh_prime', 1, primeNumber],
    // The nearest numbers above the prime for which 3 would be a generator; none of them is a safe prime.
    ['is not a safe prime', 3, primeNumber + 3n],
    ['is not a safe prime', 3, primeNumber + 6n],
  ])('%s: g = %i', (reason, g, prime) => {
    expect(() => checkGroup(g, prime)).toThrow(reason);
  });

  it.each([
    ['0', 0n],
    ['1', 1n],
    ['p - 1', primeNumber - 1n],
    ['a number just below 2^1984', (1n << 1984n) - 1n],
    ['a number just above p - 2^1984', primeNumber - (1n << 1984n) + 1n],
    ['a number above p', primeNumber + 5n],
  ])('refuses %s for g_a', (_, shown) => {
    expect(() => agree(3, dhPrime, toBytes(shown))).toThrow('g_a is out of range');
  });
});
