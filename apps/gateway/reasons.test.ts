/** Why a message waits, as its answers tell it. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, startStack, startTestGateway, type GatewayClient } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

interface Reason {
  readonly code: string;
  readonly values: Record<string, string | number>;
  readonly text: string;
  readonly since: string;
  readonly until: string | null;
}

const otherChat = -4021;
const unknownChat = -1_002_999_999_999;
const method = 'messages.sendMessage';
const anyTime = expect.stringMatching(/^\d{4}-.*Z$/);
const fault = (sandbox: TestSandbox, ...faults: object[]) => sandbox.post('/faults', faults);
const send = async (gateway: GatewayClient, fields: Record<string, unknown> = {}) => {
  const { status, body } = await gateway.post('/send_text', {
    chat_id: demoChat,
    text: 'a',
    wait: 0,
    ...fields,
  });
  expect(status).toBe(202);
  return body as { id: string; reason: Reason | null };
};
const told = (gateway: GatewayClient, id: string, code: string) =>
  until(`the reason is ${code}`, async () => {
    const { body } = await gateway.get(`/messages/${id}`);
    if ((body.reason as Reason | null)?.code !== code) throw new Error(JSON.stringify(body));
    return body.reason as Reason;
  });

describe('a message that waits says why', () => {
  it('while sending is paused, in the answer, later and in the list', async () => {
    const { gateway } = await startStack('text');
    await gateway.post('/pause');
    const { id, reason } = await send(gateway);
    expect(reason).toEqual({
      code: 'paused',
      values: {},
      since: anyTime,
      until: null,
      text: 'sending is paused',
    });
    expect((await gateway.get(`/messages/${id}`)).body.reason).toEqual(reason);
    const { messages } = (await gateway.get('/messages?status=queued')).body as { messages: object[] };
    expect(messages).toMatchObject([{ reason }]);
    await gateway.post('/resume');
    expect((await gateway.untilStatus(id, 'sent')).body).not.toHaveProperty('reason');
  });

  it('while there is no connection, and once the session is lost', async () => {
    const { sandbox, gateway } = await startStack('text');
    await sandbox.close();
    await until('the gateway is down', async () => (await gateway.get('/health')).status === 503);
    const { id, reason } = await send(gateway);
    expect(reason).toMatchObject({ code: 'account_connecting', since: anyTime, until: null });
    await sandbox.restart();
    await gateway.untilStatus(id, 'sent');
    await fault(sandbox, { error: 'SESSION_REVOKED' });
    const lost = await send(gateway);
    const { text } = await told(gateway, lost.id, 'account_signed_out');
    expect(text).toMatch(/^the account is signed out: Telegram ended the session \(SESSION_REVOKED\)/);
  });

  it('while Telegram asks to wait: the wait that lasts longest is named', async () => {
    const { sandbox, gateway } = await startStack('text');
    await fault(
      sandbox,
      { method, peer: otherChat, error: 'SLOWMODE_WAIT_600', times: 1 },
      { method, error: 'FLOOD_WAIT_300', times: 1 },
    );
    const slow = await send(gateway, { chat_id: otherChat });
    const chat = { code: 'slow_mode', values: { scope: `chat:${otherChat}`, chat: String(otherChat) } };
    const ofChat = await told(gateway, slow.id, 'slow_mode');
    expect(ofChat).toMatchObject(chat);
    expect(Date.parse(ofChat.until!) - Date.parse(ofChat.since)).toBeGreaterThan(590_000);
    const held = await send(gateway);
    const ofMethod = await told(gateway, held.id, 'flood_wait');
    expect(ofMethod.values).toMatchObject({ method, name: 'FLOOD_WAIT_300', left_s: expect.any(Number) });
    expect(await told(gateway, slow.id, 'slow_mode')).toMatchObject(chat);
  });

  it('in the answer to whoever sends it again while its call is out and the way for the next is closed', async () => {
    const { sandbox, gateway } = await startStack('text');
    await fault(
      sandbox,
      { method, peer: demoChat, delay_ms: 10_000 },
      { method, peer: otherChat, error: 'FLOOD_WAIT_300' },
    );
    const { id } = await send(gateway, { idempotency_key: 'out' });
    await until('it was called', async () => (await sandbox.report()).rpc[method] === 1);
    await told(gateway, (await send(gateway, { chat_id: otherChat })).id, 'flood_wait');
    expect(await send(gateway, { idempotency_key: 'out' })).toMatchObject({
      id,
      status: 'queued',
      not_before: anyTime,
      reason: { code: 'flood_wait' },
    });
  });

  it('while an error of Telegram is asked again, with its name and method, and the next of its chat behind it', async () => {
    const { sandbox, gateway } = await startStack('text');
    await fault(sandbox, { method, error: 'INTERNAL' });
    const first = await send(gateway);
    const second = await send(gateway);
    const reason = await told(gateway, first.id, 'telegram_error');
    expect(reason.values).toEqual({ name: 'INTERNAL', method, class: 'telegram_unavailable' });
    expect(reason.text).toBe('Telegram answered INTERNAL to messages.sendMessage, and is asked again');
    expect((await told(gateway, second.id, 'earlier_message')).values).toEqual({ id: first.id });
    const later = await until('it was tried again', async () => {
      const { body } = await gateway.get(`/messages/${first.id}`);
      return Number(body.attempts) > 3 && (body.reason as Reason);
    });
    expect(later.since).toBe(reason.since);
  });

  it('while no answer comes', async () => {
    const { sandbox, gateway } = await startStack('text');
    await fault(sandbox, { method, forget_session: 'after' });
    const { id } = await send(gateway);
    expect((await told(gateway, id, 'unanswered')).text).toMatch(
      /: Telegram is asked again whether the message was sent$/,
    );
  });

  it('while the pace of its chat holds it', async () => {
    const { gateway } = await startStack('text', { PACE_CHAT_PER_S: '0.01' });
    await gateway.post('/send', { chat_id: demoChat, text: 'a' });
    const { id } = await send(gateway);
    const reason = await told(gateway, id, 'pace_chat');
    expect(reason).toMatchObject({ values: { rate: 0.01 }, until: anyTime });
  });

  it('while its name cannot be looked up, once in the log and in /stats', async () => {
    const sandbox = await startSandbox();
    const gateway = await startTestGateway('text', sandbox, temporaryFolder(), { LOOKUPS_PER_MIN: '1' });
    await gateway.untilWarm();
    expect((await gateway.post('/send', { username: 'nobody_one', text: 'a' })).status).toBe(404);
    const { id } = await send(gateway, { chat_id: undefined, username: 'nobody_two' });
    const { values, until: end, text } = await told(gateway, id, 'lookup_budget');
    expect({ values, end }).toEqual({ values: { chat: '@nobody_two' }, end: anyTime });
    expect(text).toContain('LOOKUPS_PER_MIN');
    const recent = async () => {
      const { errors } = (await gateway.get('/stats')).body as { errors: { recent: { id: string }[] } };
      return errors.recent.filter((each) => each.id === id);
    };
    await expect.poll(recent).toMatchObject([{ class: 'flood_wait', chat_id: '@nobody_two' }]);
  });

  it('while its chat may still come with the walk', async () => {
    const sandbox = await startSandbox();
    await fault(sandbox, { method: 'messages.getDialogs', error: 'FLOOD_WAIT_300' });
    const gateway = await startTestGateway('text', sandbox, temporaryFolder());
    const { id } = await send(gateway, { chat_id: unknownChat });
    expect((await told(gateway, id, 'walk')).values).toEqual({ chat: String(unknownChat) });
  });
});
