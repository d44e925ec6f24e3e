import { describe, expect, it } from 'vitest';
import type { Child, Exit } from './child.ts';
import { backoffMs, KeptService } from './service.ts';

/** A service whose processes end when the test says so, on a clock that the test moves. */
function createHarness() {
  const children: { end(exit: Partial<Exit>): void }[] = [];
  const waits: number[] = [];
  let now = 0;
  let up = true;
  const service = new KeptService('text', {
    clock: {
      now: () => now,
      sleep: (ms, signal) => {
        waits.push(ms);
        return signal?.aborted ? Promise.reject(new Error('stopped')) : Promise.resolve();
      },
    },
    startChild: () => {
      const exited = Promise.withResolvers<Exit>();
      const end = (exit: Partial<Exit>) => exited.resolve({ code: 1, signal: null, message: '', ...exit });
      children.push({ end });
      const stop = async () => {
        end({ code: 0 });
        await exited.promise;
      };
      return { pid: children.length, exited: exited.promise, stop } satisfies Child;
    },
    waitUntilUp: () => (up ? Promise.resolve() : new Promise(() => {})),
    onDeath: () => {},
  });
  const die = async (afterMs: number) => {
    const count = children.length;
    now += afterMs;
    children.at(-1)!.end({});
    while (children.length === count) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { service, children, waits, die, stayDown: () => (up = false) };
}

describe('a service kept running', () => {
  it('waits half a second after the first death, twice as long after each more, at most 30 s', () => {
    expect([1, 2, 3, 6, 7, 50].map(backoffMs)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
  });

  it('is running once it answers', async () => {
    const { service } = createHarness();
    expect(await service.start()).toEqual({ up: true });
    expect(service.status).toMatchObject({ state: 'running', pid: 1, restarts: 0 });
    await service.stop();
    expect(service.status).toMatchObject({ state: 'stopped', pid: null, started_at: null });
  });

  it('starts anew with the shortest wait after it ran for a minute', async () => {
    const { service, waits, die } = createHarness();
    await service.start();
    await die(10);
    await die(10);
    await die(60_000);
    expect(waits).toEqual([500, 1_000, 500]);
    expect(service.status.restarts).toBe(3);
    await service.stop();
  });

  it('counts as failed after five deaths in a row, though it goes on being tried', async () => {
    const { service, die, stayDown } = createHarness();
    await service.start();
    stayDown();
    for (let deaths = 1; deaths <= 4; deaths += 1) await die(10);
    expect(service.status.state).toBe('restarting');
    await die(10);
    expect(service.status).toMatchObject({ state: 'failed', restarts: 5, pid: 6 });
    await service.stop();
    expect(service.status.state).toBe('stopped');
  });

  it('answers a start with the exit of a process that never was up', async () => {
    const { service, children, stayDown } = createHarness();
    stayDown();
    const started = service.start();
    await Promise.resolve();
    children[0]!.end({ code: 1, message: 'port 5022 is in use' });
    expect(await started).toMatchObject({ up: false, exit: { code: 1, message: 'port 5022 is in use' } });
    await service.stop();
  });

  it('joins a start under way instead of starting a second process', async () => {
    const { service, children } = createHarness();
    await Promise.all([service.start(), service.start()]);
    expect(children).toHaveLength(1);
    await service.stop();
  });
});
