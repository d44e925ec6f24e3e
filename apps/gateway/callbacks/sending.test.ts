import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../media/testing/servers.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import {
  client,
  demoChat,
  fileForm,
  gatewayEnvironment,
  startGatewayProcess,
  startStack,
  startTestGateway,
} from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';
import { startReceiver, status, type Call } from './testing/receiver.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const settings = { CALLBACK_SECRET: secret, ALLOW_PRIVATE_URLS: 'true' };

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', settings, whenDone))));

/** What a receiver does with a call: fails unless it is signed. */
function verify({ body, headers }: Call): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

function came(calls: readonly Call[], count: number) {
  return until(`${count} calls have come`, () => calls.length >= count);
}

function stateOf(gateway: { get: typeof stack.gateway.get }, id: unknown, state: string) {
  return until(`the callback is ${state}`, async () => {
    const answer = await gateway.get(`/messages/${id}`);
    return (answer.body.callback as { state: string }).state === state && answer;
  });
}

describe('a callback', () => {
  it('tells what GET /messages/{id} answers, in the form and with the signature of Standard Webhooks', async () => {
    const { gateway } = stack;
    const receiver = await startReceiver();
    const { body: sent } = await gateway.post('/send', {
      chat_id: demoChat,
      text: 'a',
      callback_url: receiver.url,
    });
    expect(sent).toMatchObject({ status: 'sent', callback: { state: 'pending', attempts: 0 } });
    const { body: shown } = await stateOf(gateway, sent.id, 'delivered');
    const { callback, ...data } = shown;
    expect(callback).toEqual({ state: 'delivered', attempts: 1, last_error: null });
    expect(receiver.calls).toHaveLength(1);
    const [call] = receiver.calls;
    expect(verify(call!)).toEqual({ type: 'message.sent', timestamp: expect.any(String), data });
    expect(call!.headers['content-type']).toBe('application/json');
    expect(Math.abs(Date.parse(call!.payload.timestamp) - Date.now())).toBeLessThan(60_000);
  });

  it('is described in OpenAPI beside the sends', async () => {
    const { body } = await stack.gateway.get('/openapi.json');
    for (const path of ['/send_text', '/send']) {
      expect(body).toHaveProperty(
        ['paths', path, 'post', 'callbacks', 'settled', '{$request.body#/callback_url}', 'post'],
        expect.objectContaining({ requestBody: expect.anything() }),
      );
    }
  });

  it('tells of media as well', async () => {
    const { gateway } = await startStack('media', settings);
    const receiver = await startReceiver();
    const form = fileForm(Buffer.from('abc'), 'a.bin', { chat_id: demoChat, callback_url: receiver.url });
    const { body } = await gateway.post('/send', form);
    await came(receiver.calls, 1);
    expect(verify(receiver.calls[0]!)).toMatchObject({ type: 'message.sent', data: { id: body.id } });
  });

  it('tells of what failed, expired and was cancelled, and again, with another id, after a retry', async () => {
    const { sandbox, gateway } = await startStack('text', settings);
    const receiver = await startReceiver();
    const request = { chat_id: demoChat, text: 'a', wait: 0, callback_url: receiver.url };
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: 'USER_BANNED_IN_CHANNEL', times: 1 },
    ]);
    const { body: failing } = await gateway.post('/send', request);
    await came(receiver.calls, 1);
    await gateway.post('/pause');
    await gateway.post('/send', { ...request, expires_in: 1 });
    await came(receiver.calls, 2);
    const { body: queued } = await gateway.post('/send', request);
    expect(queued).toMatchObject({ status: 'queued', callback: { state: 'pending', attempts: 0 } });
    await fetch(`${gateway.url}/messages/${queued.id}`, { method: 'DELETE' });
    await came(receiver.calls, 3);
    const { body: retried } = await gateway.post(`/messages/${failing.id}/retry`);
    expect(retried.callback).toEqual({ state: 'pending', attempts: 0, last_error: null });
    await gateway.post('/resume');
    await came(receiver.calls, 4);
    const types = receiver.calls.map(({ payload }) => payload.type);
    expect(types).toEqual(['message.failed', 'message.expired', 'message.cancelled', 'message.sent']);
    expect(receiver.calls[0]!.payload.data).toMatchObject({ id: failing.id, class: 'banned', ok: false });
    expect(receiver.calls[3]!.payload.data).toMatchObject({ id: failing.id, ok: true });
    expect(new Set(receiver.calls.map(({ id }) => id)).size).toBe(4);
  });

  it('that was answered 500 comes again with the same webhook-id, and is shown in the metrics', async () => {
    const { gateway } = await startStack('text', settings);
    const receiver = await startReceiver((response, index) => status(index === 0 ? 500 : 200)(response));
    const { body } = await gateway.post('/send', {
      chat_id: demoChat,
      text: 'a',
      callback_url: receiver.url,
    });
    const { body: troubled } = await until('it was attempted once', async () => {
      const answer = await gateway.get(`/messages/${body.id}`);
      return (answer.body.callback as { attempts: number }).attempts === 1 && answer;
    });
    const error = `${new URL(receiver.url).host} answered 500`;
    expect(troubled.callback).toEqual({ state: 'pending', attempts: 1, last_error: error });
    const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text();
    expect(await metrics()).toContain('telegram_gateway_callbacks_pending 1');
    await stateOf(gateway, body.id, 'delivered');
    expect(receiver.calls.map(({ id }) => id)).toEqual([receiver.calls[0]!.id, receiver.calls[0]!.id]);
    for (const call of receiver.calls) verify(call);
    // Counted once it is on the disk; it is read from the database a moment earlier.
    const after = await until('the callback is delivered', async () => {
      const text = await metrics();
      return text.includes('callbacks_total{outcome="delivered"} 1') && text;
    });
    expect(after).toContain('telegram_gateway_callbacks_pending 0');
    expect(after).toContain('telegram_gateway_callbacks_total{outcome="retried"} 1');
  });

  it('that waited over a restart is delivered after it', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const first = await startTestGateway('text', sandbox, dataDir, settings);
    await first.untilWarm();
    let isUp = false;
    const receiver = await startReceiver((response) => status(isUp ? 200 : 503)(response));
    const { body } = await first.post('/send', {
      chat_id: demoChat,
      text: 'a',
      callback_url: receiver.url,
    });
    await came(receiver.calls, 1);
    await first.close();
    isUp = true;
    const second = await startTestGateway('text', sandbox, dataDir, settings);
    await stateOf(second, body.id, 'delivered');
    expect(new Set(receiver.calls.map(({ id }) => id)).size).toBe(1);
  });

  it('that was being posted at a kill -9 is posted again by the next process, with the same webhook-id', async () => {
    const sandbox = await startSandbox();
    const env = { ...gatewayEnvironment(sandbox, temporaryFolder()), ...settings };
    const first = startGatewayProcess('send-text', env);
    const gateway = client(await first.port());
    await gateway.untilWarm();
    const receiver = await startReceiver((response, index) => {
      if (index > 0) status(200)(response); // The first is taken in, and never answered.
    });
    const { body } = await gateway.post('/send', {
      chat_id: demoChat,
      text: 'a',
      callback_url: receiver.url,
    });
    await came(receiver.calls, 1);
    await first.stop('SIGKILL');
    const second = startGatewayProcess('send-text', env);
    await stateOf(client(await second.port()), body.id, 'delivered');
    expect(receiver.calls).toHaveLength(2);
    expect(receiver.calls[1]!.id).toBe(receiver.calls[0]!.id);
    for (const call of receiver.calls) verify(call);
    expect((await sandbox.report()).delivered).toHaveLength(1);
    await second.stop('SIGTERM');
    const log = first.output + second.output;
    expect(log).toContain('callback delivered');
    expect(log).not.toContain('token=secret');
    expect(log).not.toContain(secret);
  });
});

