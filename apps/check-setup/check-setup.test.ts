/** The real command against a sandbox over TCP and gateways that run: what it says, and what it leaves alone. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../testkit/free-port.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';
import type { TestSandbox } from '../testkit/sandbox.ts';
import { client, startGatewayProcess } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';
import { checkSetup, openedBySessions, signedIn } from './testing/signed-in.ts';

/** Nothing but what is asked of any connection was called. */
async function expectNothingSent(sandbox: TestSandbox) {
  const { rpc, delivered } = await sandbox.report();
  expect(delivered).toEqual([]);
  expect(Object.keys(rpc).filter((method) => method.startsWith('messages.'))).toEqual([]);
}

describe('npm run check-setup', { timeout: 120_000 }, () => {
  it('finds nothing to do in a good setup, sends nothing and changes no file', async () => {
    const { sandbox, env, dataDir } = await signedIn();
    const before = readdirSync(dataDir, { recursive: true });
    const { code, ok, amiss, found } = await checkSetup(env);
    expect(amiss).toEqual([]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(found('session of send-text')).toBe('ok Vestnik, id 6200000001');
    expect(found('data centre')).toMatch(
      `ok data centre 2 at 127.0.0.1:${sandbox.port} answers; a key exchange takes`,
    );
    expect(found('clock')).toMatch(/^ok this machine's is 0\.\d s /);
    expect(found('sync of the disk')).toMatch(/^ok [\d.]+ ms under /);
    expect(found('other users')).toMatch(/^ok /);
    const locks = ['main.send-text.lock', 'main.send-media.lock'];
    expect(readdirSync(dataDir, { recursive: true }).sort()).toEqual([...before, ...locks].sort());
    await expectNothingSent(sandbox);
  });

  it('tells every finding in a line for people', async () => {
    const { env } = await signedIn();
    const command = startProcess(join(import.meta.dirname, 'main.ts'), { env });
    const lines = (await command.done()).trim().split('\n');
    expect(lines.at(-1)).toBe('Nothing to fix.');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^ok {5}[\w -]+: \S/);
  });

  it('names wrong settings in the words of the services, and makes no DATA_DIR', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const env = { DATA_DIR: dataDir, SEND_TEXT_PORT: 'http', MONITOR_PORT: '0', MEDIA_ROOT: '/nowhere' };
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('settings of send-text')).toBe(
      'fail SEND_TEXT_PORT takes a port from 0 to 65535, not "http"',
    );
    expect(found('settings of send-media')).toContain('TELEGRAM_API_ID is missing');
    expect(found('settings of send-media')).toContain('MEDIA_ROOT takes a folder that this user can read');
    expect(found('session of send-media')).toBe('fail not signed in: npm run login');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('asks a gateway that runs, and leaves its session alone', async () => {
    const { sandbox, env } = await signedIn();
    const port = await freePort();
    const running = startGatewayProcess('send-text', { ...env, SEND_TEXT_PORT: String(port) });
    const gateway = client(await running.port());
    await gateway.untilWarm();
    const before = await openedBySessions(sandbox);
    const { code, found, amiss } = await checkSetup({ ...env, SEND_TEXT_PORT: String(port) });
    expect(amiss).toEqual([]);
    expect(code).toBe(0);
    expect(found('session of send-text')).toBe(
      `ok send-text runs at http://127.0.0.1:${port} and is signed in, by its own answer; its session was not opened`,
    );
    expect(found('port of send-text')).toBe(`ok 127.0.0.1:${port}, where it runs already`);
    expect(found('database')).toBe('ok send-text runs and reports: the database answers');
    // That of send-media alone, which does not run.
    expect(await openedBySessions(sandbox)).toBe(before + 1);

    await sandbox.post('/sessions/revoke', { phone: '9996620001' });
    // Sooner than by asking now and then, it learns of it by a call that is refused.
    await gateway.post('/send', { to: 'me', text: 'a', wait: 0 });
    const isSignedOut = async () => (await gateway.get('/health')).body.status === 'down';
    await until('the gateway knows that its session is gone', isSignedOut, 90_000);
    const lost = await checkSetup({ ...env, SEND_TEXT_PORT: String(port) });
    expect(lost.code).toBe(1);
    expect(lost.found('session of send-text')).toMatch(/^fail send-text runs at .* and reports: .*sign/);
  });

  it('opens no session of a gateway that runs where it does not answer', async () => {
    const { sandbox, env } = await signedIn();
    await startGatewayProcess('send-text', env).port();
    await sandbox.untilReport(({ rpc }) => (rpc['users.getUsers'] ?? 0) > 0);
    const before = await openedBySessions(sandbox);
    const elsewhere = await checkSetup(env);
    expect(elsewhere.found('session of send-text')).toMatch(
      /^fail not opened: another send-text is running on this DATA_DIR/,
    );
    expect(await openedBySessions(sandbox)).toBe(before + 1);
  });

  it('keeps a gateway from starting while it looks', async () => {
    const { sandbox, env } = await signedIn();
    await sandbox.post('/faults', [{ method: 'users.getUsers', delay_ms: 5_000, times: 1 }]);
    const checking = checkSetup(env);
    await sandbox.untilReport(({ rpc }) => (rpc['users.getUsers'] ?? 0) > 0);
    const gateway = startGatewayProcess('send-text', env);
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toContain('another send-text is running on this DATA_DIR');
    expect((await checking).code).toBe(0);
  });
});
