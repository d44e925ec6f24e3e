/** What a page of another site, or somebody who speaks HTTP badly on purpose, can try on a service: it does nothing of it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { shared, type WhenDone } from '../when-done.ts';
import { foreignHosts, foreignPages, simpleBodies } from './foreign-pages.ts';
import { crowd, exchange, malformedRequests, notRefused, statusesIn } from './raw-requests.ts';

/** A service under attack. */
export interface Target {
  readonly url: string;
  /** Fails when a request was carried out, or when the service does not answer. */
  readonly expectNothingDone: () => Promise<void>;
}

export interface Attack {
  readonly start: (whenDone: WhenDone) => Promise<Target>;
  /** Method and path of every request that changes something. */
  readonly changing: readonly (readonly [string, string])[];
  /** A body that `soundPath` takes; what pages of other sites POST in every form. */
  readonly body: Record<string, unknown>;
  readonly soundPath: string;
  /** First lines of requests that read, besides the sound one. */
  readonly reading: readonly string[];
  /** Of somebody who is signed in. */
  readonly authorization?: string;
}

/** The tests of one service. */
export function describeAttacks(name: string, attack: Attack): void {
  const { changing, soundPath, authorization } = attack;
  const more = authorization === undefined ? [] : [`Authorization: ${authorization}`];

  describe(name, () => {
    let target: Target;
    beforeAll(shared(async (whenDone) => void (target = await attack.start(whenDone))));
    const port = () => Number(new URL(target.url).port);
    const host = () => `127.0.0.1:${port()}`;

    it('refuses what a browser sends for a page of another site', { timeout: 120_000 }, async () => {
      for (const page of foreignPages(host())) {
        const asks = changing.flatMap(([method, path]) =>
          simpleBodies(attack.body).map(async ([type, body]) => {
            const headers = {
              ...page,
              ...(authorization && { authorization }),
              ...(type && { 'content-type': type }),
            };
            const answer = await fetch(target.url + path, { method, headers, body });
            const allowed = answer.headers.get('access-control-allow-origin');
            return [method, path, answer.status, await answer.text(), allowed];
          }),
        );
        for (const answer of await Promise.all(asks))
          expect(answer, JSON.stringify(page)).toEqual([
            answer[0],
            answer[1],
            403,
            expect.stringContaining('another site'),
            null,
          ]);
      }
      await target.expectNothingDone();
    });

    it('refuses every Host but its own, for reading too', async () => {
      const body = JSON.stringify(attack.body);
      const head = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close'];
      const rest = [...more, ...head, '', body].join('\r\n');
      for (const foreign of foreignHosts(port()))
        for (const line of [...attack.reading, `POST ${soundPath}`]) {
          const answer = await exchange(port(), `${line} HTTP/1.1\r\nHost: ${foreign}\r\n${rest}`);
          expect([foreign, line, statusesIn(answer)]).toEqual([foreign, line, [403]]);
        }
      await target.expectNothingDone();
    });

    it('refuses requests that are malformed, or hide another one, and goes on answering', async () => {
      const sound = { path: soundPath, host: host(), more, body: JSON.stringify(attack.body) };
      expect(await notRefused(port(), malformedRequests(sound))).toEqual([]);
      await target.expectNothingDone();
    });

    it('answers while hundreds of connections say nothing, or their requests slowly', async () => {
      await crowd(port(), 300);
      await crowd(port(), 100, `POST ${soundPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `);
      const begun = ['Content-Type: application/json', 'Content-Length: 90', '', '{'];
      await crowd(
        port(),
        50,
        [`POST ${soundPath} HTTP/1.1`, `Host: ${host()}`, ...more, ...begun].join('\r\n'),
      );
      const startedAt = performance.now();
      await target.expectNothingDone();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    });
  });
}
