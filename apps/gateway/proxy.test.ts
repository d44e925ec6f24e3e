/** Gateways whose every connection goes through a proxy: the sandbox's MTProxy, in all forms of its secret. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, fileForm, startTestGateway, type TestGateway } from '../testkit/stack.ts';

const forms = ['plain', 'padded', 'tls'] as const;
const through = ({ proxyPort }: TestSandbox, secret: string) => ({
  TELEGRAM_PROXY: `mtproxy://127.0.0.1:${proxyPort}?secret=${secret}`,
  // Nothing listens there: a connection that is not the proxy's fails.
  TELEGRAM_DC: '127.0.0.1:1',
});

/** Waits until /health says so of the account. */
const untilState = (gateway: TestGateway, account_state: object) =>
  expect
    .poll(async () => (await gateway.get('/health')).body, { timeout: 25_000 })
    .toMatchObject({ account_state });

describe.each(forms)('through an MTProxy with its %s secret', (form) => {
  it('texts and files are sent, and nothing goes another way', async () => {
    const sandbox = await startSandbox();
    const settings = through(sandbox, sandbox.proxySecrets[form]);
    const text = await startTestGateway('text', sandbox, temporaryFolder(), settings);
    const media = await startTestGateway('media', sandbox, temporaryFolder(), settings);
    const sent = await text.post('/send_text', { chat_id: demoChat, text: 'hello' });
    expect(sent.body).toMatchObject({ ok: true, status: 'sent' });
    const file = randomBytes(2_000_000);
    const upload = fileForm(file, 'a.bin', { chat_id: demoChat, kind: 'document' });
    expect((await media.post('/send_media', upload)).body).toMatchObject({ ok: true, status: 'sent' });
    const { delivered } = await sandbox.report();
    expect(delivered).toMatchObject([{ text: 'hello' }, { media: { size: file.length } }]);
  });

  it('a wrong secret is told as such, and the text waits', async () => {
    const sandbox = await startSandbox();
    const wrong = sandbox.proxySecrets[form].replace(sandbox.proxySecrets.plain, '0'.repeat(32));
    const gateway = await startTestGateway('text', sandbox, temporaryFolder(), through(sandbox, wrong));
    const address = `127.0.0.1:${sandbox.proxyPort}`;
    const error = 'it closed the connection without an answer';
    await untilState(gateway, { state: 'proxy_failed', values: { cause: 'secret', error, address } });
    expect(JSON.stringify((await gateway.get('/health')).body)).not.toContain('0'.repeat(32));
    const answer = await gateway.post('/send_text', { chat_id: demoChat, text: 'later', wait: 0 });
    expect(answer.body).toMatchObject({ ok: true, status: 'queued' });
  });
});

it('a proxy that is away is told as such, and what waited is sent once when it is back', async () => {
  const sandbox = await startSandbox();
  const settings = through(sandbox, sandbox.proxySecrets.tls);
  const gateway = await startTestGateway('text', sandbox, temporaryFolder(), settings);
  await gateway.untilWarm();
  await sandbox.close();
  await untilState(gateway, { state: 'proxy_failed', values: { cause: 'unreachable' } });
  const { id } = (await gateway.post('/send_text', { chat_id: demoChat, text: 'later', wait: 0 })).body;
  await sandbox.restart();
  await gateway.untilStatus(id, 'sent', 60_000);
  await untilState(gateway, { state: 'ready' });
  expect((await sandbox.report()).delivered).toMatchObject([{ text: 'later' }]);
});
