/** What a page of another site, or somebody who speaks HTTP badly on purpose, can try on a gateway: nothing is sent. */
import { beforeAll, describe, expect, it } from 'vitest';
import { foreignHosts, foreignPages, simpleBodies } from '../../testkit/attacks/foreign-pages.ts';
import {
  crowd,
  exchange,
  malformedRequests,
  notRefused,
  statusesIn,
} from '../../testkit/attacks/raw-requests.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { shared } from '../../testkit/when-done.ts';
import { endpoints } from './endpoints.ts';

const changing = Object.keys(endpoints)
  .filter((endpoint) => !endpoint.startsWith('GET '))
  .map((endpoint) => endpoint.replace(':id', 'none').split(' ') as [string, string]);

describe.each([
  ['text', { chat_id: demoChat, text: 'forged' }],
  ['media', { chat_id: demoChat, base64: 'Zm9yZ2Vk' }],
] as const)('the %s gateway', (gateway, send) => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  let port: number;
  beforeAll(
    shared(async (whenDone) => {
      stack = await startStack(gateway, {}, whenDone);
      port = Number(new URL(stack.gateway.url).port);
    }),
  );
  const host = () => `127.0.0.1:${port}`;
  const nothingWasDone = async () => {
    expect((await stack.gateway.get('/messages')).body.messages).toEqual([]);
    expect((await stack.sandbox.report()).delivered).toEqual([]);
    expect((await stack.gateway.get('/stats')).body.queue).toMatchObject({ paused: false });
  };

  it(
    'refuses what a browser sends for a page of another site, whatever its body',
    { timeout: 120_000 },
    async () => {
      const sends = ['/send', `/send_${gateway}`].map((path) => ['POST', path] as const);
      for (const page of foreignPages(host())) {
        const asks = [...sends, ...changing].flatMap(([method, path]) =>
          simpleBodies(send).map(async ([type, body]) => {
            const headers = { ...page, ...(type && { 'content-type': type }) };
            const answer = await fetch(stack.gateway.url + path, { method, headers, body });
            const { class: name } = (await answer.json()) as { class: string };
            return [answer.status, name, answer.headers.get('access-control-allow-origin')];
          }),
        );
        for (const answer of await Promise.all(asks))
          expect(answer, JSON.stringify(page)).toEqual([403, 'forbidden', null]);
      }
      await nothingWasDone();
    },
  );

  it('refuses every Host but its own, for reading too', async () => {
    const body = JSON.stringify(send);
    const rest = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    for (const name of foreignHosts(port))
      for (const line of ['POST /send', 'GET /messages', 'GET /peers', 'GET /health', 'POST /pause']) {
        const answer = await exchange(port, `${line} HTTP/1.1\r\nHost: ${name}\r\n${rest}`);
        expect([name, line, statusesIn(answer)]).toEqual([name, line, [403]]);
      }
    await nothingWasDone();
  });

  it('refuses requests that are malformed, or hide another one, and goes on answering', async () => {
    const sound = { path: '/send', host: host(), body: JSON.stringify({ ...send, wait: 0 }) };
    expect(await notRefused(port, malformedRequests(sound))).toEqual([]);
    await nothingWasDone();
  });

  it('answers while hundreds of connections say nothing, or their heads slowly', async () => {
    await crowd(port, 300);
    await crowd(port, 100, 'POST /send HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    await crowd(
      port,
      50,
      `POST /send HTTP/1.1\r\nHost: ${host()}\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{`,
    );
    const startedAt = performance.now();
    expect((await stack.gateway.get('/health')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await nothingWasDone();
  });
});
