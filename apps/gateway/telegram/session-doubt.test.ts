import { expect, it } from 'vitest';
import { SessionDoubt } from './session-doubt.ts';

/** Asks as often as the doubt wishes, always denied; when each answer came, in seconds, and whether it was the last. */
function askUntilLost(): { asked: number[]; lostAfterS: number } {
  const doubt = new SessionDoubt();
  const asked: number[] = [];
  for (let now = 0; asked.length < 100; now += doubt.pauseMs(false)) {
    asked.push(now / 1000);
    if (doubt.denied(now)) return { asked, lostAfterS: now / 1000 };
  }
  throw new Error('it is never lost');
}

it('is confirmed by several new connections over at least 90 s, and within 5 minutes', () => {
  const { asked, lostAfterS } = askUntilLost();
  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(lostAfterS).toBeGreaterThanOrEqual(90);
  // Each pause may grow by that of the reconnecting, 31 s in all, and by an answer that is late.
  expect(lostAfterS).toBeLessThanOrEqual(240);
});

it('is not confirmed by many answers of one moment, nor where a server knows the session in between', () => {
  const doubt = new SessionDoubt();
  for (let each = 0; each < 20; each++) expect(doubt.denied(1_000)).toBe(false);
  doubt.dispelled();
  expect(doubt.isThere).toBe(false);
  expect(doubt.denied(500_000)).toBe(false);
});

it('goes on asking for a session that is lost', () => {
  expect(new SessionDoubt().pauseMs(true)).toBe(600_000);
});
