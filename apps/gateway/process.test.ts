import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../testkit/sandbox.ts';
import { client, demoChat, fileForm, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { until } from '../testkit/until.ts';

async function environment() {
  const sandbox = await startSandbox();
  const dataDir = temporaryFolder();
  const env: Record<string, string> = { ...gatewayEnvironment(sandbox, dataDir) };
  return { sandbox, dataDir, env };
}

describe.each(['send-text', 'send-media'] as const)('the process %s', (name) => {
  it('boots under plain Node, prints one JSON line an event and stops cleanly on SIGTERM', async () => {
    const { env } = await environment();
    const gateway = startGatewayProcess(name, env);
    const { get } = client(await gateway.port());
    expect((await get('/health')).body).toMatchObject({ sandbox: true });
    await expect.poll(() => get('/health')).toMatchObject({ body: { checks: { telegram: { ok: true } } } });
    expect(await gateway.stop('SIGTERM')).toBe(0);
    const lines = gateway.output.trim().split('\n');
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ service: name, level: expect.any(String) });
    expect(lines.at(-1)).toContain('"stopped"');
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error)"/); // Nobody is to be woken by a stop.
  });

  it.runIf(process.platform !== 'win32')(
    'warns of a DATA_DIR others may write, and opens no inspector',
    async () => {
      const { env, dataDir } = await environment();
      chmodSync(dataDir, 0o777);
      const gateway = startGatewayProcess(name, env);
      const { get } = client(await gateway.port());
      await gateway.says(/"level":"warn".*can be written by other users \(mode 777\): chmod 700 it/);
      gateway.child.kill('SIGUSR1');
      const health = await until('it answers', () => get('/health'));
      expect(health.headers.get('cache-control')).toBe('no-store');
      expect(await gateway.stop('SIGTERM')).toBe(0);
      expect(gateway.output).not.toContain('Debugger');
    },
  );

  it('says in one line which settings are wrong', async () => {
    const gateway = startGatewayProcess(name, {
      DATA_DIR: temporaryFolder(),
      PORT: 'http',
      TELEGRAM_API_ID: 'abc',
    });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toBe(
      `${name}: settings are wrong: PORT takes a port from 0 to 65535, not "http"; ` +
        'TELEGRAM_API_ID takes the number my.telegram.org calls api_id, for example 12345, not "abc"\n',
    );
  });

  it('without a session says what is missing, and never turns to the sandbox by itself', async () => {
    const credentials = { TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) };
    const gateway = startGatewayProcess(name, { DATA_DIR: temporaryFolder(), ...credentials, PORT: '0' });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toMatch(/^[^\n]*there is no session: npm run login makes one[^\n]*\n$/);
  });

  it('never shows a damaged session', async () => {
    const session = '1SECRETSECRETSECRET';
    const env = {
      DATA_DIR: temporaryFolder(),
      PORT: '0',
      TELEGRAM_API_ID: '1',
      TELEGRAM_API_HASH: '0'.repeat(32),
    };
    const gateway = startGatewayProcess(name, { ...env, TELEGRAM_SESSION: session });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toMatch(/TELEGRAM_SESSION takes a whole session string/);
    expect(gateway.output).not.toContain('SECRET');
  });

  it('names the setting when its port is in use, in one line', async () => {
    const { env } = await environment();
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const gateway = startGatewayProcess(name, { ...env, PORT: String(port), LOG_LEVEL: 'error' });
    expect(await gateway.ended).toBe(1);
    const setting = `${name.toUpperCase().replace('-', '_')}_PORT`;
    expect(gateway.output).toBe(`${name}: port ${port} is in use: set ${setting} to another\n`);
  });

  it('refuses to run twice on one DATA_DIR', async () => {
    const { env } = await environment();
    await startGatewayProcess(name, env).port();
    const second = startGatewayProcess(name, env);
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`another ${name} is running on this DATA_DIR`);
  });

  it('refuses a folder it cannot write, naming the setting', async () => {
    const { env, dataDir } = await environment();
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const gateway = startGatewayProcess(name, {
      ...env,
      SEND_TEXT_DATA_DIR: file,
      SEND_MEDIA_DATA_DIR: file,
    });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toMatch(new RegExp(`^${name}: .*DATA_DIR.*\n$`));
  });
});

