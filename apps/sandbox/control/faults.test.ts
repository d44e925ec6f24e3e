import { expect, it } from 'vitest';
import { Faults } from './faults.ts';
import { Limits } from './limits.ts';

const send = 'messages.sendMessage';

it('a fault hits its method and peer, as often as it may', () => {
  const faults = new Faults();
  faults.replace([{ method: send, peer: -5n, error: 'PEER_FLOOD', times: 1 }, { method: 'help.getConfig' }]);
  expect(faults.hit(send, -6n)).toBeUndefined();
  expect(faults.hit('messages.sendMedia', -5n)).toBeUndefined();
  expect(faults.hit(send, -5n)?.error).toBe('PEER_FLOOD');
  expect(faults.hit(send, -5n)).toBeUndefined();
  expect(faults.hit('help.getConfig', undefined)).toBeDefined();
});

it('a fault with a probability hits the same calls in every run', () => {
  const run = () => {
    const faults = new Faults();
    faults.replace([{ probability: 0.3 }]);
    return Array.from({ length: 200 }, () => faults.hit(send, 1n) !== undefined);
  };
  expect(run()).toEqual(run());
  expect(run().filter(Boolean).length).toBeGreaterThan(30);
  expect(run().filter(Boolean).length).toBeLessThan(90);
});

it('a bucket lets its burst through, then asks for whole seconds', () => {
  const limits = new Limits();
  limits.replace({ chat: { per_second: 0.5, burst: 2 } });
  const ask = (chat: bigint, at: number) => limits.check(1n, send, chat, at)?.seconds;
  expect([ask(-1n, 0), ask(-1n, 0), ask(-1n, 0), ask(-2n, 0)]).toEqual([undefined, undefined, 2, undefined]);
  expect([ask(-1n, 1999), ask(-1n, 2000), ask(-1n, 2000)]).toEqual([1, undefined, 2]);
});

it('a method limit goes on refusing until the wait that it announced is over', () => {
  const limits = new Limits();
  limits.replace({ methods: { 'messages.getDialogs': { count: 1, per_seconds: 10, wait_seconds: 30 } } });
  const ask = (at: number) => limits.check(1n, 'messages.getDialogs', undefined, at)?.seconds;
  expect([ask(0), ask(1), ask(20_001), ask(30_000), ask(30_001)]).toEqual([undefined, 30, 10, 1, undefined]);
  expect(limits.check(2n, 'messages.getDialogs', undefined, 1)).toBeUndefined();
});

it('a fault begins and ends at its time', () => {
  let now = 1_000_000;
  const faults = new Faults(() => now);
  faults.replace([
    { error: 'PEER_FLOOD', after_seconds: 10, for_seconds: 5 },
    { connection: 'slow', bytes_per_second: 7, for_seconds: 3 },
    { clock_skew_seconds: -90, after_seconds: 3 },
  ]);
  const look = (at: number) => {
    now = 1_000_000 + at;
    return [faults.hit(send, 1n)?.error, faults.socket()?.kind, faults.skewMs()];
  };
  expect(look(0)).toEqual([undefined, 'slow', 0]);
  expect(look(3000)).toEqual([undefined, undefined, -90_000]);
  expect(look(9999)[0]).toBeUndefined();
  expect([look(10_000)[0], look(14_999)[0], look(15_000)[0]]).toEqual([
    'PEER_FLOOD',
    'PEER_FLOOD',
    undefined,
  ]);
});

it('a clock steps at once, and comes back at once or evenly', () => {
  let now = 1_000_000;
  const faults = new Faults(() => now);
  const skewsOf = (drifts?: true) => {
    now = 1_000_000;
    faults.replace([
      { clock_skew_seconds: -60, clock_drifts_back: drifts, after_seconds: 1, for_seconds: 100 },
    ]);
    return [999, 1000, 51_000, 100_999, 101_000].map((at) => {
      now = 1_000_000 + at;
      return Math.round(faults.skewMs() / 1000) + 0;
    });
  };
  expect(skewsOf()).toEqual([0, -60, -60, -60, 0]);
  expect(skewsOf(true)).toEqual([0, -60, -30, 0, 0]);
});

it('a drain is of the connections that were open when it began', () => {
  let now = 1_000_000;
  const faults = new Faults(() => now);
  faults.replace([{ connection: 'drain', after_seconds: 5, for_seconds: 10 }]);
  const drained = (at: number, openedAt: number) => {
    now = 1_000_000 + at;
    return faults.isDrained(1_000_000 + openedAt);
  };
  expect([drained(4999, 0), drained(5000, 4999), drained(5000, 5000), drained(15_000, 0)]).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect(faults.socket()).toBeUndefined();
});
