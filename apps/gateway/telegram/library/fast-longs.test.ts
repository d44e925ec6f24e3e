import helpers from 'telegram/Helpers.js';
import bigInt from 'big-integer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLong, writeLong } from './fast-longs.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 33 }).map((values) => Buffer.from(values));
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((values) => Buffer.from(values));

describe('fast longs', () => {
  it('are read as the library reads them', () => {
    const property = fc.property(fc.oneof(eightBytes, bytes), fc.boolean(), fc.boolean(), (...read) => {
      expect(readLong(...read).toString()).toBe(helpers.readBigIntFromBuffer(...read).toString());
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('are written as the library writes them', () => {
    const number = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 65n }).map((value) => bigInt(value.toString()));
    const property = fc.property(number, fc.constantFrom(8, 8, 16, 32), (value, length) => {
      expect(writeLong(value, length)).toEqual(helpers.toSignedLittleBuffer(value, length));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('are what its numbers are made of, so that none goes the slow way', () => {
    expect(helpers.readBigIntFromBuffer(Buffer.alloc(8, 1))).toHaveProperty('value', 0x0101010101010101n);
  });
});
