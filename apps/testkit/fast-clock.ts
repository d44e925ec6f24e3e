/** A clock on which minutes pass in seconds. */
import { onTestFinished } from 'vitest';
import { movableClock, type MovableClock } from './movable-clock.ts';

const tickMs = 10;

/**
 * Runs `factor` times as fast until the test is over. It is moved on by this process, step by step: while a busy machine
 * runs something else, no time passes, so that nothing is late by it.
 */
export function fastClock(factor = 500): MovableClock {
  const clock = movableClock();
  speedUp(clock, factor - 1);
  return clock;
}

/** Lets it run so many times faster yet. */
export function speedUp(clock: MovableClock, by: number): void {
  const timer = setInterval(() => clock.advance(tickMs * by), tickMs);
  onTestFinished(() => clearInterval(timer));
}
