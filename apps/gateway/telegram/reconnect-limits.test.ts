import { describe, expect, it } from 'vitest';
import { ReconnectLimits, type Outcome } from './reconnect-limits.ts';

/** Opens a connection as soon as allowed, for `ms`; each goes as `outcome` says and ends at once. */
function openings(outcome: Outcome, ms: number): number[] {
  const limits = new ReconnectLimits();
  const at: number[] = [];
  for (let now = 0; now < ms; now = limits.nextAt(now, 0)) {
    limits.opened(now);
    at.push(now);
    limits.note(outcome);
  }
  return at;
}

function mostWithin(at: readonly number[], ms: number): number {
  return Math.max(...at.map((first) => at.filter((each) => each >= first && each < first + ms).length));
}

describe('reconnecting', () => {
  it('is at once while calls are answered: four in a second and five in five at most', () => {
    const at = openings('answered', 60_000);
    expect(at.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(mostWithin(at, 1_000)).toBe(4);
    expect(mostWithin(at, 5_000)).toBe(5);
  });

  it('slows down where no call is answered: three in eight seconds at most', () => {
    const at = openings('connected', 60_000);
    expect(mostWithin(at, 1_000)).toBe(1);
    expect(mostWithin(at, 4_000)).toBeLessThanOrEqual(2);
    expect(mostWithin(at, 8_000)).toBeLessThanOrEqual(3);
  });

  it('pauses for up to 16 seconds where there is no connection at all', () => {
    const at = openings('failed', 200_000);
    const pauses = at.slice(1).map((each, index) => each - at[index]!);
    expect(pauses.slice(0, 5)).toEqual([1_000, 3_000, 4_000, 8_000, 16_000]);
    expect(Math.max(...pauses)).toBe(16_000);
  });

  it('forgets its pauses when a call is answered', () => {
    const limits = new ReconnectLimits();
    for (let again = 0; again < 6; again++) limits.note('failed');
    expect(limits.nextAt(0, 0)).toBe(16_000);
    limits.note('answered');
    expect(limits.nextAt(0, 0)).toBe(0);
  });

  it('survives a clock that steps back', () => {
    const limits = new ReconnectLimits();
    for (let again = 0; again < 5; again++) limits.opened(1_000_000 + again);
    expect(limits.nextAt(0, 0)).toBe(0);
  });
});
