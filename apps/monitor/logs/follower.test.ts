/** Following a source that breaks, ends, repeats itself and loses lines, into a real store. */
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createLogger } from '../../kit/log.ts';
import { manualClock, settle } from '../../kit/testing/manual-clock.ts';
import type { FollowedLine, FollowedLines, LineSource } from '../supervisors/supervisor.ts';
import { Follower, pauseMs } from './follower.ts';
import { quietMs } from './intake.ts';
import { everyLine } from './log-rows.ts';
import { LogStore } from './log-store.ts';

const log = createLogger('monitor', 'silent');
const startMs = Date.parse('2026-02-20T10:00:00Z');

let dir: string;
let store: LogStore;
let clock: ReturnType<typeof manualClock>;
let followers: Follower[];
beforeEach(() => {
  dir = temporaryFolder();
  store = LogStore.open(join(dir, 'logs.sqlite'));
  clock = manualClock(startMs);
  followers = [];
});
afterEach(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  store.close();
});

const line = (n: number, text = `ERROR: number ${n}`, service = 'send-text'): FollowedLine => {
  return { service, at: startMs + n, text, level: 'INFO', cursor: String(n) };
};

/** What one attempt gives: lines behind its cursor, and how it ends. */
type Attempt = { lines?: FollowedLine[]; lost?: number; end?: 'break' | 'end' | 'stay' };

/** A source that plays its attempts in turn, and then stays silent. */
class PlayedSource implements LineSource {
  readonly name = 'played';
  readonly services = ['send-text'];
  readonly asked: (string | undefined)[] = [];
  readonly #attempts: Attempt[];

  constructor(...attempts: Attempt[]) {
    this.#attempts = attempts;
  }

  async *follow(
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<FollowedLines, void, undefined> {
    this.asked.push(after);
    const { lines = [], lost, end = 'stay' } = this.#attempts.shift() ?? {};
    if (end === 'break' && lines.length === 0) throw new Error('nobody there');
    yield { lines: lines.filter(({ cursor }) => Number(cursor) > Number(after ?? 0)), ...(lost && { lost }) };
    if (end === 'break') throw new Error('cut');
    if (end === 'stay' && !signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
  }
}

function follow(source: LineSource): Follower {
  const follower = new Follower({ source, store, clock, log });
  followers.push(follower);
  follower.start();
  return follower;
}
const messages = () => store.newest(everyLine, 100, null).map(({ message }) => message);

describe('a source', () => {
  it('that breaks is taken up behind the last line, without gaps or repeats', async () => {
    const all = [1, 2, 3, 4, 5].map((n) => line(n));
    const source = new PlayedSource(
      { lines: all.slice(0, 2), end: 'break' },
      { end: 'break' },
      { lines: all.slice(0, 4), end: 'end' },
      { lines: all },
    );
    const follower = follow(source);
    await clock.advance(20_000);
    expect(messages()).toEqual([1, 2, 3, 4, 5].map((n) => `number ${n}`));
    expect(source.asked).toEqual([undefined, '2', '2', '4']);
    expect(follower.status).toMatchObject({ source: 'played', following: true, reason: null });
  });

  it('that is not there is asked again with pauses that grow, and says why', async () => {
    const gone: Attempt = { end: 'break' };
    const source = new PlayedSource(gone, gone, gone, gone);
    const follower = follow(source);
    await settle();
    expect(follower.status).toMatchObject({ following: false, reason: 'nobody there' });
    const waits = [1, 2, 3, 4].map(pauseMs);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
    expect(pauseMs(100)).toBe(30_000);
    for (const [index, waitMs] of waits.entries()) {
      await clock.advance(waitMs - 1);
      expect(source.asked).toHaveLength(index + 1);
      await clock.advance(1);
      expect(source.asked).toHaveLength(index + 2);
    }
    expect(follower.status.following).toBe(true);
  });

  it('that ends, as that of a stopped container does, is asked again soon each time', async () => {
    const source = new PlayedSource({ end: 'end' }, { end: 'end' }, { end: 'end' });
    follow(source);
    const waits = [1, 2, 3, 9].map((ends) => pauseMs(0, ends));
    expect(waits).toEqual([250, 500, 1_000, 1_000]);
    await clock.advance(250 + 500 + 999);
    expect(source.asked).toHaveLength(3);
    await clock.advance(1);
    expect(source.asked).toHaveLength(4);
  });

  it('that lost lines before they were read says how many', async () => {
    const follower = follow(new PlayedSource({ lines: [line(1)], lost: 70 }));
    await settle();
    expect(follower.status.lost).toBe(70);
  });
});

describe('lines', () => {
  it('that belong together are one, also when they come in pieces', async () => {
    const frames = [
      'ERROR: send failed',
      'Traceback (most recent call last):',
      '  File "a.py"',
      'KeyError: 7',
    ];
    const lines = frames.map((text, n) => line(n + 1, text));
    follow(new PlayedSource({ lines: lines.slice(0, 2), end: 'end' }, { lines }));
    await clock.advance(quietMs);
    expect(messages()).toEqual([]);
    await clock.advance(quietMs);
    expect(messages()).toEqual(['send failed: KeyError: 7']);
  });

  it('that could be gone on with are taken as whole when nothing comes for a while', async () => {
    follow(new PlayedSource({ lines: [line(1)] }));
    await clock.advance(quietMs - 1);
    expect(messages()).toEqual([]);
    await clock.advance(1);
    expect(messages()).toEqual(['number 1']);
  });

  it('are read again after a crash from before what was only begun, and stored once', async () => {
    const json = (n: number) => line(n, JSON.stringify({ level: 'error', msg: `number ${n}` }), 'send-media');
    const source = new PlayedSource({ lines: [json(1), line(2), json(3)] });
    follow(source);
    await settle();
    expect(messages()).toEqual(['number 1', 'number 3']);
    expect(store.cursorOf('played')).toBe('1');
    // A monitor that was killed: another one begins on the same file.
    const after = new PlayedSource({ lines: [json(1), line(2), json(3), json(4)] });
    follow(after);
    await clock.advance(quietMs);
    expect(after.asked).toEqual(['1']);
    expect(messages()).toEqual([1, 2, 3, 4].map((n) => `number ${n}`));
  });

  it('that do not matter are passed over, but not read again after a restart', async () => {
    const source = new PlayedSource({
      lines: [line(1, '{"level":"info","msg":"sent"}'), line(2, 'INFO: fine')],
    });
    await follow(source).stop();
    followers = [];
    expect(messages()).toEqual([]);
    expect(store.cursorOf('played')).toBe('2');
  });

  it('that cannot be stored are read again', async () => {
    const source = new PlayedSource({ lines: [line(1), line(2)] }, { lines: [line(1), line(2)] });
    const append = store.append.bind(store);
    store.append = () => {
      store.append = append;
      throw new Error('database or disk is full');
    };
    const follower = follow(source);
    await settle();
    expect(follower.status.reason).toBe('what was read cannot be stored: database or disk is full');
    await clock.advance(pauseMs(1) + quietMs);
    await turn();
    expect(source.asked).toEqual([undefined, undefined]);
    expect(messages()).toEqual(['number 1', 'number 2']);
  });
});
