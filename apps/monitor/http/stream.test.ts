/** The stream through the monitor's real router. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceView } from '../health/service-view.ts';
import { basic, getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand()));
afterEach(() => stand.close());

describe('GET /api/stream', () => {
  it('sends the services at once and after each action, and ends when the monitor stops', async () => {
    const answer = await getFrom(stand.url, '/api/stream');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events = readEvents(answer.body!);
    const first = (await events.next()).value!;
    expect(first.services.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(first).toMatchObject({ inbox_url: 'http://127.0.0.1:4431', version: '0.1.0' });
    await postTo(stand.url, '/api/services/send-media/stop', { confirm: 'stop' });
    const second = (await events.next()).value!;
    expect(second.services[1]).toMatchObject({ state: 'stopped' });
    await stand.stopMonitor();
    while (!(await events.next()).done);
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

interface StreamEvent {
  readonly services: ServiceView[];
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data) as StreamEvent;
    }
  }
}
