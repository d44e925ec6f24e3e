/** The waits Telegram announces, through real gateways: kept by both, over restarts, and shown wherever one looks. */
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../testkit/sandbox.ts';
import {
  client,
  demoChat,
  fileForm,
  gatewayEnvironment,
  startGatewayProcess,
  startTestGateway,
  type GatewayClient,
} from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';
import { temporaryFolder } from '../testkit/folder.ts';

const otherChat = -4021;
/** Longer than any caller waits, so that who did not answer at once would not answer at all. */
const longWait = 300;

async function startBoth() {
  const sandbox = await startSandbox();
  const dataDir = temporaryFolder();
  const text = await startTestGateway('text', sandbox, dataDir);
  const media = await startTestGateway('media', sandbox, dataDir);
  await Promise.all([text, media].map((gateway) => gateway.untilWarm()));
  await sandbox.post('/reset', {});
  return { sandbox, dataDir, text, media };
}

const sendText = (gateway: GatewayClient, fields: Record<string, unknown>) =>
  gateway.post('/send_text', { chat_id: demoChat, text: 'a', ...fields });
const sendFile = (gateway: GatewayClient, fields: Record<string, string | number>) =>
  gateway.post('/send_media', fileForm(Buffer.from('a'), 'a.bin', { chat_id: demoChat, ...fields }));
const reasons = async (gateway: GatewayClient) => (await gateway.get('/health')).body.reasons;
const floods = async (gateway: GatewayClient) =>
  (await gateway.get('/stats')).body.floods as { scope: string; seconds: number }[];

describe('a wait for sending texts', () => {
  it('is kept by every message, and all are sent when it is over, in order', async () => {
    const { sandbox, text } = await startBoth();
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_3', times: 1 }]);
    const first = await sendText(text, { text: '0', wait: 1 });
    const others = await Promise.all(
      ['1', '2', '3'].map((said, index) =>
        sendText(text, { text: said, chat_id: index === 1 ? otherChat : demoChat, wait: 0 }),
      ),
    );
    for (const { status, body } of [first, ...others]) {
      expect({ status, state: body.status }).toEqual({ status: 202, state: 'queued' });
      await text.untilStatus(body.id, 'sent');
    }
    const { delivered, rpc, flood_violations } = await sandbox.report();
    const ofDemoChat = delivered.filter(({ chat_id }) => chat_id === String(demoChat));
    expect(ofDemoChat.map(({ text: said }) => said)).toEqual(['0', '1', '3']);
    expect(rpc['messages.sendMessage']).toBe(1 + 4);
    expect(flood_violations).toBe(0);
  });

  it('that is longer than a caller waits is answered at once, with when it ends, and shown', async () => {
    const { sandbox, text } = await startBoth();
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
    ]);
    const answers = [await sendText(text, { wait: longWait }), await sendText(text, { wait: longWait })];
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      expect(Date.parse(String(body.not_before))).toBeGreaterThan(Date.now() + longWait * 1000);
    }
    expect((await sandbox.report()).rpc['messages.sendMessage']).toBe(1);

    expect(await reasons(text)).toEqual([
      expect.stringMatching(/on messages.sendMessage \(FLOOD_WAIT_600\): (9 min 5\d s|10 min) left$/),
    ]);
    const [flood] = await floods(text);
    expect(flood).toMatchObject({ scope: 'method:messages.sendMessage', reason: 'FLOOD_WAIT_600' });
    expect(flood!.seconds).toBeGreaterThan(longWait);
    const metrics = await (await fetch(`${text.url}/metrics`)).text();
    const seconds = /^telegram_gateway_flood_gate_seconds\{.*scope="method".*\} (\S+)/m.exec(metrics);
    expect(Number(seconds?.[1])).toBeGreaterThan(longWait);
  });

  it('outlives the process that met it', async () => {
    const sandbox = await startSandbox();
    const env = gatewayEnvironment(sandbox, temporaryFolder());
    env.LOG_LEVEL = 'info';
    const first = startGatewayProcess('send-text', env);
    const before = client(await first.port());
    await before.untilWarm();
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
    ]);
    const { body } = await sendText(before, { wait: longWait });
    expect(await first.stop('SIGKILL')).toBe('SIGKILL');

    const after = client(await startGatewayProcess('send-text', env).port());
    await expect.poll(() => after.get('/health')).toMatchObject({ status: 200 });
    expect(await floods(after)).toMatchObject([{ scope: 'method:messages.sendMessage' }]);
    expect(await sendText(after, { wait: longWait })).toMatchObject({ status: 202 });
    expect((await after.get(`/messages/${body.id}`)).body.status).toBe('queued');
    expect((await sandbox.report()).rpc['messages.sendMessage']).toBe(1);
  });

  it('does not stop the gateway that sends media', async () => {
    const { sandbox, text, media } = await startBoth();
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
    ]);
    expect((await sendText(text, { wait: longWait })).status).toBe(202);
    expect((await sendFile(media, {})).status).toBe(200);
    const scope = 'method:messages.sendMessage';
    expect(await floods(text)).toMatchObject([{ scope, holds: true }]);
    expect(await floods(media)).toMatchObject([{ scope, holds: false }]);
    expect(await reasons(text)).toEqual([expect.stringContaining('messages.sendMessage')]);
    expect(await reasons(media)).toEqual([]);
  });
});

