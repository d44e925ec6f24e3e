import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStreams, eventText, slowestMs } from './event-stream.ts';
import { manualClock } from './testing/manual-clock.ts';

let clock: ReturnType<typeof manualClock>;
let streams: EventStreams;
let listeners: (() => void)[];
/** How many events are still to be sent, and how often somebody asked for one. */
let left: number;
let asked: number;
const feed = {
  listen: (wake: () => void) => {
    listeners.push(wake);
    return () => void (listeners = listeners.filter((other) => other !== wake));
  },
  next: () => {
    asked += 1;
    if (left === 0) return '';
    left -= 1;
    return eventText('x'.repeat(1_000), { id: asked });
  },
};

beforeEach(() => {
  clock = manualClock();
  streams = new EventStreams({ clock, tooMany: 'pages look already' });
  listeners = [];
  left = asked = 0;
});
afterEach(() => streams.endAll());

const open = () => streams.open(feed).body;
const nextOf = async (reader: AsyncIterator<unknown>) => (await reader.next()).value as string;

describe('a stream of events', () => {
  it('sends what there is at once, and what comes when it comes', async () => {
    left = 1;
    const reader = open()[Symbol.asyncIterator]();
    expect(await nextOf(reader)).toBe('retry: 2000\n\n');
    expect(await nextOf(reader)).toMatch(/^id: 1\ndata: x+\n\n$/);
    const next = nextOf(reader);
    await turn();
    left = 1;
    for (const wake of listeners) wake();
    expect(await next).toMatch(/^id: \d\ndata: x+\n\n$/);
  });

  it('shows that it lives when nothing comes', async () => {
    const reader = open()[Symbol.asyncIterator]();
    await nextOf(reader);
    const next = nextOf(reader);
    await clock.advance(15_000);
    expect(await next).toBe(':\n\n');
  });

  it('buffers nothing for a slow reader, and lets go of one that takes nothing', async () => {
    left = 1_000_000;
    const stream = open();
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

  it('ends at once where the reader has taken everything', async () => {
    const stream = open();
    stream.resume();
    await clock.advance(1);
    streams.endAll();
    await new Promise((resolve) => stream.once('end', resolve));
    expect(listeners).toEqual([]);
  });
});

describe('streams of one kind', () => {
  it('are 32 at most, and the next may come when one has gone', () => {
    const all = Array.from({ length: 32 }, () => streams.open(feed));
    expect(() => streams.open(feed)).toThrow('32 pages look already');
    all[0]!.end();
    streams.open(feed);
  });
});

describe('an event', () => {
  it('has a name and an id where it is given them', () => {
    expect(eventText('{}')).toBe('data: {}\n\n');
    expect(eventText('{}', { event: 'gap', id: 7 })).toBe('id: 7\nevent: gap\ndata: {}\n\n');
  });
});
