import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import type { LogLine } from '../logs/log-line.ts';
import { everyLine } from '../logs/log-rows.ts';
import { LogStreams, slowestMs } from './log-streams.ts';

/** Lines without end, that no reader has time for. */
let listeners: (() => void)[];
let last: number;
let gone: number;
let asked: number;
const store = {
  get lastSeq() {
    return last;
  },
  get goneThrough() {
    return gone;
  },
  onAppend: (listener: () => void) => {
    listeners.push(listener);
    return () => (listeners = listeners.filter((other) => other !== listener));
  },
  after: (seq: number, _filter: unknown, limit: number): LogLine[] => {
    asked += 1;
    const count = Math.min(limit, last - seq);
    return Array.from({ length: count }, (_, n) => ({ seq: seq + n + 1 }) as LogLine);
  },
};

let clock: ReturnType<typeof manualClock>;
let streams: LogStreams;
beforeEach(() => {
  clock = manualClock();
  streams = new LogStreams();
  listeners = [];
  last = gone = asked = 0;
});
afterEach(() => streams.endAll());

const open = (after: number | null = null) => streams.open({ store, clock, filter: everyLine, after }).body;
const nextOf = async (reader: AsyncIterator<unknown>) => (await reader.next()).value as string;

describe('a stream of lines', () => {
  it('says that it lives when nothing comes', async () => {
    const reader = open()[Symbol.asyncIterator]();
    expect(await nextOf(reader)).toBe('retry: 2000\n\n');
    const next = nextOf(reader);
    await clock.advance(15_000);
    expect(await next).toBe(':\n\n');
  });

  it('buffers nothing for a reader that is slow, and lets go of one that takes nothing', async () => {
    last = 1_000_000;
    const stream = open(0);
    await new Promise((resolve) => stream.once('readable', resolve));
    await clock.advance(slowestMs - 1);
    expect(stream.destroyed).toBe(false);
    expect(asked).toBeLessThan(20);
    await clock.advance(1);
    await turn();
    expect(stream.destroyed).toBe(true);
    expect(streams.size).toBe(0);
    expect(listeners).toEqual([]);
    expect(clock.sleepers()).toBe(0);
  });

  it('ends at once where the reader has all there is', async () => {
    const stream = open();
    stream.resume();
    await clock.advance(1);
    streams.endAll();
    await new Promise((resolve) => stream.once('end', resolve));
    expect(listeners).toEqual([]);
  });

  it('tells a reader what was dropped before it could be sent', async () => {
    last = 500;
    gone = 498;
    const reader = open(10)[Symbol.asyncIterator]();
    await nextOf(reader);
    expect(await nextOf(reader)).toBe(
      'event: gap\ndata: {"after":10,"through":498}\n\nid: 499\ndata: {"seq":499}\n\nid: 500\ndata: {"seq":500}\n\n',
    );
  });

  it('begins with the first line for a reader of a store that was lost', async () => {
    last = 1;
    const reader = open(900)[Symbol.asyncIterator]();
    await nextOf(reader);
    expect(await nextOf(reader)).toBe('id: 1\ndata: {"seq":1}\n\n');
  });
});
