import { expect, it } from 'vitest';
import { steadyClock } from './steady-clock.ts';
import { manualClock } from './testing/manual-clock.ts';

const hourMs = 3_600_000;

function setUp() {
  const machine = manualClock();
  const clock = steadyClock(machine);
  const told: number[] = [];
  clock.onTold((byMs) => void told.push(byMs));
  return { machine, clock, told, start: machine.now() };
}

it('goes on by the time that passes, whatever the machine is set to', async () => {
  const { machine, clock, start } = setUp();
  for (const ms of [-3 * hourMs, 24 * hourMs, -24 * hourMs, -60_000]) machine.set(ms);
  expect(clock.now()).toBe(start);
  await machine.advance(5_000);
  expect(clock.now()).toBe(start + 5_000);
});

it('is put right when the server tells its time first, and not by what a message takes to come', () => {
  const { clock, told, start } = setUp();
  expect(clock.isTold).toBe(false);
  clock.tell(start - 3 * hourMs);
  expect([clock.isTold, clock.now()]).toEqual([true, start - 3 * hourMs]);
  clock.tell(start - 3 * hourMs - 2_000);
  expect(told).toEqual([-3 * hourMs]);
});

it('believes a server later on where the machine says the same, as after a sleep of the machine', () => {
  const { machine, clock, told, start } = setUp();
  clock.tell(start);
  clock.tell(start + hourMs);
  expect(clock.now()).toBe(start);
  machine.set(hourMs);
  clock.tell(start + hourMs);
  expect([clock.now(), told]).toEqual([start + hourMs, [0, hourMs]]);
});
