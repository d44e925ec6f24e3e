/** The stream through the monitor's real router. */
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { EventStreams, slowestMs } from '../../kit/event-stream.ts';
import { manualClock, settle } from '../../kit/testing/manual-clock.ts';
import { version } from '../../kit/version.ts';
import type { ServiceView } from '../health/service-view.ts';
import type { Listener, Watcher } from '../health/watcher.ts';
import type { ClearFloodWait } from '../procedures/clear-flood-wait.ts';
import { basic, getFrom, postTo } from '../testing/ask.ts';
import { readEvents, type ServerSentEvent } from '../testing/events.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';
import { routeStream } from './stream.ts';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand()));
afterEach(() => stand.close());

describe('GET /api/stream', () => {
  it('sends the services at once and after each action, and ends when the monitor stops', async () => {
    const answer = await getFrom(stand.url, '/api/stream');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events = readEvents(answer.body!);
    const first = await nextState(events);
    expect(first.services.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(first).toMatchObject({ inbox_url: 'http://127.0.0.1:4431', version });
    await postTo(stand.url, '/api/services/send-media/stop', { confirm: 'stop' });
    const second = await nextState(events);
    expect(second.services[1]).toMatchObject({ state: 'stopped' });
    expect([first.acted_at, second.acted_at]).toEqual([null, expect.any(String)]);
    await stand.stopMonitor();
    while (!(await events.next()).done);
  });

  it('is told once by GET /api/state, too, for the page to begin with', async () => {
    const state = (await (await getFrom(stand.url, '/api/state')).json()) as StreamEvent;
    const stream = await getFrom(stand.url, '/api/stream');
    const events = readEvents(stream.body!);
    const first = await nextState(events);
    await events.return(undefined);
    expect(Object.keys(state)).toEqual(Object.keys(first));
    expect(state.services.map(({ name, state: is }) => [name, is])).toEqual([
      ['send-text', 'running'],
      ['send-media', 'running'],
    ]);
  });

  it('asks the gateways only while somebody looks', async () => {
    const abort = new AbortController();
    const answer = await fetch(`${stand.url}/api/stream`, {
      headers: { authorization: basic() },
      signal: abort.signal,
    });
    await readEvents(answer.body!).next();
    abort.abort();
    stand.text.authorizations.clear();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(stand.text.authorizations.size).toBe(0);
  });
});

describe('pages that look', () => {
  it('are let go where they read nothing for half a minute, and nothing is kept for them meanwhile', async () => {
    const clock = manualClock();
    let tell: Listener = () => {};
    const stopped = Promise.withResolvers<void>();
    const watcher = {
      listen: (listener: Listener) => {
        tell = listener;
        return stopped.resolve;
      },
    } as unknown as Watcher;
    let sent = 0;
    const procedure = {
      status: () => {
        sent += 1;
        return 'x'.repeat(1_000_000);
      },
    } as unknown as ClearFloodWait;
    const router = new Router();
    const page = { inbox_url: '', version: '' };
    const audit = { latest: () => [] };
    const streams = new EventStreams({ clock, tooMany: '' });
    routeStream(router, { watcher, procedure, audit, streams, page, now: clock.now });
    const app = new Koa();
    app.silent = true; // That the page went away is no news here.
    const server = app.use(router.routes()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void (socket.destroy(), server.close()));
    socket.write('GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable'); // It began, and is read no further.
    let before = -1;
    while (sent > before && sent < 20) {
      before = sent;
      tell([]);
      await settle();
    }
    expect(sent).toBeLessThan(20);
    await clock.advance(slowestMs - 1);
    tell([]);
    expect(sent).toBe(before);
    expect(socket.closed).toBe(false);
    await clock.advance(1);
    await stopped.promise;
  });
});

interface StreamEvent {
  readonly services: ServiceView[];
  readonly acted_at: string | null;
}

async function nextState(events: AsyncIterator<ServerSentEvent>): Promise<StreamEvent> {
  return JSON.parse(((await events.next()).value as ServerSentEvent).data) as StreamEvent;
}
