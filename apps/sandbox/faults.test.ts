import { expect, it } from 'vitest';
import { Faults } from './faults.ts';
import { Limits } from './limits.ts';

const SEND = 'messages.sendMessage';

it('a fault hits its method and peer, as often as it may', () => {
  const faults = new Faults();
  faults.replace([{ method: SEND, peer: -5n, error: 'PEER_FLOOD', times: 1 }, { method: 'help.getConfig' }]);
  expect(faults.hit(SEND, -6n)).toBeUndefined();
  expect(faults.hit('messages.sendMedia', -5n)).toBeUndefined();
  expect(faults.hit(SEND, -5n)?.error).toBe('PEER_FLOOD');
  expect(faults.hit(SEND, -5n)).toBeUndefined();
  expect(faults.hit('help.getConfig', undefined)).toBeDefined();
});

it('a fault with a probability hits the same calls in every run', () => {
  const run = () => {
    const faults = new Faults();
    faults.replace([{ probability: 0.3 }]);
    return Array.from({ length: 200 }, () => faults.hit(SEND, 1n) !== undefined);
  };
  expect(run()).toEqual(run());
  expect(run().filter(Boolean).length).toBeGreaterThan(30);
  expect(run().filter(Boolean).length).toBeLessThan(90);
});

it('a bucket lets its burst through, then asks for whole seconds', () => {
  const limits = new Limits();
  limits.replace({ chat: { per_second: 0.5, burst: 2 } });
  const ask = (chat: bigint, at: number) => limits.check(1n, SEND, chat, at)?.seconds;
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
