/** The real command against a sandbox over TCP and gateways that run: what it says, and what it leaves alone. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatSession } from '../gateway/telegram/session.ts';
import { writeSessionFile } from '../gateway/telegram/session-file.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';
import type { TestSandbox } from '../testkit/sandbox.ts';
import { client, startGatewayProcess } from '../testkit/stack.ts';
import { checkSetup, sessionsOf, signedIn } from './testing/signed-in.ts';

/** Nothing but what is asked of any connection was called. */
async function expectNothingSent(sandbox: TestSandbox) {
  const { rpc, delivered } = await sandbox.report();
  expect(delivered).toEqual([]);
  expect(Object.keys(rpc).filter((method) => method.startsWith('messages.'))).toEqual([]);
}

/** Connections that signed-in sessions opened, all together. */
async function openedBySessions(sandbox: TestSandbox): Promise<number> {
  const { connections } = await sandbox.report();
  return connections.filter(({ account }) => account !== null).reduce((sum, { count }) => sum + count, 0);
}

/** Something that holds a port and is none of ours. */
async function stranger(): Promise<number> {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
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
    expect(lines.at(-1)).toBe('Nothing has to be done.');
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
    expect(found('settings of send-media')).toContain('MEDIA_ROOT takes a folder that is there');
    expect(found('session of send-media')).toBe('fail not signed in: npm run login');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('finds the clock of this machine wrong', async () => {
    const { sandbox, env } = await signedIn();
    await sandbox.post('/faults', [{ clock_skew_seconds: -90 }]);
    const { code, amiss, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('clock')).toMatch(
      /^fail this machine's is (89|90)\.\d s ahead of .*: timedatectl set-ntp true/,
    );
    expect(amiss.map(({ check }) => check)).toEqual(['clock']);
  });

  it('tells who holds a port, and lets a gateway that runs have its own', async () => {
    const { env } = await signedIn();
    const port = await stranger();
    const { code, found } = await checkSetup({ ...env, SEND_MEDIA_PORT: String(port) });
    expect(code).toBe(1);
    expect(found('port of send-media')).toMatch(
      new RegExp(
        `^fail port ${port} is held by .*\\(process ${process.pid}\\), not by send-media: .*SEND_MEDIA_PORT`,
      ),
    );
    const twice = await checkSetup({ ...env, PORT: '59999' });
    expect(twice.found('port of send-text')).toBe(
      'fail port 59999 is that of send-media too: set SEND_TEXT_PORT to another',
    );
  });

  it('tells a data centre that is not reached, and that no session could be asked for', async () => {
    const { sandbox, env } = await signedIn();
    await sandbox.close();
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('data centre')).toMatch(/^fail data centre 2 at .* is not reached \(.*ECONNREFUSED.*\): /);
    expect(found('session of send-text')).toMatch(/^fail it could not be asked for \(/);
  });

  it('tells a session that was revoked, and one that is missing', async () => {
    const { sandbox, env, dataDir } = await signedIn();
    await sandbox.post('/sessions/revoke', { phone: '9996620001' });
    const revoked = await checkSetup(env);
    expect(revoked.code).toBe(1);
    expect(revoked.found('session of send-text')).toBe(
      'fail the session was revoked (SESSION_REVOKED): npm run login makes a new one',
    );
    const missing = await checkSetup({ ...env, DATA_DIR: temporaryFolder() });
    expect(missing.found('session of send-media')).toBe('fail not signed in: npm run login');
    expect(existsSync(join(dataDir, 'vestnik.db'))).toBe(false);
  });

  it('tells a session of another data centre than TELEGRAM_DC', async () => {
    const { env, sessions, files } = await signedIn();
    writeSessionFile(files[0]!, formatSession({ ...sessions[0]!, dcId: 4, host: '127.0.0.2', port: 9 }));
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('Telegram of send-text')).toMatch(
      /^fail the session is of data centre 4 at 127\.0\.0\.2:9, which TELEGRAM_DC .* does not change/,
    );
    expect(found('Telegram of send-media')).toMatch(/^ok a sandbox, data centre 2 at/);
  });

  it('opens neither session where both gateways have the same', async () => {
    const { sandbox, env, sessions, files } = await signedIn();
    writeSessionFile(files[1]!, formatSession(sessions[0]!));
    const before = await openedBySessions(sandbox);
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('sessions')).toMatch(/^fail both gateways have the same session/);
    expect(await openedBySessions(sandbox)).toBe(before);
  });

  it('tells sessions of two accounts', async () => {
    const one = await signedIn();
    await one.sandbox.post('/accounts', { phone: '9996620009', first_name: 'Other' });
    const [other] = await sessionsOf(one.sandbox, one.env, '9996620009');
    writeSessionFile(one.files[1]!, formatSession(other!));
    const { code, found } = await checkSetup(one.env);
    expect(code).toBe(1);
    expect(found('sessions')).toMatch(
      /^fail they are of two accounts, Vestnik, id \d+ and Other, id \d+: sign both/,
    );
  });

  it('tells what others may read or write', async () => {
    const { env, dataDir, files } = await signedIn();
    chmodSync(dataDir, 0o777);
    chmodSync(files[0]!, 0o644);
    const token = join(temporaryFolder(), 'token');
    writeFileSync(token, 'main:send:a-token-of-some-length\n');
    chmodSync(token, 0o640);
    const { code, found } = await checkSetup({ ...env, API_TOKENS_FILE: token });
    expect(code).toBe(1);
    expect(found('rights of files').split('\n').sort()).toEqual(
      [
        `fail ${files[0]} may be read by others (mode 0644): chmod 600 ${files[0]}`,
        `fail ${token} may be read by others (mode 0640): chmod 600 ${token}`,
        `fail DATA_DIR ${dataDir} may be written by others (mode 0777): chmod 700 ${dataDir}`,
      ].sort(),
    );
  });

  it('tells a database that is damaged, or served another Telegram', async () => {
    const { env, dataDir } = await signedIn();
    writeFileSync(join(dataDir, 'vestnik.db'), Buffer.alloc(8192, 7));
    const damaged = await checkSetup(env);
    expect(damaged.code).toBe(1);
    expect(damaged.found('database')).toMatch(
      /^fail .*vestnik\.db cannot be read \(file is not a database\)/,
    );

    const used = temporaryFolder();
    const gateway = startGatewayProcess('send-text', {
      ...env,
      DATA_DIR: used,
      TELEGRAM_SESSION_FILE: join(dataDir, 'sessions/main.send-text.session'),
    });
    await gateway.port();
    await gateway.stop('SIGTERM');
    const real = {
      ...{ DATA_DIR: used, PORT: '0', MONITOR_PORT: '0' },
      ...{ TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) },
      ...{ TELEGRAM_DC: '127.0.0.1:9', SEND_MEDIA_TELEGRAM_DC: '127.0.0.1:9' },
    };
    const other = await checkSetup(real);
    expect(other.found('database')).toContain(
      'DATA_DIR has served the sandbox and cannot serve real Telegram',
    );
  });

  it('tells how old the newest backup is', async () => {
    const { env } = await signedIn();
    const backups = temporaryFolder();
    const name = (daysAgo: number) =>
      `vestnik-${new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 19).replaceAll(':', '-')}`;
    mkdirSync(join(backups, name(40)));
    const old = await checkSetup(env, '--backups', backups);
    expect(old.found('backup')).toMatch(/^warn the newest of 1 in .* is 40\.0 days old: npm run backup -- /);
    expect(old.code).toBe(0);
    mkdirSync(join(backups, name(1)));
    expect((await checkSetup(env, '--backups', backups)).found('backup')).toMatch(/^ok .* 1\.0 days old/);
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
      `ok send-text runs at http://127.0.0.1:${port} and is signed in; it was asked, and its session left alone`,
    );
    expect(found('port of send-text')).toBe(`ok 127.0.0.1:${port}, where it runs`);
    expect(found('database')).toBe('ok send-text runs and says: the database answers');
    // That of send-media alone, which does not run.
    expect(await openedBySessions(sandbox)).toBe(before + 1);

    const elsewhere = await checkSetup(env);
    expect(elsewhere.found('session of send-text')).toMatch(
      /^fail it is not opened: another send-text is running on this DATA_DIR/,
    );
    expect(await openedBySessions(sandbox)).toBe(before + 2);
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
