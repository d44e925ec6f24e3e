/** The lines over HTTP, from a launcher that stands in to the stream that a page reads. */
import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceStatus } from '../logs/follower.ts';
import type { LogLine } from '../logs/log-line.ts';
import { everyLine } from '../logs/log-rows.ts';
import { basic, getFrom } from '../testing/ask.ts';
import { readEvents, type ServerSentEvent } from '../testing/events.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';
import { lineFeed } from './logs.ts';

let stand: MonitorStand;
let stop: AbortController;
beforeEach(async () => {
  stand = await startStand();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await stand.close();
});

const script = '<script>alert("one")</script>';
const failed = (n: number) =>
  JSON.stringify({
    level: 'error',
    id: `m-${n}`,
    chat: '-7',
    class: 'banned',
    requestId: `r-${n}`,
    msg: `${n} ${script}`,
  });
const get = (path: string) => getFrom(stand.url, path);
const lines = async (query = '') => (await (await get(`/api/logs${query}`)).json()) as LogLine[];

/** The events of a stream, which ends with the test. */
async function follow(query = '', headers: Record<string, string> = {}) {
  const answer = await fetch(`${stand.url}/api/logs/stream${query}`, {
    headers: { authorization: basic(), ...headers },
    signal: stop.signal,
  });
  return { answer, events: readEvents(answer.body!) };
}
async function take(events: AsyncIterator<ServerSentEvent>, count: number): Promise<ServerSentEvent[]> {
  const taken: ServerSentEvent[] = [];
  while (taken.length < count) taken.push((await events.next()).value as ServerSentEvent);
  return taken;
}
/** Has lines written, and waits until they have come through. */
async function written(count: number, service = 'send-text'): Promise<void> {
  const { events } = await follow();
  for (let n = 1; n <= count; n += 1) stand.launcher.write(service, failed(n));
  await take(events, count);
}

describe('GET /api/logs', () => {
  it('has lines of WARNING and above and what matches a class, oldest first, as text', async () => {
    const { events } = await follow();
    stand.launcher.write('send-text', '{"level":"info","msg":"accepted"}');
    stand.launcher.write('send-text', failed(1));
    stand.launcher.write('send-media', 'INFO: Sleeping for 26s (0:00:26) on GetDialogs flood wait');
    stand.launcher.write('sandbox', failed(2));
    await take(events, 2);
    const all = await lines();
    expect(all).toEqual([
      {
        seq: 1,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        service: 'send-text',
        level: 'ERROR',
        class: 'banned',
        group: 'other',
        message: `1 ${script}`,
        id: 'm-1',
        chat: '-7',
        request_id: 'r-1',
      },
      expect.objectContaining({ service: 'send-media', level: 'INFO', class: 'flood_wait', id: null }),
    ]);
    expect(await lines('?class=flood_wait')).toEqual([all[1]]);
    expect(await lines('?service=send-text,send-media&class=other&level=error&text=SCRIPT')).toEqual([
      all[0],
    ]);
    expect(await lines(`?since=${all[0]!.at}&text=nothing`)).toEqual([]);
    expect(await lines('?since=2999-01-01')).toEqual([]);
  });

  it('has one line in full, and says that another is not there', async () => {
    await written(1);
    const whole = (await (await get('/api/logs/1')).json()) as { raw: string };
    expect(JSON.parse(whole.raw)).toMatchObject({ id: 'm-1', requestId: 'r-1' });
    expect((await get('/api/logs/2')).status).toBe(404);
  });

  it('is paged back', async () => {
    await written(5);
    const ids = (page: LogLine[]) => page.map(({ id }) => id);
    const last = await lines('?limit=2');
    expect(ids(last)).toEqual(['m-4', 'm-5']);
    expect(ids(await lines(`?limit=2&before=${last[0]!.seq}`))).toEqual(['m-2', 'm-3']);
  });

  it.each([
    ['service=mail', 'service takes one or more of send-text, send-media, not "mail"'],
    ['class=odd', 'class takes one or more of persistent_timestamp'],
    ['level=loud', 'level takes one or more of ERROR, WARNING, INFO'],
    ['since=yesterday', 'since takes a time such as'],
    ['limit=0', 'limit takes a number from 1 to 5000'],
    ['before=x', 'before takes the seq of a line'],
    ['limit=1&limit=2', 'limit may be given once'],
    [`text=${'x'.repeat(201)}`, 'text takes a part of a line'],
    ['colour=red', 'colour is not known here'],
  ])('refuses %s, naming what is wrong', async (query, words) => {
    const answer = await get(`/api/logs?${query}`);
    expect(answer.status).toBe(422);
    expect(((await answer.json()) as { detail: string }).detail).toContain(words);
  });

  it('tells what is followed, and why something is not', async () => {
    await written(1);
    const sources = async () => (await (await get('/api/logs/sources')).json()) as SourceStatus[];
    expect(await sources()).toMatchObject([
      { source: 'launcher', services: ['send-text', 'send-media'], following: true, reason: null, lost: 0 },
    ]);
    await stand.launcher.close();
    let [source] = await sources();
    while (source!.following) [source] = await sources();
    expect(source!.reason).toContain('npm start does not answer');
  });

  it('is for those who signed in', async () => {
    for (const path of ['/api/logs', '/api/logs/1', '/api/logs/sources', '/api/logs/stream']) {
      expect((await getFrom(stand.url, path, {})).status).toBe(401);
    }
  });
});

