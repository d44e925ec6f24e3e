import { describe, expect, it } from 'vitest';
import { effectsOn, secondsUntil, wasAble, type Sample } from './health-log.ts';

const states: Record<string, Pick<Sample, 'status' | 'told'>> = {
  '+': { status: 'ok', told: true },
  '~': { status: 'degraded', told: true },
  '-': { status: 'down', told: true },
  '.': { status: 'down', told: false },
};

/** A sample a second from the second 0: `+` ok, `~` degraded, `-` down, `.` no answer. */
function samples(line: string): Sample[] {
  return [...line].map((sign, second) => {
    return { gateway: 'text', at: second * 1000, isWalkWhole: false, ...states[sign]! };
  });
}
const event = (second: number) => ({ at: second * 1000, what: `at ${second}`, takesAway: false });

describe('what an event did to a gateway', () => {
  it('is nothing where health never faltered', () => {
    expect(effectsOn('text', samples('++~+'), [event(1)])).toMatchObject([
      { recoveredAfterS: 0, toldAfterS: undefined },
    ]);
  });

  it('lasts until health is back for good, and is told when the gateway says so itself', () => {
    expect(effectsOn('text', samples('++..-+-~+'), [event(1)])).toMatchObject([
      { recoveredAfterS: 6, toldAfterS: 3 },
    ]);
  });

  it('belongs to the last event before it', () => {
    const effects = effectsOn('text', samples('+-+++--+'), [event(1), event(4)]);
    expect(effects.map(({ recoveredAfterS }) => recoveredAfterS)).toEqual([1, 3]);
  });

  it('is never over when health does not come back', () => {
    expect(effectsOn('text', samples('++--'), [event(1)])).toMatchObject([{ recoveredAfterS: undefined }]);
  });
});

describe('a moment of health', () => {
  it('is looked for from a time on', () => {
    expect(secondsUntil(samples('+--+'), 1000, ({ status }) => status === 'ok')).toBe(2);
    expect(secondsUntil(samples('+---'), 1000, ({ status }) => status === 'ok')).toBeUndefined();
  });

  it('counts as undisturbed with the looks before and after it', () => {
    expect(wasAble(samples('-++++-'), 'text', 2100, 2900)).toBe(true);
    expect(wasAble(samples('-++++-'), 'text', 3100, 4900)).toBe(false);
    expect(wasAble(samples('-++++-'), 'media', 2100, 2900)).toBe(false);
  });
});