describe('a request with callback_url', () => {
  it('is refused without CALLBACK_SECRET, which the refusal names', async () => {
    const { sandbox, gateway } = await startStack('text');
    const request = { chat_id: demoChat, text: 'a', callback_url: 'https://hooks.example/' };
    const answer = await gateway.post('/send', request);
    expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(answer.body.detail).toMatch(/^callback_url .* CALLBACK_SECRET is not set$/);
    expect((await sandbox.report()).delivered).toEqual([]);
  });

  it('is refused before its file is fetched', async () => {
    const { gateway } = await startStack('media', { ALLOW_PRIVATE_URLS: 'true' });
    let fetched = 0;
    const media = await serve((_, response) => {
      fetched++;
      response.end('file');
    });
    const request = { chat_id: demoChat, media, callback_url: 'https://hooks.example/' };
    const answer = await gateway.post('/send', request);
    expect(answer.body.detail).toContain('CALLBACK_SECRET');
    expect(fetched).toBe(0);
  });

  it('is refused where the address is a private one, unless the setting allows it', async () => {
    const { gateway } = await startStack('text', { CALLBACK_SECRET: secret });
    for (const host of ['127.0.0.1', '169.254.169.254', '[::1]', '2130706433']) {
      const request = { chat_id: demoChat, text: 'a', callback_url: `http://${host}/` };
      const answer = await gateway.post('/send', request);
      expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
      expect(answer.body.detail).toMatch(/^callback_url: .*not on the public internet.*ALLOW_PRIVATE_URLS/);
    }
  });

  it.each(['hooks.example', 'ftp://hooks.example/', 'http://', `https://a.example/${'a'.repeat(2048)}`, 5])(
    'is refused when that is no URL it takes: %s',
    async (callback_url) => {
      const answer = await stack.gateway.post('/send', { chat_id: demoChat, text: 'a', callback_url });
      expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
      expect(answer.body.detail).toBe('callback_url takes an http or https URL of at most 2048 characters');
    },
  );

  it('is another request than one with another callback_url, and is called back once when repeated', async () => {
    const receiver = await startReceiver();
    const request = { chat_id: demoChat, text: 'a', idempotency_key: 'k', callback_url: receiver.url };
    const { body: first } = await stack.gateway.post('/send', request);
    await stateOf(stack.gateway, first.id, 'delivered');
    expect((await stack.gateway.post('/send', request)).body.id).toBe(first.id);
    const other = await stack.gateway.post('/send', { ...request, callback_url: `${receiver.url}2` });
    expect(other).toMatchObject({ status: 409, body: { class: 'idempotency_conflict', id: first.id } });
    expect(receiver.calls).toHaveLength(1);
  });
});
