import Router from '@koa/router';
import { expect, it, onTestFinished } from 'vitest';
import { statusByHost } from '../testkit/ask-by-host.ts';
import { createApp, listen } from './app.ts';
import { hostsSetting, knownHosts } from './guard.ts';
import { createLogger } from './log.ts';

async function start(listensOn: string, allowed: readonly string[]) {
  const app = createApp({ log: createLogger('test', 'fatal') });
  const router = new Router();
  router.get('/', (ctx) => (ctx.body = 'here'));
  app.use(knownHosts(listensOn, allowed)).use(router.routes());
  const { port, close } = await listen(app, '127.0.0.1', 0, 'PORT');
  onTestFinished(close);
  return `http://127.0.0.1:${port}/`;
}

it.each([
  ['127.0.0.1', ['127.0.0.1', '127.0.0.1:5022', 'LOCALHOST:1', '[::1]:9', 'a.example', 'A.example:80'], true],
  ['127.0.0.1', ['evil.example', 'a.example.evil.example', '192.0.2.1', '127.0.0.1.evil.example'], false],
  ['192.0.2.1', ['192.0.2.1:5022', 'localhost'], true],
  ['192.0.2.1', ['192.0.2.2', 'evil.example'], false],
  ['2001:db8::1', ['[2001:db8::1]:5022'], true],
  ['0.0.0.0', ['192.0.2.1:5022', '[2001:db8::1]', 'a.example'], true],
  ['::', ['192.0.2.1:5022', '[2001:db8::1]:80'], true],
  ['0.0.0.0', ['evil.example', '192.0.2.1.evil.example', 'send-text'], false],
])(
  'a server that listens on %s and allows a.example answers to %j: %s',
  async (listensOn, hosts, isKnown) => {
    const url = await start(listensOn, ['a.example']);
    for (const host of hosts)
      expect([host, await statusByHost(url, host)]).toEqual([host, isKnown ? 200 : 403]);
  },
);

it.each([
  ['a.example, B.example:5022', ['a.example', 'b.example']],
  ['2001:DB8::1,[::1]:80', ['[2001:db8::1]', '[::1]']],
  ['https://a.example', undefined],
  ['a.example/path', undefined],
])('ALLOWED_HOSTS=%s is %j', (raw, hosts) => expect(hostsSetting.parse(raw)).toEqual(hosts));
