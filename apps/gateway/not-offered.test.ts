/** Servers that speak Telegram's protocol and lack some of its methods: what can be sent is, and what cannot says why. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../testkit/sandbox.ts';
import { demoChat, samplePhoto, startTestGateway } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';

const missing = [
  ...['help.getConfig', 'help.getAppConfig', 'messages.uploadMedia'],
  ...['contacts.resolvePhone', 'contacts.resolveUsername'],
];

async function startGateway(gateway: 'text' | 'media', errorCode: number) {
  const sandbox = await startSandbox();
  const error = { error: 'NOT_IMPLEMENTED', error_code: errorCode };
  await sandbox.post(
    '/faults',
    missing.map((method) => ({ method, ...error })),
  );
  const running = await startTestGateway(gateway, sandbox, temporaryFolder());
  await running.untilWarm();
  return { sandbox, gateway: running };
}

describe.each([501, 400])('a server that answers NOT_IMPLEMENTED (%i)', { timeout: 60_000 }, (code) => {
  it('is sent texts over one connection, and what needs a look-up is refused once, with a way out', async () => {
    const { sandbox, gateway } = await startGateway('text', code);
    const send = (target: object) => gateway.post('/send', { ...target, text: 'a', wait: 20 });
    for (let text = 1; text <= 6; text++)
      expect(await send({ chat_id: demoChat })).toMatchObject({ status: 200 });
    expect(await send({ phone: '+999 662 0099' })).toMatchObject({
      status: 404,
      body: {
        class: 'cannot_resolve',
        detail: expect.stringMatching(
          /^\+…99 cannot be looked up by phone number: the server does not offer contacts\.resolvePhone \(NOT_IMPLEMENTED\)\. Send to a chat_id/,
        ),
      },
    });
    expect(await send({ username: 'somebody_unknown' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('does not offer contacts.resolveUsername') },
    });
    expect((await gateway.get('/health')).body.status).toBe('ok');
    expect((await sandbox.report()).rpc).toMatchObject({
      'users.getUsers': 1,
      'contacts.resolvePhone': 1,
      'contacts.resolveUsername': 1,
      'messages.sendMessage': 6,
    });
  });

  it('is sent a photo, and an album fails at once and says which method is missing', async () => {
    const { sandbox, gateway } = await startGateway('media', code);
    const item = { base64: readFileSync(samplePhoto).toString('base64') };
    const album = { chat_id: demoChat, album: [item, item], wait: 20 };
    for (let time = 1; time <= 3; time++) {
      expect(await gateway.post('/send_media', album)).toMatchObject({
        status: 502,
        body: {
          class: 'telegram_error',
          retryable: false,
          detail: expect.stringMatching(
            /^message .+ to chat .+: the server does not offer messages\.uploadMedia \(NOT_IMPLEMENTED\), which an album needs: send its files one by one$/,
          ),
        },
      });
    }
    expect(await gateway.post('/send_media', { ...item, chat_id: demoChat })).toMatchObject({ status: 200 });
    expect((await gateway.get('/health')).body.status).toBe('ok');
    expect((await sandbox.report()).rpc).toMatchObject({ 'users.getUsers': 1, 'messages.uploadMedia': 3 });
  });
});
