/** When a link is pinged, the session asked for, and the account's freeze, by a clock that the test moves. */
import { expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Link } from './link.ts';

const link = {} as Link;

function keepAlive({ probeIntervalMs = 60_000, isAnswered = true } = {}) {
  const clock = manualClock();
  const startedAt = clock.now();
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  const asked: string[] = [];
  const state = { isGateClosed: false, isCurrent: true };
  const note = (what: string) => {
    asked.push(`${(clock.now() - startedAt) / 1000} ${what}`);
    return Promise.resolve();
  };
  const keeping = new KeepAlive({
    clock,
    probeIntervalMs,
    stopped: stopped.signal,
    isCurrent: () => state.isCurrent,
    mayProbe: () => !state.isGateClosed,
    ping: () => note('ping'),
    probe: async () => {
      await note('probe');
      if (!isAnswered) throw new Error('500');
      keeping.answered();
    },
    askFrozen: () => note('freeze'),
  });
  keeping.answered();
  const ended = keeping.of(link);
  const pass = (seconds: number) => clock.advance(seconds * 1_000);
  return { keeping, asked, state, pass, ended };
}

const probes = (asked: readonly string[]) => asked.filter((each) => each.endsWith('probe'));

it('a session is asked for once nothing was answered for the interval, and pinged between', async () => {
  const { asked, pass } = keepAlive();
  await pass(125);
  expect(asked).toEqual(['20 ping', '40 ping', '60 probe', '80 ping', '100 ping', '120 probe']);
});

it('at rest makes 1,440 calls a day at most', async () => {
  const { asked, pass } = keepAlive();
  await pass(3_600);
  expect(probes(asked).length).toBeLessThanOrEqual(1_440 / 24);
  expect(probes(asked).length).toBeGreaterThan(50);
});

it('is not asked for while answers come', async () => {
  const { asked, keeping, pass } = keepAlive();
  for (let minute = 0; minute < 5; minute++) {
    await pass(50);
    keeping.answered();
  }
  expect(probes(asked)).toEqual([]);
});

it('is never asked for against a closed gate, and soon after that opens', async () => {
  const { asked, state, pass } = keepAlive();
  state.isGateClosed = true;
  await pass(300);
  expect(probes(asked)).toEqual([]);
  state.isGateClosed = false;
  await pass(21);
  expect(probes(asked)).toHaveLength(1);
});

it('goes on where the question failed and the link lives', async () => {
  const { asked, pass } = keepAlive({ isAnswered: false });
  await pass(185);
  expect(probes(asked)).toEqual(['60 probe', '120 probe', '180 probe']);
});

it('asks whether the account is frozen within 15 minutes, also while it sends', async () => {
  const { asked, keeping, pass } = keepAlive();
  for (let minute = 0; minute < 15; minute++) {
    keeping.answered();
    await pass(60);
  }
  expect(asked.filter((each) => each.endsWith('freeze'))).toHaveLength(1);
});

it('ends with its link', async () => {
  const { asked, state, pass, ended } = keepAlive();
  state.isCurrent = false;
  await pass(60);
  await ended;
  expect(asked).toEqual([]);
});
