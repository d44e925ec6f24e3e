import { describe, expect, it } from 'vitest';
import { learnedFrom, rateAt } from './learned-rate.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the learned rate', () => {
  it('is the bound until a wait has taught otherwise', () => {
    expect(rateAt(undefined, 20, 0)).toBe(20);
  });

  it('falls at once on a wait, and comes near what was too much again, but not to it', () => {
    const learned = learnedFrom(20, 0);
    expect(rateAt(learned, 20, 0)).toBeLessThanOrEqual(15);
    expect(rateAt(learned, 20, minute / 2)).toBeGreaterThan(rateAt(learned, 20, 0));
    expect(rateAt(learned, 20, 10 * minute)).toBeLessThan(20);
    expect(rateAt(learned, 20, 10 * minute)).toBeGreaterThan(20 / 1.05);
  });

  it('never rises while the wait still runs', () => {
    const learned = learnedFrom(20, 5 * minute);
    expect(rateAt(learned, 20, 0)).toBe(rateAt(learned, 20, 5 * minute));
  });

  it('tries more once the wait is long ago, up to the bound and never beyond', () => {
    const learned = learnedFrom(10, 0);
    expect(rateAt(learned, 20, 2 * hour)).toBeGreaterThan(10);
    expect(rateAt(learned, 20, 100 * hour)).toBe(20);
  });

  it('falls to a twentieth of the bound at most, and comes back within a day from however many waits', () => {
    let now = 0;
    let learned = learnedFrom(20, now);
    for (let again = 0; again < 50; again++) learned = learnedFrom(rateAt(learned, 20, now), (now += 5_000));
    expect(rateAt(learned, 20, now)).toBe(1);
    expect(rateAt(learned, 20, now + 24 * hour)).toBe(20);
  });
});
