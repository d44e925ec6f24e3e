/** What the real command says of the data centre and of the sessions, over TCP to a sandbox. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatSession } from '../../gateway/telegram/session.ts';
import { writeSessionFile } from '../../gateway/telegram/session-file.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { gatewayEnvironment } from '../../testkit/stack.ts';
import { checkSetup, openedBySessions, sessionsOf, signedIn } from '../testing/signed-in.ts';

describe('npm run check-setup', { timeout: 120_000 }, () => {
  it('finds the clock of this machine wrong', async () => {
    const { sandbox, env } = await signedIn();
    await sandbox.post('/faults', [{ clock_skew_seconds: -90 }]);
    const { code, amiss, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('clock')).toMatch(
      /^fail this machine's is (89|90)\.\d s ahead of .*: run timedatectl set-ntp true/,
    );
    expect(amiss.map(({ check }) => check)).toEqual(['clock']);
  });

  it('tells a data centre that cannot be reached, and a session that cannot be checked', async () => {
    const { sandbox, env } = await signedIn();
    await sandbox.close();
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('data centre')).toMatch(
      /^fail data centre 2 at .* cannot be reached \(.*ECONNREFUSED.*\): /,
    );
    expect(found('session of send-text')).toMatch(/^fail could not be checked \(/);
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
      /^fail the session belongs to data centre 4 at 127\.0\.0\.2:9, and TELEGRAM_DC .* does not change that/,
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
      /^fail they belong to two accounts, Vestnik, id \d+ and Other, id \d+: sign both/,
    );
  });

  it('reaches every address that the data centre names', async () => {
    const { sandbox, env } = await signedIn();
    const { found } = await checkSetup({ ...env, TELEGRAM_DC: `localhost:${sandbox.port}` });
    expect(found('data centre').split('\n')).toEqual([
      expect.stringMatching(`^ok data centre 2 at localhost:${sandbox.port} answers`),
      expect.stringMatching(`^ok data centre 2 at 127.0.0.1:${sandbox.port} answers`),
    ]);
  });

  it('goes through the proxy that is set, and names one that is at fault', async () => {
    const { sandbox, env } = await signedIn();
    const proxied = { ...env, TELEGRAM_DC: `localhost:${sandbox.port}` };
    const link = (secret: string) => `mtproxy://127.0.0.1:${sandbox.proxyPort}?secret=${secret}`;
    const through = await checkSetup({ ...proxied, TELEGRAM_PROXY: link(sandbox.proxySecrets.padded) });
    expect(through.amiss).toEqual([]);
    expect(through.found('data centre')).toContain(
      `through the proxy 127.0.0.1:${sandbox.proxyPort} answers`,
    );
    const dead = await checkSetup({ ...proxied, TELEGRAM_PROXY: 'socks5://user:a-password@127.0.0.1:9' });
    expect(dead.code).toBe(1);
    expect(dead.found('data centre')).toMatch(
      / cannot be reached: the proxy 127\.0\.0\.1:9 cannot be reached .*: start it/,
    );
    expect(dead.output).not.toContain('a-password');
  });

  it('waits for no data centre for long that takes connections and says nothing', async () => {
    const { env } = await signedIn();
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const { code, found } = await checkSetup({ ...env, TELEGRAM_DC: `127.0.0.1:${port}` });
    expect(code).toBe(1);
    expect(found('data centre')).toMatch(/^fail .* cannot be reached \(.*no answer within \d+ ms/);
    expect(found('session of send-media')).toMatch(/^fail could not be checked \(/);
  });

  it('tells a key that Telegram does not know, and an account that is frozen', async () => {
    const { sandbox, env, sessions, files } = await signedIn();
    writeSessionFile(files[0]!, formatSession({ ...sessions[0]!, authKey: randomBytes(256) }));
    await sandbox.post('/accounts', { phone: '9996620001', first_name: 'Vestnik', frozen: true });
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('session of send-text')).toMatch(
      /^fail Telegram does not know the key of the session \(-404\)/,
    );
    expect(found('session of send-media')).toMatch(/^fail Telegram froze the account on .*appeal/);
  });

  it('names who else uses the account, and takes the other gateway for none of them', async () => {
    const { sandbox, env } = await signedIn();
    expect((await checkSetup(env)).found('other users')).toMatch(/^ok no other session of api_id 1 was used/);
    await sessionsOf(sandbox, env, '9996620001');
    const { code, found } = await checkSetup(env);
    expect(found('other users')).toMatch(
      /^warn (Vestnik, Sandbox client [\d.]+, used .*Z(; )?){2}: .*Settings, Devices/,
    );
    expect(found('other users')).not.toContain('127.0.0.1');
    expect(code).toBe(0);
  });

  it('is content without a session where a sandbox signs every key in', async () => {
    const sandbox = await startSandbox();
    const env = { ...gatewayEnvironment(sandbox, temporaryFolder()), MONITOR_PORT: '0' };
    const { amiss, found } = await checkSetup(env);
    expect(amiss).toEqual([]);
    expect(found('session of send-text')).toBe('ok Vestnik, id 6200000001');
  });
});
