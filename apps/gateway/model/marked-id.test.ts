import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idForJson, markId, unmarkId } from './marked-id.ts';

describe('marked ids', () => {
  it.each([
    ['user', 777_000n, 777_000n],
    ['chat', 4021n, -4021n],
    ['channel', 3_833_950_795n, -1_003_833_950_795n],
    ['channel', 12_345_678_901n, -1_012_345_678_901n],
    ['channel', 1n, -1_000_000_000_001n],
  ] as const)('of a %s %s is %s', (kind, bareId, marked) => {
    expect(markId(kind, bareId)).toBe(marked);
    expect(unmarkId(marked)).toEqual({ kind, bareId });
  });

  it('are arithmetic: every id comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('user', 'channel'),
        fc.bigInt(1n, 2n ** 52n),
        (kind, bareId) => void expect(unmarkId(markId(kind as 'user', bareId))).toEqual({ kind, bareId }),
      ),
    );
  });
});

describe('idForJson', () => {
  it('is a number where that is exact, else the string', () => {
    expect(idForJson('-1003833950795')).toBe(-1_003_833_950_795);
    expect(idForJson('9007199254740993')).toBe('9007199254740993');
  });
});
