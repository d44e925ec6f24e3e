import { expect, it } from 'vitest';
import { Restarts } from './watcher.ts';

it('counts what a supervisor did since a moment, from the counts it gives', () => {
  const restarts = new Restarts();
  restarts.note('a', 0, 40); // Of the days before the monitor: nothing is known of when.
  restarts.note('a', 1_000, 42);
  restarts.note('a', 2_000, null);
  restarts.note('a', 3_000, 0); // Its container was made anew.
  restarts.note('a', 4_000, 1);
  expect(restarts.since('a', 0)).toBe(3);
  expect(restarts.since('a', 2_000)).toBe(1);
  expect(restarts.since('b', 0)).toBe(0);
  restarts.note('a', 5_000, 1_000_000);
  expect(restarts.since('a', 0)).toBe(100);
});
