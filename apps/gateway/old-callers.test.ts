/**
 * What callers of the old Flask services send, as their own HTTP clients put it, and what they read of the answer.
 * Nothing of theirs needs a change: `ok`, `message_id` and, in one string, `error`.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, samplePhoto, startTestGateway } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { shared } from '../testkit/when-done.ts';

const photo = readFileSync(samplePhoto);
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const gone = -1_009_999_999_999;

let sandbox: TestSandbox;
let photoUrl: string;
const urls = { text: '', media: '' };

beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    const web = createServer((_, response) => response.end(photo)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    whenDone(() => void web.close());
    photoUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/photo.jpg`;
    const dataDir = temporaryFolder(whenDone);
    const settings = { DEFAULT_PARSE_MODE: 'telethon', ALLOW_PRIVATE_URLS: 'true' };
    for (const name of ['text', 'media'] as const) {
      const gateway = await startTestGateway(name, sandbox, dataDir, settings, whenDone);
      await gateway.untilWarm();
      urls[name] = gateway.url;
    }
  }),
);
beforeEach(() => sandbox.post('/reset', {}));

type Body = Pick<RequestInit, 'body' | 'headers'>;

/** As `requests.post(url, json=…)` and `curl -H 'Content-Type: application/json'` send it. */
const json = (fields: unknown): Body => ({
  body: JSON.stringify(fields),
  headers: { 'content-type': 'application/json' },
});
/** As `requests.post(url, data=…)` and `curl -d a=b` send it. */
const form = (fields: Record<string, string>): Body => ({ body: new URLSearchParams(fields) });
/** As `requests.post(url, data=…, files=…)` and `curl -F` send it. */
const multipart = (fields: Record<string, string>, file?: Buffer): Body => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file) body.set('file', new Blob([new Uint8Array(file)]), 'photo.jpg');
  return { body };
};
/** As a script sends it that says nothing of its JSON. */
const bare = (fields: unknown): Body => ({ body: Buffer.from(JSON.stringify(fields)) });

async function post(gateway: 'text' | 'media', path: string, body: Body) {
  const response = await fetch(urls[gateway] + path, { method: 'POST', ...body });
  return { http: response.status, ...((await response.json()) as Record<string, unknown>) };
}

const chat = String(demoChat);
const sent = { http: 200, status: 'sent', ok: true, message_id: expect.any(Number), chat_id: demoChat };
const refused = (status: number, error: string) => ({
  http: status,
  ok: false,
  error: expect.stringContaining(error),
});

describe('an old caller of the text service', () => {
  it.each<[string, string, Body, string]>([
    ['JSON with chat_id and text', '/send_text', json({ chat_id: demoChat, text: 'a' }), 'a'],
    ['the id as a string', '/send_text', json({ chat_id: chat, text: 'a' }), 'a'],
    ['the id with space around it', '/send_text', json({ chat_id: ` ${chat}\n`, text: 'a' }), 'a'],
    ['user_id and message', '/send_text', json({ user_id: demoChat, message: 'a' }), 'a'],
    ['peer and message', '/send_text', json({ peer: demoChat, message: 'a' }), 'a'],
    ['to and text', '/send_text', json({ to: chat, text: 'a' }), 'a'],
    ['a username', '/send_text', json({ username: 'vestnik_demo', text: 'a' }), 'a'],
    ['a username with @', '/send_text', json({ username: '@vestnik_demo', text: 'a' }), 'a'],
    ['a username in place of the id', '/send_text', json({ chat_id: '@vestnik_demo', text: 'a' }), 'a'],
    ['a link in place of the id', '/send_text', json({ to: 'https://t.me/vestnik_demo', text: 'a' }), 'a'],
    ['the short path', '/send', json({ chat_id: demoChat, text: 'a' }), 'a'],
    ['a form', '/send_text', form({ chat_id: chat, text: 'a & b' }), 'a & b'],
    ['a form with aliases', '/send_text', form({ user_id: chat, message: 'привет' }), 'привет'],
    ['JSON without a content type', '/send_text', bare({ chat_id: demoChat, text: 'a' }), 'a'],
    ['several lines', '/send_text', json({ chat_id: demoChat, text: 'a\n\nb' }), 'a\n\nb'],
    ["Telethon's bold", '/send_text', json({ chat_id: demoChat, text: '**a** b' }), 'a b'],
    ['text that is no markdown', '/send_text', json({ chat_id: demoChat, text: 'a_b * c.' }), 'a_b * c.'],
  ])('sends %s and reads ok and message_id', async (_, path, body, text) => {
    expect(await post('text', path, body)).toMatchObject(sent);
    expect((await sandbox.report()).delivered).toMatchObject([{ chat_id: chat, text }]);
  });

  it.each<[string, Body, number, string]>([
    ['no target', json({ text: 'a' }), 422, 'no target: give chat_id'],
    ['no text', json({ chat_id: demoChat }), 422, 'text is missing'],
    ['an empty text', json({ chat_id: demoChat, text: '' }), 422, 'text takes a text of 1 to 4096'],
    ['too long a text', json({ chat_id: demoChat, text: 'a'.repeat(4097) }), 422, 'text is 4097 characters'],
    ['an id that is none', json({ chat_id: 'somebody!', text: 'a' }), 422, 'chat_id takes a chat id'],
    ['a field of nothing', json({ chat_id: demoChat, text: 'a', txt: 'b' }), 422, 'txt is not a field'],
    ['half JSON', { ...json({}), body: '{"chat_id": 1' }, 400, 'the body is not JSON'],
    ['a list', json([1]), 400, 'the body must be a JSON object'],
    ['an unknown chat', json({ chat_id: gone, text: 'a' }), 404, 'is not known to this account'],
    ['an unknown name', json({ username: 'nobody_of_that_name', text: 'a' }), 404, 'is not a name Telegram'],
    [
      'JSON called a form',
      { body: '{"chat_id":1}', headers: formType },
      422,
      'Content-Type: application/json',
    ],
    ['JSON called text', { body: '{"chat_id":1}' }, 415, 'send application/json'],
  ])('is told in one string what is wrong with %s', async (_, body, status, error) => {
    expect(await post('text', '/send_text', body)).toMatchObject(refused(status, error));
    expect((await sandbox.report()).delivered).toEqual([]);
  });

  it.each([
    ['USER_BANNED_IN_CHANNEL', 403, 'USER_BANNED_IN_CHANNEL'],
    ['CHAT_WRITE_FORBIDDEN', 403, 'CHAT_WRITE_FORBIDDEN'],
    ['MEDIA_EMPTY', 422, 'MEDIA_EMPTY'],
  ])('is told in one string that Telegram refused it with %s', async (name, status, error) => {
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: name, times: 1 }]);
    const body = json({ chat_id: demoChat, text: 'a' });
    expect(await post('text', '/send_text', body)).toMatchObject(refused(status, error));
  });
});

