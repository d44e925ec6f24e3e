import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../kit/testing/manual-clock.ts';
import { GateClosed } from '../pacing/gates.ts';
import { OutcomeUnknown, TelegramError, Unreached } from '../model/telegram-error.ts';
import { createPatience } from './flood-retry.ts';

const longestMs = 300_000;

function setUp() {
  const clock = manualClock();
  const over = new AbortController();
  const patiently = createPatience({ clock, signal: over.signal, longestMs });
  const calls: number[] = [];
  /** Fails with `failures`, one after another, then succeeds. */
  const call = (...failures: (() => Error)[]) =>
    patiently(() => {
      calls.push(clock.now());
      const failure = failures.shift();
      return failure ? Promise.reject(failure()) : Promise.resolve('done');
    });
  return { clock, over, call, calls };
}

const wait = (seconds: number) => () => new TelegramError(420, `FLOOD_WAIT_${seconds}`);

describe('a patient call', () => {
  it('is made again when the wait is over, and not before', async () => {
    const { clock, call, calls } = setUp();
    const startedAt = clock.now();
    const gate = { scope: 'method:upload.saveFilePart', until: startedAt + 9_000, reason: 'FLOOD_WAIT_4' };
    const done = call(wait(5), () => new GateClosed(gate));
    await clock.advance(20_000);
    expect(await done).toBe('done');
    expect(calls.map((at) => at - startedAt)).toEqual([0, 5_000, 9_000]);
  });

  it('gives up a wait that ends too long after the last success', async () => {
    const { clock, call, calls } = setUp();
    await expect(call(wait(301))).rejects.toThrow('FLOOD_WAIT_301');
    const endless = call(...Array.from({ length: 100 }, () => wait(60)));
    const given = expect(endless).rejects.toThrow('FLOOD_WAIT_60');
    await clock.advance(3_600_000);
    await given;
    expect(calls).toHaveLength(1 + 6);
  });

  it('has its time anew after every success', async () => {
    const { clock, call } = setUp();
    for (let part = 0; part < 5; part++) {
      const done = call(wait(200));
      await clock.advance(200_000);
      expect(await done).toBe('done');
    }
  });

  it('ends at once when it is aborted, as not sent', async () => {
    const { clock, over, call } = setUp();
    const given = expect(call(wait(60))).rejects.toBeInstanceOf(Unreached);
    await settle();
    over.abort();
    await given;
    expect(clock.sleepers()).toBe(0);
  });

  it('is made again after growing pauses where the server failed or was not reached', async () => {
    const { clock, call, calls } = setUp();
    const startedAt = clock.now();
    const done = call(
      () => new TelegramError(500, 'RPC_CALL_FAIL'),
      () => new TelegramError(-503, 'Timeout'),
      () => new Unreached('no connection'),
      () => new OutcomeUnknown('lost'),
    );
    await clock.advance(10_000);
    expect(await done).toBe('done');
    expect(calls.map((at) => at - startedAt)).toEqual([0, 250, 750, 1_750, 3_750]);
  });

  it('gives up a server that fails for too long without a success', async () => {
    const { clock, call, calls } = setUp();
    const endless = call(...Array.from({ length: 100 }, () => () => new Unreached('no connection')));
    const given = expect(endless).rejects.toThrow('no connection');
    await clock.advance(longestMs + 16_000);
    await given;
    expect(calls.at(-1)! - calls[0]!).toBeLessThanOrEqual(longestMs);
  });

  it('throws any other failure at once', async () => {
    const { call, calls } = setUp();
    await expect(call(() => new TelegramError(400, 'FILE_PARTS_INVALID'))).rejects.toThrow(
      'FILE_PARTS_INVALID',
    );
    expect(calls).toHaveLength(1);
  });
});
