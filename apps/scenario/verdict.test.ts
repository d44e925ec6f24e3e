import { describe, expect, it } from 'vitest';
import { leastSeconds } from './least-time.ts';
import { quantile } from './statistics.ts';
import { judge } from './verdict.ts';

const verdicts = (measures: Record<string, number | undefined>, expected: Parameters<typeof judge>[1]) =>
  judge(new Map(Object.entries(measures)), expected).map(({ isMet }) => isMet);

describe('a verdict', () => {
  it('is met by exactly the number that is expected, or by a bound that is kept', () => {
    expect(verdicts({ lost: 0 }, { lost: 0 })).toEqual([true]);
    expect(verdicts({ lost: 1 }, { lost: 0 })).toEqual([false]);
    expect(verdicts({ lost: 5 }, { lost: { at_most: 5 } })).toEqual([true]);
    expect(verdicts({ lost: 6 }, { lost: { at_most: 5 } })).toEqual([false]);
    expect(verdicts({ lost: 4 }, { lost: { at_least: 5 } })).toEqual([false]);
  });

  it('is not met by what could not be measured, unless nothing is expected', () => {
    expect(verdicts({ lost: undefined }, { lost: { at_most: 5 } })).toEqual([false]);
    expect(verdicts({ lost: undefined }, {})).toEqual([true]);
  });
});

describe('the figures', () => {
  it('take the value that a share of all does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile([], 0.5)]).toEqual([50, 99, undefined]);
  });

  it('know the least time that limits leave', () => {
    const chats = Array.from({ length: 100 }, (_, index) => `${index % 10}`);
    expect(leastSeconds(chats, {})).toBe(0);
    expect(leastSeconds(chats, { account: { per_second: 20, burst: 20 } })).toBe(4);
    const both = { account: { per_second: 20, burst: 20 }, chat: { per_second: 1, burst: 1 } };
    expect(leastSeconds(chats, both)).toBe(9);
  });
});