describe('an old caller of the media service', () => {
  const base64 = photo.toString('base64');
  it.each<[string, string, () => Body, string]>([
    ['JSON with a URL', '/send_media', () => json({ chat_id: demoChat, media: photoUrl, caption: 'c' }), 'c'],
    ['a URL and user_id', '/send_media', () => json({ user_id: chat, media: photoUrl }), ''],
    ['a form with a URL', '/send_media', () => form({ chat_id: chat, media: photoUrl, caption: 'c' }), 'c'],
    ['a file', '/send_media', () => multipart({ chat_id: chat, caption: 'c' }, photo), 'c'],
    ['a file and peer', '/send', () => multipart({ peer: chat }, photo), ''],
    ['a multipart form with a URL', '/send_media', () => multipart({ to: chat, media: photoUrl }), ''],
    ['base64', '/send_media', () => json({ chat_id: demoChat, base64, caption: 'c' }), 'c'],
    [
      "a caption in Telethon's markdown",
      '/send',
      () => multipart({ to: chat, caption: '__c__' }, photo),
      'c',
    ],
  ])('sends %s and reads ok and message_id', async (_, path, body, text) => {
    expect(await post('media', path, body())).toMatchObject(sent);
    const media = { kind: 'photo', size: photo.length };
    expect((await sandbox.report()).delivered).toMatchObject([{ chat_id: chat, text, media }]);
  });

  it.each<[string, Body, number, string]>([
    ['no file', json({ chat_id: demoChat }), 422, 'media'],
    ['a URL that is none', json({ chat_id: demoChat, media: 'photo.jpg' }), 422, 'media'],
    ['no target', multipart({ caption: 'c' }, photo), 422, 'no target: give chat_id'],
    ['an unknown chat', json({ chat_id: gone, base64: 'YQ==' }), 404, 'is not known to this account'],
  ])('is told in one string what is wrong with %s', async (_, body, status, error) => {
    expect(await post('media', '/send_media', body)).toMatchObject(refused(status, error));
    expect((await sandbox.report()).delivered).toEqual([]);
  });
});

it("an old text's bold, italics, code and links arrive as Telethon sent them", async () => {
  const text = '**b** __i__ `c` [l](https://example.org) ~~s~~';
  expect(await post('text', '/send', json({ chat_id: demoChat, text }))).toMatchObject(sent);
  const answer = await fetch(`http://127.0.0.1:${sandbox.httpPort}/api/chats/${chat}/messages`);
  const { messages } = (await answer.json()) as {
    messages: { text: string; entities: { type: string }[] }[];
  };
  const last = messages.find((message) => message.text === 'b i c l s')!;
  expect(last.entities.map(({ type }) => type)).toHaveLength(5);
});

// The last one, for the wait goes on.
it('an old text that meets a flood wait is accepted, where the old service failed', async () => {
  await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_60', times: 1 }]);
  const answer = await post('text', '/send_text', json({ chat_id: demoChat, text: 'a' }));
  expect(answer).toMatchObject({ http: 202, ok: true, status: 'queued', id: expect.any(String) });
});
