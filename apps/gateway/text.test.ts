import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../testkit/sandbox.ts';
import { demoChat, startStack, startTestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { shared } from '../testkit/when-done.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));
beforeEach(() => stack.sandbox.post('/reset', {}));

describe('the text gateway', () => {
  it('delivers a text and answers with what Telegram made of it', async () => {
    const { sandbox, gateway } = stack;
    const answer = await gateway.post('/send_text', { chat_id: demoChat, text: 'Привет 👋' });
    const { delivered, duplicates } = await sandbox.report();
    expect(answer).toMatchObject({
      status: 200,
      body: { ok: true, status: 'sent', chat_id: demoChat, attempts: 1, sandbox: true },
    });
    expect(delivered).toMatchObject([{ chat_id: String(demoChat), text: 'Привет 👋' }]);
    expect(String(answer.body.message_id)).toBe(delivered[0]!.message_id);
    expect(Math.abs(Number(answer.body.date) - Date.now() / 1000)).toBeLessThan(60);
    expect(duplicates).toBe(0);
    const again = await gateway.get(`/messages/${answer.body.id}`);
    expect(again.body).toEqual(answer.body);
  });

  it.each([
    { user_id: String(demoChat), message: 'a' },
    { peer: demoChat, text: 'a' },
    { to: ` ${demoChat} `, text: 'a' },
    { to: 'me', text: 'a' },
  ])('takes the aliases of old callers: %j', async (body) => {
    const { gateway } = stack;
    expect(await gateway.post('/send', body)).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('takes a form as well as JSON', async () => {
    const { sandbox, gateway } = stack;
    const form = new URLSearchParams({ chat_id: String(demoChat), text: 'a b&c', wait: '5' });
    const response = await fetch(`${gateway.url}/send_text`, { method: 'POST', body: form });
    expect(response.status).toBe(200);
    expect((await sandbox.report()).delivered[0]!.text).toBe('a b&c');
  });

  it('answers 202 at once to wait 0 and to Prefer: respond-async, and sends all the same', async () => {
    const { sandbox, gateway } = stack;
    const [zero, prefer] = await Promise.all([
      gateway.post('/send_text', { chat_id: demoChat, text: '1', wait: 0 }),
      gateway.post('/send_text', { chat_id: demoChat, text: '2' }, { prefer: 'respond-async' }),
    ]);
    for (const { status, headers, body } of [zero, prefer]) {
      expect(status).toBe(202);
      expect(body).toMatchObject({ ok: true, status: 'queued', not_before: null });
      expect(headers.get('location')).toBe(`/messages/${body.id}`);
      await gateway.untilStatus(body.id, 'sent');
    }
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['1', '2']);
  });

  it('sends nothing new for the same idempotency key, and refuses it for another request', async () => {
    const { sandbox, gateway } = stack;
    const request = { chat_id: demoChat, text: 'once', idempotency_key: 'k1' };
    const [first, second] = await Promise.all([
      gateway.post('/send', request),
      gateway.post('/send', request),
    ]);
    expect(second.body).toEqual(first.body);
    const header = await gateway.post(
      '/send',
      { chat_id: demoChat, text: 'once' },
      { 'idempotency-key': 'k1' },
    );
    expect(header.body).toEqual(first.body);
    const other = await gateway.post('/send', { ...request, text: 'twice' });
    expect(other).toMatchObject({ status: 409, body: { class: 'idempotency_conflict', id: first.body.id } });
    expect((await sandbox.report()).delivered).toHaveLength(1);
  });

  it.each([
    [{ text: 'a' }, 'no target'],
    [{ chat_id: 1, to: 2, text: 'a' }, 'two targets, chat_id and to'],
    [{ chat_id: 1 }, 'text is missing'],
    [{ chat_id: 1, text: 'a', message: 'b' }, 'two texts'],
    [{ chat_id: 1, text: '' }, 'text takes a text of 1 to 4096 characters'],
    [{ chat_id: 1, text: 5 }, 'text takes a text'],
    [{ chat_id: 0, text: 'a' }, 'chat_id takes a chat id'],
    [{ chat_id: 1.5, text: 'a' }, 'chat_id takes a chat id'],
    [{ chat_id: true, text: 'a' }, 'chat_id takes a chat id'],
    [
      { chat_id: 2 ** 53, text: 'a' },
      'chat_id is past 2^53, where JSON numbers lose digits: send it as a string',
    ],
    [{ chat_id: '9223372036854775808', text: 'a' }, 'chat_id takes a chat id'],
    [{ username: 'a b', text: 'a' }, 'username takes a username'],
    [{ chat_id: 1, text: 'a', wait: -1 }, 'wait takes seconds from 0 to 300'],
    [{ chat_id: 1, text: 'a', wait: 'soon' }, 'wait takes seconds from 0 to 300'],
    [{ chat_id: 1, text: 'a', expires_in: 0 }, 'expires_in takes seconds from 1'],
    [{ chat_id: 1, text: 'a', txet: 'b' }, 'txet is not a field'],
  ])('refuses %j with a 422 that says: %s', async (body, sentence) => {
    const { sandbox, gateway } = stack;
    const answer = await gateway.post('/send_text', body);
    expect(answer).toMatchObject({ status: 422, body: { ok: false, class: 'bad_request', sandbox: true } });
    expect(answer.body.detail).toContain(sentence);
    expect((await sandbox.report()).rpc['messages.sendMessage']).toBeUndefined();
  });

  it('takes 4096 characters and refuses 4097 as text_too_long', async () => {
    const { gateway } = stack;
    expect((await gateway.post('/send', { chat_id: demoChat, text: 'я'.repeat(4096) })).status).toBe(200);
    expect(await gateway.post('/send', { chat_id: demoChat, text: 'я'.repeat(4097) })).toMatchObject({
      status: 422,
      body: { class: 'text_too_long' },
    });
  });

  it('answers 404 for a chat it does not know, and never asks Telegram for it', async () => {
    const { sandbox, gateway } = stack;
    const before = (await sandbox.report()).rpc;
    for (const target of [{ chat_id: -1_009_999_999_999 }, { chat_id: 123_456 }]) {
      const answer = await gateway.post('/send', { ...target, text: 'a' });
      expect(answer).toMatchObject({ status: 404, body: { class: 'cannot_resolve', retryable: false } });
    }
    expect((await sandbox.report()).rpc).toEqual(before);
  });

  it('tells the class of a refusal by Telegram, at once and afterwards', async () => {
    const { sandbox, gateway } = await startStack('text');
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: 'USER_BANNED_IN_CHANNEL', times: 1 },
    ]);
    const answer = await gateway.post('/send', { chat_id: demoChat, text: 'a' });
    expect(answer).toMatchObject({ status: 403, body: { class: 'banned', retryable: false } });
    expect(answer.body.detail).toContain('USER_BANNED_IN_CHANNEL');
    const later = await gateway.get(`/messages/${answer.body.id}`);
    expect(later).toMatchObject({ status: 200, body: { ok: false, status: 'failed', class: 'banned' } });
    const { body } = await gateway.get('/stats');
    expect(body.errors).toMatchObject({
      total: 1,
      by_class: { banned: 1 },
      recent: [{ id: answer.body.id }],
    });
  });

  it('waits as long as Telegram says, tells the caller until when, and sends then', async () => {
    const { sandbox, gateway } = await startStack('text');
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_2', times: 1 }]);
    const answer = await gateway.post('/send', { chat_id: demoChat, text: 'a', wait: 1 });
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(Date.parse(String(answer.body.not_before))).toBeGreaterThan(Date.now());
    const { body: health } = await gateway.get('/health');
    expect(health.status).toBe('degraded');
    expect(health.reasons).toEqual([
      expect.stringMatching(/^Flood wait on messages.sendMessage \(FLOOD_WAIT_2\): [12] s left$/),
    ]);
    expect((await gateway.get('/stats')).body.floods).toMatchObject([
      { scope: 'method:messages.sendMessage' },
    ]);
    await gateway.untilStatus(answer.body.id, 'sent');
    expect(await sandbox.report()).toMatchObject({
      flood_violations: 0,
      duplicates: 0,
      delivered: [{ text: 'a' }],
    });
  });

  it.each([
    { drop: 'before', why: 'is asked again, because Telegram did not receive it', calls: 2 },
    { drop: 'after', why: 'gets its answer over the next connection, and is not repeated', calls: 1 },
  ])(
    'sends a text once whose connection is cut $drop it is carried out: it $why',
    async ({ drop, calls }) => {
      const { sandbox, gateway } = stack;
      await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop, times: 1 }]);
      const answer = await gateway.post('/send', { chat_id: demoChat, text: 'once' });
      expect(answer).toMatchObject({ status: 200, body: { status: 'sent', attempts: calls } });
      const { delivered, rpc } = await sandbox.report();
      expect(delivered).toHaveLength(1);
      expect(rpc).toMatchObject({ 'messages.sendMessage': calls });
    },
  );

  it('says at once that Telegram is gone, keeps accepting, and goes on by itself when it is back', async () => {
    const { sandbox, gateway } = await startStack('text');
    await sandbox.close();
    const down = await until('the gateway is down', async () => {
      const health = await gateway.get('/health');
      return health.status === 503 && health;
    });
    expect(down.body).toMatchObject({ status: 'down', checks: { telegram: { ok: false } } });
    const answer = await gateway.post('/send', { chat_id: demoChat, text: 'later', wait: 0 });
    expect(answer.status).toBe(202);
    await sandbox.restart();
    await gateway.untilStatus(answer.body.id, 'sent');
    expect((await sandbox.report()).delivered).toMatchObject([{ text: 'later' }]);
    expect((await gateway.get('/health')).status).toBe(200);
  });

  it('gives a message up when its time is over, with what kept it', async () => {
    const { sandbox, gateway } = await startStack('text');
    await sandbox.close();
    await expect.poll(() => gateway.get('/health')).toMatchObject({ status: 503 });
    const answer = await gateway.post('/send', { chat_id: demoChat, text: 'a', expires_in: 1 });
    expect(answer).toMatchObject({ status: 503, body: { class: 'telegram_unavailable', retryable: true } });
  });

  it('keeps the order of a chat, also over attempts that fail', async () => {
    const { sandbox, gateway } = stack;
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'RPC_CALL_FAIL', times: 3 }]);
    const texts = Array.from({ length: 12 }, (_, index) => String(index));
    const sent: Promise<unknown>[] = [];
    for (const text of texts) {
      sent.push(gateway.post('/send', { chat_id: demoChat, text }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(sent);
    const { delivered } = await sandbox.report();
    expect(new Set(delivered.map(({ text }) => text))).toEqual(new Set(texts));
    expect(delivered.map(({ message_id }) => Number(message_id))).toEqual(
      delivered.map(({ message_id }) => Number(message_id)).sort((a, b) => a - b),
    );
  });

  it('pauses and resumes', async () => {
    const { sandbox, gateway } = stack;
    await gateway.post('/pause');
    const { body } = await gateway.post('/send', { chat_id: demoChat, text: 'a', wait: 0 });
    expect((await gateway.get('/health')).body).toMatchObject({
      status: 'degraded',
      reasons: ['sending is paused'],
    });
    expect((await sandbox.report()).delivered).toEqual([]);
    await gateway.post('/resume');
    await gateway.untilStatus(body.id, 'sent');
  });
});

