import { expect, it } from 'vitest';
import { ServerMessageIds } from './message-ids.ts';

const secondsOf = (id: bigint) => Number(id >> 32n);

it.each([
  ['on', 3600, 4600],
  ['back by less than clients tolerate', -20, 1000],
  ['further back', -3600, -2600],
])('the ids of a session whose clock is put %s rise, or show the new time', (_, step, expected) => {
  let now = 1_000_000;
  const ids = new ServerMessageIds(() => now);
  const early = [ids.next(true), ids.next(false)] as const;
  now += step * 1000;
  const late = [ids.next(true), ids.next(false)] as const;
  expect(secondsOf(late[0])).toBe(expected);
  expect(early[1]).toBeGreaterThan(early[0]);
  expect(late[1]).toBeGreaterThan(late[0]);
  expect(late[0] > early[1]).toBe(step > -30);
});
