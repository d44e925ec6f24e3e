import { describe, expect, it } from 'vitest';
import { DH_PRIME, makeHalf, PRIME, sharedKey, toBytes } from '../../../sandbox/mtproto/diffie-hellman.ts';
import { agree, checkGroup } from './diffie-hellman.ts';

describe('agreeing on a key', () => {
  it('gives both sides the same one', () => {
    const server = makeHalf();
    const { shown, key } = agree(3, DH_PRIME, server.shown);
    expect(key).toHaveLength(256);
    expect(sharedKey(server, shown)!.equals(key)).toBe(true);
  });

  it.each([
    ['has not 2048 bits', 3, PRIME >> 1n],
    ['does not fit dh_prime', 2, PRIME],
    ['does not fit dh_prime', 8, PRIME],
    ['does not fit dh_prime', 1, PRIME],
    // The nearest numbers above the prime for which 3 would be a generator; none of them is a safe prime.
    ['is not a safe prime', 3, PRIME + 3n],
    ['is not a safe prime', 3, PRIME + 6n],
  ])('%s: g = %i', (reason, g, prime) => {
    expect(() => checkGroup(g, prime)).toThrow(reason);
  });

  it.each([
    ['0', 0n],
    ['1', 1n],
    ['p - 1', PRIME - 1n],
    ['a number just below 2^1984', (1n << 1984n) - 1n],
    ['a number just above p - 2^1984', PRIME - (1n << 1984n) + 1n],
    ['a number above p', PRIME + 5n],
  ])('refuses %s for g_a', (_, shown) => {
    expect(() => agree(3, DH_PRIME, toBytes(shown))).toThrow('g_a is out of range');
  });
});