describe('a DATA_DIR', () => {
  it('that served the sandbox refuses real Telegram, and is for its owner only', async () => {
    const { env, dataDir } = await environment();
    const gateway = startGatewayProcess('send-text', env);
    await gateway.port();
    await gateway.stop('SIGTERM');
    expect(statSync(join(dataDir, 'vestnik.db')).mode & 0o077).toBe(0);
    const session =
      '1' + Buffer.concat([Buffer.from([2, 127, 0, 0, 1, 0, 9]), Buffer.alloc(256, 1)]).toString('base64url');
    const second = startGatewayProcess('send-text', {
      PORT: '0',
      DATA_DIR: env.DATA_DIR!,
      TELEGRAM_API_ID: '1',
      TELEGRAM_API_HASH: '0'.repeat(32),
      TELEGRAM_SESSION: session,
    });
    expect(await second.ended).toBe(1);
    expect(second.output).toContain('DATA_DIR has served the sandbox and cannot serve real Telegram');
  });
});

describe('kill -9', () => {
  it('loses no text and sends none twice: what was queued is sent by the next process, in order', async () => {
    const { sandbox, env } = await environment();
    const first = startGatewayProcess('send-text', env);
    const gateway = client(await first.port());
    await gateway.untilWarm();
    // The first message is applied but never answered, the others wait behind it.
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', delay_ms: 400, for_seconds: 2 }]);
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const ids: unknown[] = [];
    for (const text of texts) {
      const { status, body } = await gateway.post('/send', { chat_id: demoChat, text, wait: 0 });
      expect(status).toBe(202);
      ids.push(body.id);
    }
    expect(await first.stop('SIGKILL')).toBe('SIGKILL');

    const second = client(await startGatewayProcess('send-text', env).port());
    for (const id of ids) {
      await second.untilStatus(id, 'sent');
    }
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(texts);
  });

  it('does not make it forget when it last took a request and last sent', async () => {
    const { env } = await environment();
    const first = startGatewayProcess('send-text', env);
    const gateway = client(await first.port());
    await gateway.untilWarm();
    expect((await gateway.post('/send', { chat_id: demoChat, text: 'once' })).body.status).toBe('sent');
    const before = (await gateway.get('/health')).body.last_sent_at;
    expect(await first.stop('SIGKILL')).toBe('SIGKILL');
    const second = client(await startGatewayProcess('send-text', env).port());
    const after = (await second.get('/health')).body.last_sent_at;
    expect(Math.abs(Date.parse(String(after)) - Date.parse(String(before)))).toBeLessThan(1_000);
    expect((await second.get('/stats')).body.last_request_at).toBeTypeOf('string');
  });

  it('loses no file and sends none twice, and the next process clears the spool', async () => {
    const { sandbox, env, dataDir } = await environment();
    const first = startGatewayProcess('send-media', env);
    const gateway = client(await first.port());
    await gateway.untilWarm();
    await sandbox.post('/faults', [{ method: 'messages.sendMedia', drop: 'after', delay_ms: 200, times: 2 }]);
    const ids = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const form = fileForm(Buffer.from(`file ${name}`), `${name}.bin`, { chat_id: demoChat, wait: 0 });
        return (await gateway.post('/send', form)).body.id;
      }),
    );
    await first.stop('SIGKILL');
    writeFileSync(join(dataDir, 'spool/main/media/left-behind'), 'x');

    const second = startGatewayProcess('send-media', env);
    for (const id of ids) {
      await client(await second.port()).untilStatus(id, 'sent');
    }
    const { delivered } = await sandbox.report();
    expect(delivered.map(({ media }) => media!.name).sort()).toEqual(['a.bin', 'b.bin', 'c.bin']);
    expect(second.output).toContain('removed spooled files that no message needs');
  });
});
