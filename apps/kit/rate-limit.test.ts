import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';
import { manualClock } from './testing/manual-clock.ts';

describe('a rate limit', () => {
  it('lets a second of requests through at once, then as many as come in a second, to each caller', async () => {
    const clock = manualClock();
    const limit = createRateLimit(2, clock);
    expect([limit.take('a'), limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([0, 0, 0.5, 0]);
    await clock.advance(500);
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 0.5]);
    await clock.advance(60_000);
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 0.5]);
  });

  it('below one a second lets one through, then one as often', async () => {
    const clock = manualClock();
    const limit = createRateLimit(0.1, clock);
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 10]);
    await clock.advance(10_000);
    expect(limit.take('a')).toBe(0);
  });

  it('of 0 is none', () => {
    const limit = createRateLimit(0, manualClock());
    expect(Array.from({ length: 1000 }, () => limit.take('a')).every((wait) => wait === 0)).toBe(true);
  });
});
