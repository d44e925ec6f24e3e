import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createLogger } from './log.ts';
import { Release } from './release.ts';

function capture() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: createLogger('test', 'info', stream) };
}

describe('Release', () => {
  it('closes in reverse, once, and goes on after one that fails', async () => {
    const { lines, log } = capture();
    const closed: string[] = [];
    const release = new Release();
    release.push('first', () => closed.push('first'));
    release.push('second', () => Promise.reject(new Error('broken')));
    release.push('third', () => closed.push('third'));
    await Promise.all([release.run(log), release.run(log)]);
    expect(closed).toEqual(['third', 'first']);
    expect(lines.join('')).toContain('"closing":"second"');
  });

  it('goes on without a closer that outlives the deadline', async () => {
    const { lines, log } = capture();
    const release = new Release();
    let isClosed = false;
    release.push('first', () => (isClosed = true));
    release.push('stuck', () => new Promise(() => {}));
    await release.run(log, 10);
    expect(isClosed).toBe(true);
    expect(lines.join('')).toContain('"closing":"stuck"');
  });
});

describe('systemClock', () => {
  it('ends a sleep at once when it is aborted, before or meanwhile', async () => {
    const reason = new Error('enough');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('does not return at once from a sleep longer than the longest timer', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(2 ** 40, controller.signal).then(() => 'slept');
    sleeping.catch(() => {});
    expect(await Promise.race([sleeping, systemClock.sleep(5).then(() => 'still asleep')])).toBe(
      'still asleep',
    );
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });
});
