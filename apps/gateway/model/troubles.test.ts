import { expect, it } from 'vitest';
import { longer, noTroubles, since, type Span } from './troubles.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const asked = (...times: number[]) =>
  times.reduce<Span | undefined>((span, at) => longer(span, at, 'askings'), undefined)!.ms;

it('an asking counts for the time since the one before', () => {
  expect(asked(0)).toBe(0);
  expect(asked(0, 30_000, 75_000)).toBe(75_000);
});

it('a wait, a stop and a clock that is set count for little, and for nothing where it is set back', () => {
  expect(asked(0, 25 * hourMs, 25 * hourMs + minuteMs)).toBe(3 * minuteMs);
  expect(asked(25 * hourMs, 0, minuteMs)).toBe(minuteMs);
});

it('an upload tries by itself for longer', () => {
  expect(longer({ at: 0, ms: 0 }, 5 * minuteMs, 'uploads').ms).toBe(5 * minuteMs);
});

it('a reason holds since it first did', () => {
  const cause = (name: string) => ({ code: 'telegram_error', values: { name } }) as const;
  const first = { ...noTroubles, reason: since(noTroubles, cause('INTERNAL'), 1) };
  expect(since(first, cause('INTERNAL'), 5)).toMatchObject({ since: 1 });
  expect(since(first, cause('NOT_IMPLEMENTED'), 5)).toMatchObject({ since: 5 });
});
