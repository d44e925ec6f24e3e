/** What a page of another site, or somebody who speaks HTTP badly on purpose, can try on a monitor: nothing is done. */
import { beforeAll, describe, expect, it } from 'vitest';
import { foreignHosts, foreignPages, simpleBodies } from '../../testkit/attacks/foreign-pages.ts';
import {
  crowd,
  exchange,
  malformedRequests,
  notRefused,
  statusesIn,
} from '../../testkit/attacks/raw-requests.ts';
import { shared } from '../../testkit/when-done.ts';
import { basic, getFrom } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

const service = '/api/services/send-text';
const procedure = '/api/procedures/clear-flood-wait';
const changing: readonly (readonly [string, string])[] = [
  ...['start', 'stop', 'restart', 'reload-cache', 'pause', 'resume'].map(
    (action) => ['POST', `${service}/${action}`] as const,
  ),
  ...[['POST', procedure] as const, ['DELETE', procedure] as const, ['POST', '/api/diagnostics'] as const],
  ...[['POST', `${service}/messages/retry`] as const, ['POST', `${service}/messages/m/retry`] as const],
  ['DELETE', `${service}/messages/m`],
];

describe('the monitor', () => {
  let stand: MonitorStand;
  let port: number;
  beforeAll(
    shared(async (whenDone) => {
      stand = await startStand();
      whenDone(() => stand.close());
      port = Number(new URL(stand.url).port);
    }),
  );
  const host = () => `127.0.0.1:${port}`;
  const nothingWasDone = async () => {
    expect([stand.launcher.asked, stand.text.asked, stand.media.asked]).toEqual([[], [], []]);
    expect(await (await getFrom(stand.url, '/api/audit')).json()).toEqual([]);
  };

  it(
    'refuses what a browser that is signed in sends for a page of another site, whatever its body',
    { timeout: 120_000 },
    async () => {
      for (const page of foreignPages(host())) {
        const asks = changing.flatMap(([method, path]) =>
          simpleBodies({ confirm: path === procedure ? 'clear-flood-wait' : 'stop' }).map(
            async ([type, body]) => {
              const headers = { authorization: basic(), ...page, ...(type && { 'content-type': type }) };
              const answer = await fetch(stand.url + path, { method, headers, body });
              const { class: name } = (await answer.json()) as { class: string };
              return [answer.status, name, answer.headers.get('access-control-allow-origin')];
            },
          ),
        );
        for (const answer of await Promise.all(asks))
          expect(answer, JSON.stringify(page)).toEqual([403, 'forbidden', null]);
      }
      await nothingWasDone();
    },
  );

  it('refuses every Host but its own, for reading too', async () => {
    const rest = `Authorization: ${basic()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    for (const name of foreignHosts(port))
      for (const line of [
        'GET /',
        'GET /api/state',
        'GET /api/logs',
        'GET /health',
        'GET /metrics',
        `POST ${service}/restart`,
      ]) {
        const answer = await exchange(port, `${line} HTTP/1.1\r\nHost: ${name}\r\n${rest}`);
        expect([name, line, statusesIn(answer)]).toEqual([name, line, [403]]);
      }
    await nothingWasDone();
  });

  it('refuses requests that are malformed, or hide another one, and goes on answering', async () => {
    const body = JSON.stringify({ confirm: 'stop' });
    const sound = { path: `${service}/stop`, host: host(), more: [`Authorization: ${basic()}`], body };
    expect(await notRefused(port, malformedRequests(sound))).toEqual([]);
    await nothingWasDone();
  });

  it('answers while hundreds of connections say nothing, or their heads slowly', async () => {
    await crowd(port, 300);
    await crowd(port, 100, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    const startedAt = performance.now();
    expect((await getFrom(stand.url, '/api/services')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