describe('slow mode', () => {
  it('stops its chat on both gateways, and no other chat', async () => {
    const { sandbox, text, media } = await startBoth();
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', peer: demoChat, error: `SLOWMODE_WAIT_${2 * longWait}`, times: 1 },
    ]);
    expect((await sendText(text, { wait: longWait })).status).toBe(202);
    expect((await sendText(text, { wait: longWait, chat_id: otherChat })).status).toBe(200);
    expect((await sendFile(media, { wait: longWait })).status).toBe(202);
    expect((await sendFile(media, { chat_id: otherChat })).status).toBe(200);
    expect(await floods(text)).toMatchObject([{ scope: `chat:${demoChat}` }]);
    expect((await sandbox.report()).rpc).toMatchObject({
      'messages.sendMessage': 2,
      'messages.sendMedia': 1,
      'upload.saveFilePart': 1,
    });
  });
});

describe('a wait met while connecting', () => {
  it('with users.getUsers is kept before any further call, and what was accepted is sent then', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', [{ method: 'users.getUsers', error: 'FLOOD_WAIT_3', times: 1 }]);
    const gateway = await startTestGateway('text', sandbox, temporaryFolder());
    const { body } = await sendText(gateway, { chat_id: 'me', wait: 0 });
    const health = await until('the health names the wait', async () => {
      const answer = await gateway.get('/health');
      return JSON.stringify(answer.body.reasons).includes('FLOOD_WAIT_3') && answer;
    });
    expect(health.status).toBe(503);
    expect(Object.keys((await sandbox.report()).rpc)).toEqual(['users.getUsers']);
    await gateway.untilStatus(body.id, 'sent');
    const { rpc, flood_violations } = await sandbox.report();
    expect(rpc['users.getUsers']).toBe(2);
    expect(flood_violations).toBe(0);
  });

  it('with help.getConfig is kept, and keeps nobody from sending: its answer is not needed', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', [
      { method: 'help.getConfig', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
      { method: 'messages.sendMessage', drop: 'after', times: 1 },
    ]);
    const dataDir = temporaryFolder();
    const text = await startTestGateway('text', sandbox, dataDir);
    await text.untilWarm(); // Its wait is known before the other one connects.
    const media = await startTestGateway('media', sandbox, dataDir);
    expect(await sendText(text, {})).toMatchObject({ status: 200, body: { attempts: 1 } });
    expect((await sendFile(media, {})).status).toBe(200);
    const { rpc, flood_violations } = await sandbox.report();
    expect(rpc['help.getConfig']).toBe(1);
    expect(flood_violations).toBe(0);
  });
});

describe('a wait for what both gateways ask', () => {
  it('such as looking names up is kept by the other one', async () => {
    const { sandbox, text, media } = await startBoth();
    await sandbox.post('/faults', [
      { method: 'contacts.resolveUsername', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
    ]);
    const target = (username: string) => ({ username, wait: longWait });
    expect((await text.post('/send_text', { ...target('someone_new'), text: 'a' })).status).toBe(202);
    const form = fileForm(Buffer.from('a'), 'a.bin', target('somebody_else'));
    expect((await media.post('/send_media', form)).status).toBe(202);
    expect((await sandbox.report()).rpc['contacts.resolveUsername']).toBe(1);
  });

  it('such as walking the dialogs is kept by the other one, and by whoever asks for a walk', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', [
      { method: 'messages.getDialogs', error: `FLOOD_WAIT_${2 * longWait}`, times: 1 },
    ]);
    const dataDir = temporaryFolder();
    const text = await startTestGateway('text', sandbox, dataDir);
    await expect.poll(() => floods(text)).toHaveLength(1);
    const media = await startTestGateway('media', sandbox, dataDir);
    expect((await sendFile(media, { chat_id: 'me' })).status).toBe(200);
    for (const gateway of [text, media]) {
      const answer = await gateway.post('/reload_cache');
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(longWait);
    }
    expect((await sandbox.report()).rpc['messages.getDialogs']).toBe(1);
  });
});
