/** What a page of another site, or somebody who speaks HTTP badly on purpose, can try on a sandbox: nothing is changed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { foreignHosts, foreignPages, simpleBodies } from '../../testkit/attacks/foreign-pages.ts';
import {
  crowd,
  exchange,
  malformedRequests,
  notRefused,
  statusesIn,
} from '../../testkit/attacks/raw-requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

const fault = { error: 'PEER_FLOOD' };
const changing: readonly (readonly [string, string])[] = [
  ...['/faults', '/limits', '/world', '/reset', '/incoming', '/accounts', '/schedule'].map(
    (path) => ['POST', path] as const,
  ),
  ...['/sessions/revoke', '/login-tokens/accept'].map((path) => ['POST', path] as const),
  ['PATCH', '/world'],
];

describe('the sandbox', () => {
  let sandbox: TestSandbox;
  let port: number;
  let before: unknown;
  const state = () =>
    Promise.all(['/faults', '/limits', '/world', '/accounts', '/report'].map((path) => sandbox.get(path)));
  beforeAll(
    shared(async (whenDone) => {
      sandbox = await startSandbox({}, whenDone);
      port = sandbox.httpPort;
      before = await state();
    }),
  );
  const host = () => `127.0.0.1:${port}`;

  it(
    'refuses what a browser sends for a page of another site, whatever its body',
    { timeout: 120_000 },
    async () => {
      for (const page of foreignPages(host())) {
        const asks = changing.flatMap(([method, path]) =>
          simpleBodies(fault).map(async ([type, body]) => {
            const headers = { ...page, ...(type && { 'content-type': type }) };
            const answer = await fetch(`http://${host()}${path}`, { method, headers, body });
            await answer.text();
            return [path, answer.status, answer.headers.get('access-control-allow-origin')];
          }),
        );
        for (const answer of await Promise.all(asks))
          expect(answer, JSON.stringify(page)).toEqual([answer[0], 403, null]);
      }
      expect(await state()).toEqual(before);
    },
  );

  it('refuses every Host but its own, for reading too', async () => {
    const body = JSON.stringify([fault]);
    const rest = `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    for (const name of foreignHosts(port))
      for (const line of ['GET /', 'GET /report', 'GET /accounts', 'GET /api/chats', 'POST /faults']) {
        const answer = await exchange(port, `${line} HTTP/1.1\r\nHost: ${name}\r\n${rest}`);
        expect([name, line, statusesIn(answer)]).toEqual([name, line, [403]]);
      }
    expect(await state()).toEqual(before);
  });

  it('refuses requests that are malformed, or hide another one, and goes on answering', async () => {
    const sound = { path: '/faults', host: host(), body: JSON.stringify([fault]) };
    expect(await notRefused(port, malformedRequests(sound))).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it('answers while hundreds of connections say nothing, or their heads slowly', async () => {
    await crowd(port, 300);
    await crowd(port, 100, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    const startedAt = performance.now();
    expect(await state()).toEqual(before);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
