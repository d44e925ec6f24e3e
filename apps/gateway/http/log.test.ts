import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../kit/log.ts';
import { Release } from '../../kit/release.ts';
import { createTextSends } from '../../send-text/route.ts';
import { startGateway } from '../gateway.ts';
import { readGatewayConfig } from '../settings.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { client, demoChat, gatewayEnvironment } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';

const token = 'crm-crm-crm-crm-crm';

/** A gateway that is warm, and what it logs, at debug. */
async function startLogged(more: Record<string, string>) {
  let logged = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const log = createLogger('test', 'debug', destination);
  const env = { ...gatewayEnvironment(await startSandbox(), temporaryFolder()), ...more };
  const config = readGatewayConfig(env, 'send-text', 0);
  const release = new Release();
  onTestFinished(() => release.run(log));
  const { port } = await startGateway({
    gateway: 'text',
    config,
    log,
    release,
    addSends: createTextSends(config),
  });
  const gateway = client(port);
  await gateway.untilWarm();
  const lines = () =>
    logged
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { gateway, lines, logged: () => logged };
}

/** What a gateway logs of one send. */
async function logOfSend(more: Record<string, string>) {
  const { gateway, lines, logged } = await startLogged(more);
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'request-7' };
  const { status, body } = await gateway.post(
    '/send?a=query',
    { chat_id: demoChat, text: 'the secret text' },
    headers,
  );
  expect(status).toBe(200);
  return { logged: logged(), id: body.id, lines: lines() };
}

describe('the log of a gateway', () => {
  it('ties a message to its request and its caller, and has no text, token or query in it', async () => {
    const { logged, lines, id } = await logOfSend({ API_TOKENS: `crm:send:${token}` });
    for (const msg of ['accepted', 'sent'])
      expect(lines).toContainEqual(expect.objectContaining({ msg, id, requestId: 'request-7' }));
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'answered',
        level: 'info',
        requestId: 'request-7',
        client: 'crm',
        method: 'POST',
        route: '/send',
        code: 200,
      }),
    );
    expect(logged).not.toMatch(/secret text|crm-crm|query/);
  });

  it('has texts, or no access log, when told so', async () => {
    const { lines } = await logOfSend({ LOG_TEXTS: 'true', ACCESS_LOG: 'false' });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'debug', texts: ['the secret text'] }));
    expect(lines.filter(({ msg, level }) => msg === 'answered' && level === 'info')).toEqual([]);
  });

  it('warns once of a chat that it refuses, by its id or of a phone by two digits, without the text', async () => {
    const { gateway, lines, logged } = await startLogged({});
    const ask = (body: object, requestId: string) =>
      gateway.post('/send', { text: 'the secret text', ...body }, { 'x-request-id': requestId });
    expect((await ask({ chat_id: '-1009999999999' }, 'request-8')).status).toBe(404);
    const nobody = { phone: '+12025550177' };
    expect((await ask(nobody, 'request-9')).body.class).toBe('cannot_resolve'); // Looked up, and failed as a message.
    expect((await ask(nobody, 'request-10')).body.class).toBe('cannot_resolve');
    const refused = lines().filter(({ msg }) => String(msg).startsWith('refused: '));
    expect(refused).toMatchObject([
      { level: 'warn', class: 'cannot_resolve', chat: '-1009999999999', requestId: 'request-8' },
      { level: 'warn', class: 'cannot_resolve', chat: '+…77', requestId: 'request-10' },
    ]);
    expect(refused[0]!.msg).toContain('is not known to this account');
    expect(logged()).not.toMatch(/secret text|2025550177/);
  });

  it('has one line of JSON an event, whatever a caller has in its fields', async () => {
    const { gateway, lines, logged } = await startLogged({ LOG_TEXTS: 'true' });
    const end = ['\n', '\r\n', '\r', '\u001b[2K', '\u0085', '\u009b2K', '\u2028', '\u2029', '"}\n{"a":"'];
    for (const each of end) {
      const forged = `x${each}{"level":"error","msg":"forged"}`;
      const fields = [
        'text',
        'chat_id',
        'username',
        'phone',
        'reply_to',
        'parse_mode',
        'callback_url',
        'priority',
      ];
      const asks = fields.map((field) => ({
        text: 'a',
        ...(/chat|user|phone/.test(field) ? {} : { chat_id: demoChat }),
        [field]: forged,
      }));
      for (const ask of [
        ...asks,
        { chat_id: demoChat, text: 'a', [forged]: 1 },
        { chat_id: demoChat, text: 'a', idempotency_key: forged },
      ])
        await gateway.post('/send', { wait: 0, ...ask });
      for (const path of ['/messages/', '/none/', '/messages?status=', '/peers?query=', '/messages?chat_id='])
        await gateway.get(path + encodeURIComponent(forged));
      const visible = forged.replace(/[^\x20-\x7e\x85\x9b]/g, '');
      const headers = [
        'x-request-id',
        'authorization',
        'idempotency-key',
        'prefer',
        'x-forwarded-for',
        'forwarded',
        'user-agent',
      ];
      for (const name of headers) await gateway.post('/send', { text: 'a' }, { [name]: visible });
    }
    expect(lines().length).toBeGreaterThan(100); // Each of them can be parsed.
    expect(lines().filter(({ msg }) => msg === 'forged')).toEqual([]);
    expect(logged().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  });
});
