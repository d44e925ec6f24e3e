/** Odd JSON, forms, markup and addresses: each is refused by a 4xx of a known class, and nothing is sent. */
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, statusesIn } from '../../testkit/attacks/raw-requests.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { json, oddAddresses, oddBodies, oddMarkup } from './testing/odd-requests.ts';
import { shared } from '../../testkit/when-done.ts';

describe('the text gateway', () => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  let port: number;
  beforeAll(
    shared(async (whenDone) => {
      stack = await startStack('text', {}, whenDone);
      port = Number(new URL(stack.gateway.url).port);
    }),
  );
  const post = async (path: string, type: string, body: string) => {
    const length = Buffer.byteLength(body);
    const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}`;
    return exchange(port, `${head}\r\n\r\n${Buffer.from(body).toString('latin1')}`);
  };
  const isRefused = (answer: string) =>
    /^HTTP\/1\.1 4\d\d /.test(answer) && statusesIn(answer).length === 1 && /"class":"\w+"/.test(answer);
  const nothingWasSent = async () => {
    expect((await stack.gateway.get('/messages')).body.messages).toEqual([]);
    expect((await stack.sandbox.report()).delivered).toEqual([]);
  };

  it('refuses odd JSON and odd forms', async () => {
    const taken: unknown[] = [];
    for (const [type, odd] of oddBodies)
      for (const body of odd) {
        const answer = await post('/send', type, body);
        if (!isRefused(answer)) taken.push([type, body.slice(0, 100), answer.slice(0, 300)]);
      }
    expect(taken).toEqual([]);
    await nothingWasSent();
  });

  it('refuses markup that is wrong', async () => {
    const taken: unknown[] = [];
    for (const [parse_mode, texts] of oddMarkup)
      for (const text of texts) {
        const { status, body } = await stack.gateway.post('/send', { chat_id: demoChat, text, parse_mode });
        if (status !== 422 && status !== 400) taken.push([parse_mode, text, status, body.class]);
      }
    expect(taken).toEqual([]);
    await nothingWasSent();
  });

  it('knows no address but its own, however it is written', async () => {
    const body = JSON.stringify({ chat_id: demoChat, text: 'a' });
    const taken: unknown[] = [];
    for (const path of oddAddresses) {
      const answer = await post(path, json, body);
      if (!isRefused(answer)) taken.push([path.slice(0, 100), answer.slice(0, 300)]);
    }
    expect(taken).toEqual([]);
    await nothingWasSent();
  });
});
