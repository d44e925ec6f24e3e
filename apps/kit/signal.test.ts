import { describe, expect, it } from 'vitest';
import { manualClock, settle } from './testing/manual-clock.ts';
import { Signal } from './signal.ts';

describe('Waker', () => {
  it('sleeps for its time', async () => {
    const clock = manualClock();
    let isAwake = false;
    void new Signal(clock).sleep(1_000).then(() => (isAwake = true));
    await clock.advance(999);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    expect(isAwake).toBe(true);
  });

  it('is woken from its sleep, and leaves no sleeper behind', async () => {
    const clock = manualClock();
    const signal = new Signal(clock);
    const sleeping = signal.sleep(1_000);
    signal.wake();
    await sleeping;
    expect(clock.sleepers()).toBe(0);
  });

  it('does not sleep over a wake that came before, but only once', async () => {
    const clock = manualClock();
    const signal = new Signal(clock);
    signal.wake();
    await signal.sleep(1_000);
    let isAwake = false;
    void signal.sleep(1_000).then(() => (isAwake = true));
    await settle();
    expect(isAwake).toBe(false);
    await clock.advance(1_000);
    expect(isAwake).toBe(true);
  });
});
