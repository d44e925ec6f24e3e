import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoChat, fileForm, startStack, type TestGateway } from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { shared } from '../../testkit/when-done.ts';

type Item = Record<string, unknown>;
const remove = async (gateway: TestGateway, path: string) => {
  const response = await fetch(gateway.url + path, { method: 'DELETE' });
  return { status: response.status, body: (await response.json()) as Item };
};
const list = async (gateway: TestGateway, query: string) =>
  (await gateway.get(`/messages?${query}`)).body as { messages: Item[]; next: number | null };
const settled = (gateway: TestGateway, id: unknown, status: string) => gateway.untilStatus(id, status);

describe('the messages of a text gateway', () => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  let other: number;
  beforeAll(
    shared(async (whenDone) => {
      stack = await startStack('text', { QUEUE_LIMIT: '6', MAX_WAITING: '1' }, whenDone);
      const { peers } = (await stack.gateway.get('/peers?limit=500')).body as { peers: Item[] };
      other = peers.find(
        ({ chat_id, writable, kind }) => writable && kind === 'user' && chat_id !== demoChat,
      )!.chat_id as number;
    }),
  );
  beforeEach(async () => {
    await stack.gateway.post('/resume');
    await remove(stack.gateway, '/messages?status=queued');
    await stack.sandbox.post('/reset', {});
  });
  const send = async (text: string, chat_id = demoChat, wait = 0) =>
    (await stack.gateway.post('/send', { chat_id, text, wait })).body;
  const ban = () =>
    stack.sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: 'USER_BANNED_IN_CHANNEL', times: 1 },
    ]);

  it('are listed by status and chat, the newest first, page by page', async () => {
    const { gateway } = stack;
    await gateway.post('/pause');
    const [a, b, c] = [await send('a'), await send('b', other), await send('c')];
    const queued = await list(gateway, 'status=queued');
    expect(queued.messages.map(({ id }) => id)).toEqual([c.id, b.id, a.id]);
    expect(queued).toMatchObject({
      next: null,
      messages: [{ status: 'queued', chat_id: demoChat, sandbox: true }, {}, {}],
    });
    expect(Date.parse(String(queued.messages[0]!.accepted_at))).toBeGreaterThan(Date.now() - 60_000);
    expect((await list(gateway, `status=queued&chat_id=${other}`)).messages).toMatchObject([{ id: b.id }]);
    const first = await list(gateway, 'status=queued&limit=2');
    const second = await list(gateway, `status=queued&limit=2&before=${first.next}`);
    expect(second).toMatchObject({ next: null, messages: [{ id: a.id }] });
  });

  it.each([
    ['status=lost', 'status takes queued, sending, sent, failed, expired, cancelled'],
    ['limit=0', 'limit takes a whole number from 1 to 500'],
    ['limit=501', 'limit takes a whole number from 1 to 500'],
    ['before=9007199254740992', 'before takes a whole number'],
    ['limit=1&limit=2', 'limit takes a whole number'],
    ['before=abc', 'before takes a whole number'],
    ['chat_id=0', 'chat_id takes a chat id'],
    ['sort=asc', 'sort is not a field'],
  ])('are not listed by %s: %s', async (query, sentence) => {
    const answer = await stack.gateway.get(`/messages?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(answer.body.detail).toContain(sentence);
  });

  it.each([
    ['/messages', 'HEAD, GET, DELETE'],
    ['/messages/retry', 'POST'],
    ['/messages/some-id', 'HEAD, GET, DELETE'],
    ['/send_text', 'POST'],
  ])('are asked for at %s by %s alone', async (path, allow) => {
    const ask = (method: string) => fetch(stack.gateway.url + path, { method });
    for (const method of ['OPTIONS', 'PATCH', ...(path === '/messages/retry' ? ['GET'] : [])]) {
      const answer = await ask(method);
      expect([answer.status, answer.headers.get('allow')]).toEqual([method === 'OPTIONS' ? 204 : 405, allow]);
    }
  });

  it('are cancelled while they are queued, which a waiting caller is told', async () => {
    const { gateway, sandbox } = stack;
    await gateway.post('/pause');
    const waiting = gateway.post('/send', { chat_id: demoChat, text: 'a', wait: 20 });
    const { messages } = await until('one message waits', async () => {
      const page = await list(gateway, 'status=queued');
      return page.messages.length === 1 && page;
    });
    const { id } = messages[0]!;
    const answer = { status: 200, body: { ok: true, id, status: 'cancelled' } };
    expect(await remove(gateway, `/messages/${id}`)).toMatchObject(answer);
    expect(await remove(gateway, `/messages/${id}`)).toMatchObject(answer);
    expect(await waiting).toMatchObject({ status: 409, body: { class: 'cancelled', id } });
    await gateway.post('/resume');
    const { id: sent } = await send('b', demoChat, 20);
    expect(await remove(gateway, `/messages/${sent}`)).toMatchObject({
      status: 409,
      body: {
        class: 'conflict',
        detail: `message ${sent}: it was sent: only what is queued or scheduled can be cancelled`,
      },
    });
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['b']);
    expect(await remove(gateway, '/messages/none')).toMatchObject({ status: 404 });
  });

  it('are not cancelled once they may have been sent', async () => {
    const { gateway, sandbox } = stack;
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', drop: 'after', delay_ms: 1500, times: 1 },
    ]);
    const { id } = await send('a');
    await settled(gateway, id, 'sending');
    expect(await remove(gateway, `/messages/${id}`)).toMatchObject({
      status: 409,
      body: { class: 'conflict', id },
    });
    await settled(gateway, id, 'sent');
    expect((await sandbox.report()).delivered).toHaveLength(1);
  });

  it('are cancelled and retried by a filter, and never without one', async () => {
    const { gateway, sandbox } = stack;
    await gateway.post('/pause');
    for (const chat of [demoChat, other, demoChat]) await send('a', chat);
    expect(await remove(gateway, '/messages')).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(await remove(gateway, `/messages?chat_id=${demoChat}`)).toMatchObject({
      body: { ok: true, cancelled: 2, skipped: 0, more: false },
    });
    expect((await remove(gateway, '/messages?status=queued')).body.cancelled).toBe(1);
    await gateway.post('/resume');

    await ban();
    const { id } = await send('again');
    await settled(gateway, id, 'failed');
    expect(await gateway.post('/messages/retry')).toMatchObject({ status: 422 });
    expect((await gateway.post(`/messages/retry?chat_id=${other}`)).body).toMatchObject({ retried: 0 });
    expect((await gateway.post(`/messages/retry?status=failed&chat_id=${demoChat}`)).body).toMatchObject({
      ok: true,
      retried: 1,
      skipped: 0,
      more: false,
    });
    await settled(gateway, id, 'sent');
    expect((await sandbox.report()).delivered).toMatchObject([{ text: 'again' }]);
  });

  it('are retried with their id once they failed, and at no other time', async () => {
    const { gateway, sandbox } = stack;
    await ban();
    const failed = await gateway.post('/send', { chat_id: demoChat, text: 'again' });
    const { id } = failed.body;
    const said = {
      class: 'banned',
      code: 'telegram_refused',
      values: { id, chat: String(demoChat) },
      because: { code: 'telegram_answered', values: { method: 'messages.sendMessage' } },
    };
    expect(failed.body).toMatchObject(said);
    expect((await gateway.get(`/messages/${id}`)).body).toMatchObject(said);
    const { errors } = (await gateway.get('/stats')).body as { errors: { recent: object[] } };
    expect(errors.recent[0]).toMatchObject({ id, ...said });
    const retried = await gateway.post(`/messages/${id}/retry?expires_in=60`);
    expect(retried).toMatchObject({ status: 202, body: { ok: true, id, status: 'queued' } });
    await settled(gateway, id, 'sent');
    expect((await sandbox.report()).delivered).toMatchObject([{ text: 'again' }]);
    expect(await gateway.post(`/messages/${id}/retry`)).toMatchObject({
      status: 409,
      body: { class: 'conflict' },
    });
    expect(await gateway.post('/messages/none/retry')).toMatchObject({ status: 404 });
  });

  it('are refused as queue_full when as many wait as may', async () => {
    const { gateway } = stack;
    await gateway.post('/pause');
    for (let index = 0; index < 6; index++) expect((await send('a')).status).toBe('queued');
    const answer = await gateway.post('/send', { chat_id: demoChat, text: 'a' });
    expect(answer).toMatchObject({
      status: 503,
      body: { class: 'queue_full', retryable: true, retry_after: 10 },
    });
    expect(answer.headers.get('retry-after')).toBe('10');
  });

  it('hold no more callers than may wait: the next is answered 202 at once', async () => {
    const { gateway } = stack;
    await gateway.post('/pause');
    const first = gateway.post('/send', { chat_id: demoChat, text: 'a', wait: 20 });
    await expect.poll(() => list(gateway, 'status=queued')).toMatchObject({ messages: [{}] });
    const startedAt = performance.now();
    expect((await gateway.post('/send', { chat_id: demoChat, text: 'b', wait: 20 })).status).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await gateway.post('/resume');
    expect((await first).status).toBe(200);
  });
});

describe('the messages of a media gateway', () => {
  it('that failed keep their file for a retry, until it is gone', async () => {
    const { sandbox, gateway, dataDir } = await startStack('media');
    const folder = join(dataDir, 'spool/main/media');
    const fail = async () => {
      await sandbox.post('/faults', [
        { method: 'messages.sendMedia', error: 'CHAT_WRITE_FORBIDDEN', times: 1 },
      ]);
      const form = fileForm(Buffer.from('the bytes'), 'a.bin', { chat_id: demoChat });
      const { body } = await gateway.post('/send', form);
      expect(body).toMatchObject({ class: 'write_forbidden' });
      return body.id;
    };
    const id = await fail();
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await gateway.post(`/messages/${id}/retry`)).status).toBe(202);
    await settled(gateway, id, 'sent');
    await expect.poll(() => readdirSync(folder)).toEqual([]);
    expect((await sandbox.report()).delivered).toMatchObject([{ media: { name: 'a.bin', size: 9 } }]);

    const lost = await fail();
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
    const answer = await gateway.post(`/messages/${lost}/retry`);
    expect(answer).toMatchObject({ status: 409, body: { class: 'conflict', id: lost } });
    expect(answer.body.detail).toContain('its files are gone');
  });

  it('are refused as storage_full when their files take more than may', async () => {
    const { gateway } = await startStack('media', { SPOOL_LIMIT_MB: '1' });
    const form = fileForm(Buffer.alloc(1_100_000), 'a.bin', { chat_id: demoChat });
    expect(await gateway.post('/send', form)).toMatchObject({ status: 503, body: { class: 'storage_full' } });
  });
});

describe('GET /peers', () => {
  it('finds chats by a part of their title or username, in any case', async () => {
    const { gateway } = await startStack('text');
    const all = (await gateway.get('/peers')).body as { peers: Item[]; total: number };
    expect(all.total).toBeGreaterThan(10);
    const titled = all.peers.find(({ title }) => /[а-я]/i.test(String(title))) ?? all.peers[0]!;
    const part = String(titled.title).slice(1).toUpperCase();
    const found = (await gateway.get(`/peers?query=${encodeURIComponent(part)}&limit=500`))
      .body as typeof all;
    expect(found.peers).toContainEqual(titled);
    expect(found.total).toBe(found.peers.length);
    const named = all.peers.find(({ username }) => username !== null)!;
    const byName = (await gateway.get(`/peers?query=@${String(named.username).slice(0, 4)}`))
      .body as typeof all;
    expect(byName.peers).toContainEqual(named);
    expect((await gateway.get('/peers?query=100%25_')).body).toEqual({ peers: [], total: 0 });
    expect((await gateway.get('/peers?limit=2')).body).toMatchObject({ total: all.total, peers: [{}, {}] });
    for (const wrong of [`query=${'x'.repeat(101)}`, 'limit=501'])
      expect((await gateway.get(`/peers?${wrong}`)).body).toMatchObject({ class: 'bad_request' });
  });
});
