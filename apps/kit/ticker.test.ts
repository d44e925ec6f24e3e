import { describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { manualClock, settle } from './testing/manual-clock.ts';
import { Ticker } from './ticker.ts';

function createHarness() {
  const clock = manualClock();
  const ticker = new Ticker(clock, createLogger('test', 'silent'));
  const startedAt = clock.uptime();
  const runs: string[] = [];
  const note = (name: string) => runs.push(`${name} ${clock.uptime() - startedAt}`);
  return { clock, ticker, runs, note };
}

describe('a ticker', () => {
  it('runs each job at once and then after the pause that it answered with, with one timer', async () => {
    const { clock, ticker, runs, note } = createHarness();
    ticker.add('a', () => (note('a'), 200), 0);
    ticker.add('b', () => (note('b'), 500), 0);
    await settle();
    expect(clock.sleepers()).toBe(1);
    await clock.advance(600);
    expect(runs).toEqual(['a 0', 'b 0', 'a 200', 'a 400', 'b 500', 'a 600']);
    expect(clock.sleepers()).toBe(1);
  });

  it('runs a job that is woken at once, and again where it is running', async () => {
    const { clock, ticker, runs, note } = createHarness();
    const ends: (() => void)[] = [];
    const job = ticker.add(
      'a',
      () => (note('a'), new Promise((resolve) => ends.push(() => resolve(1_000)))),
      0,
    );
    job.wake();
    job.wake();
    await settle();
    expect(runs).toHaveLength(1);
    ends[0]!();
    await settle();
    expect(runs).toHaveLength(2);
    ends[1]!();
    await clock.advance(300);
    expect(runs).toHaveLength(2);
    job.wake();
    await settle();
    expect(runs).toEqual(['a 0', 'a 0', 'a 300']);
  });

  it('goes on after a run that failed', async () => {
    const { clock, ticker, runs, note } = createHarness();
    ticker.add('a', () => (note('a'), Promise.reject(new Error('no'))), 70);
    await clock.advance(150);
    expect(runs).toEqual(['a 0', 'a 70', 'a 140']);
  });

  it('runs a stopped job no more, and waits for what it was doing', async () => {
    const { clock, ticker, runs, note } = createHarness();
    const { promise, resolve } = Promise.withResolvers<number>();
    const job = ticker.add('a', () => (note('a'), promise), 0);
    let hasStopped = false;
    const stopping = job.stop().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    resolve(10);
    await stopping;
    await clock.advance(1_000);
    expect(runs).toEqual(['a 0']);
    expect(clock.sleepers()).toBe(0);
  });
});
