import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Timetable } from './timetable.ts';

const dayMs = 86_400_000;

let timetable: Timetable;
let done: string[];
beforeEach(() => {
  vi.useFakeTimers();
  timetable = new Timetable();
  done = [];
});
afterEach(() => {
  timetable.replace([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('steps are carried out at their times, in their order, also after weeks', () => {
  timetable.replace([step('month', 30 * dayMs), step('b', 20), step('c', 20), step('a', 10)]);
  vi.advanceTimersByTime(9);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect([done, states()]).toEqual([['a'], ['done', 'waiting', 'waiting', 'waiting']]);
  vi.advanceTimersByTime(10);
  expect(done).toEqual(['a', 'b', 'c']);
  vi.advanceTimersByTime(30 * dayMs);
  expect(done).toEqual(['a', 'b', 'c', 'month']);
});

it('a step that fails says why, and those after it go on', () => {
  const failing = () => {
    throw new Error('there is no chat 5');
  };
  timetable.replace([{ ...step('', 10), act: failing }, step('next', 20)]);
  vi.advanceTimersByTime(20);
  expect(done).toEqual(['next']);
  expect(timetable.all()).toMatchObject([
    { state: 'failed', error: 'there is no chat 5' },
    { state: 'done' },
  ]);
});

it('new steps take the place of those that still waited', () => {
  timetable.replace([step('old', 10)]);
  timetable.replace([step('new', 10)]);
  vi.advanceTimersByTime(10);
  expect(done).toEqual(['new']);
});

function step(name: string, afterMs: number) {
  return { afterMs, act: () => void done.push(name), definition: {} };
}

function states(): string[] {
  return timetable.all().map(({ state }) => state);
}