describe('both gateways of an account', () => {
  it('walk the dialogs once, not twice, and not at all after a restart', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 250, users: 20 });
    const dataDir = temporaryFolder();
    const gateways = await Promise.all([
      startTestGateway('text', sandbox, dataDir),
      startTestGateway('media', sandbox, dataDir),
    ]);
    await Promise.all(gateways.map((gateway) => gateway.untilWarm()));
    const pages = (await sandbox.report()).rpc['messages.getDialogs'];
    // Three of the main list, one that brings nothing new and so ends it, and the archive.
    expect(pages).toBe(5);
    const sizes = await Promise.all(gateways.map(async ({ get }) => (await get('/stats')).body.cache));
    expect(sizes).toMatchObject([
      { size: expect.any(Number) },
      { size: (sizes[0] as { size: number }).size },
    ]);
    expect((sizes[0] as { size: number }).size).toBeGreaterThanOrEqual(250);
    await Promise.all(gateways.map(({ close }) => close()));

    const restarted = await startTestGateway('text', sandbox, dataDir);
    expect((await restarted.post('/send', { chat_id: 'me', text: 'a' })).status).toBe(200);
    expect((await restarted.get('/health')).body.status).toBe('ok');
    expect((await sandbox.report()).rpc['messages.getDialogs']).toBe(pages);
  });

  it('refuse to walk again too soon, with the time to come back', async () => {
    const { gateway } = await startStack('text');
    const answer = await gateway.post('/reload_cache');
    expect(answer).toMatchObject({ status: 429, body: { retryable: true } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(30);
  });
});