describe('GET /api/logs/stream', () => {
  it('sends lines as they are written, those that match', async () => {
    const { answer, events } = await follow('?class=banned&service=send-media');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    stand.launcher.write('send-text', failed(1));
    stand.launcher.write('send-media', failed(2));
    const [event] = await take(events, 1);
    expect(event!.id).toBe('2');
    expect(JSON.parse(event!.data)).toMatchObject({ seq: 2, message: `2 ${script}` });
  });

  it('goes on behind the last line a page has, also after a restart of the monitor', async () => {
    await written(3);
    await stand.stopMonitor();
    stand.launcher.write('send-text', failed(4));
    await stand.startMonitor();
    const { events } = await follow('', { 'last-event-id': '2' });
    expect((await take(events, 2)).map(({ id }) => id)).toEqual(['3', '4']);
    const others = await follow('?after=3');
    expect((await take(others.events, 1))[0]!.id).toBe('4');
  });

  it('ends when the monitor stops', async () => {
    const { events } = await follow();
    await stand.stopMonitor();
    expect((await events.next().catch(() => ({ done: true }))).done).toBe(true);
  });

  it('is open to so many pages at once, and again when one leaves', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, () => openRaw()));
    const refused = await openRaw();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '30']);
    streams.pop()!.destroy();
    let status = 429;
    while (status === 429) {
      const again = await openRaw();
      status = again.statusCode!;
      streams.push(again);
    }
    expect(status).toBe(200);
    for (const stream of streams) stream.destroy();
  });
});

/** A stream on a connection of its own: fetch would wait for one of a pool. */
function openRaw(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(`${stand.url}/api/logs/stream`, {
      agent: false,
      headers: { authorization: basic() },
    });
    asked.once('response', (response) => {
      response.on('error', () => {});
      resolve(response);
    });
    asked.once('error', reject).end();
  });
}

describe('a feed of lines', () => {
  const feed = (store: { lastSeq: number; goneThrough: number }, from: number) =>
    lineFeed(
      {
        ...store,
        onAppend: () => () => {},
        after: (seq, _filter, limit) =>
          Array.from(
            { length: Math.min(limit, store.lastSeq - seq) },
            (_, n) => ({ seq: seq + n + 1 }) as LogLine,
          ),
      },
      everyLine,
      from,
    );

  it('tells a reader what was dropped before it could be sent', () => {
    expect(feed({ lastSeq: 500, goneThrough: 498 }, 10).next()).toBe(
      'event: gap\ndata: {"after":10,"through":498}\n\nid: 499\ndata: {"seq":499}\n\nid: 500\ndata: {"seq":500}\n\n',
    );
  });

  it('begins with the first line for a reader of a store that was lost', () => {
    expect(feed({ lastSeq: 1, goneThrough: 0 }, 900).next()).toBe('id: 1\ndata: {"seq":1}\n\n');
  });

  it('gives many lines in parts', () => {
    const many = feed({ lastSeq: 450, goneThrough: 0 }, 0);
    const counts = Array.from({ length: 4 }, () => many.next().split('\n\n').length - 1);
    expect(counts).toEqual([200, 200, 50, 0]);
  });
});
