/** What the real command says of this machine: files, disk, database, backups and ports. */
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startGatewayProcess } from '../../testkit/stack.ts';
import { checkSetup, signedIn } from '../testing/signed-in.ts';
import { sentence } from '../../kit/reason.ts';
import { cannotWrite } from '../../gateway/storage/storage-trouble.ts';
import { roomOf } from './disk.ts';

/** Something that holds a port and is none of ours. */
async function stranger(): Promise<number> {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

describe('npm run check-setup', { timeout: 120_000 }, () => {
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
      'fail send-media has port 59999 too: set SEND_TEXT_PORT to another',
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
        `fail ${files[0]} is readable by others (mode 0644): chmod 600 ${files[0]}`,
        `fail ${token} is readable by others (mode 0640): chmod 600 ${token}`,
        `fail DATA_DIR ${dataDir} is writable by others (mode 0777): chmod 700 ${dataDir}`,
      ].sort(),
    );
  });

  it('minds a .env that others may read only where it holds a secret', async () => {
    const { env } = await signedIn();
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, '.env'), 'RETAIN_DAYS=3\n', { mode: 0o644 });
    expect((await checkSetup(env, { cwd })).amiss).toEqual([]);
    writeFileSync(join(cwd, '.env'), `SEND_TEXT_TELEGRAM_API_HASH=${'0'.repeat(32)}\n`);
    expect((await checkSetup(env, { cwd })).found('rights of files')).toBe(
      `fail ${cwd}/.env is readable by others (mode 0644): chmod 600 ${cwd}/.env`,
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
      DATA_DIR: used,
      PORT: '0',
      MONITOR_PORT: '0',
      TELEGRAM_API_ID: '1',
      TELEGRAM_API_HASH: '0'.repeat(32),
      TELEGRAM_DC: '127.0.0.1:9',
      SEND_MEDIA_TELEGRAM_DC: '127.0.0.1:9',
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
    const old = await checkSetup(env, { args: ['--backups', backups] });
    expect(old.found('backup')).toMatch(/^warn the newest of 1 in .* is 40\.0 days old: npm run backup -- /);
    expect(old.code).toBe(0);
    mkdirSync(join(backups, name(1)));
    expect((await checkSetup(env, { args: ['--backups', backups] })).found('backup')).toMatch(
      /^ok .* 1\.0 days old/,
    );
  });

  it('leaves the database of gateways that were stopped as it is, and says how much waits', async () => {
    const { env, dataDir } = await signedIn();
    const gateway = startGatewayProcess('send-text', env);
    await gateway.port();
    await gateway.stop('SIGTERM');
    const before = readdirSync(dataDir);
    expect((await checkSetup(env)).found('database')).toMatch(
      /^ok .*vestnik\.db is sound; 0 messages wait in it$/,
    );
    expect(readdirSync(dataDir).sort()).toEqual([...before, 'main.send-media.lock'].sort());
  });

  const isRoot = process.getuid?.() === 0;
  const skipped = isRoot ? '' : ' (skipped: only root may give files away)';
  it.runIf(isRoot)(`touches nothing in a DATA_DIR of another user${skipped}`, async () => {
    const { env, dataDir } = await signedIn();
    chownSync(dataDir, 1234, 1234);
    const before = readdirSync(dataDir);
    const { code, found } = await checkSetup(env);
    expect(code).toBe(1);
    expect(found('rights of files')).toMatch(
      /^fail DATA_DIR .* belongs to user 1234, but this runs as 0: run this as/,
    );
    expect(found('session of send-text')).toBe(
      'fail not opened: DATA_DIR belongs to user 1234: run this as that user',
    );
    expect(readdirSync(dataDir)).toEqual(before);
  });
});

describe('the disk', () => {
  it.each([
    [31, 'fail', /^31 MB free under \/data, and below 32 MB messages are refused: free some space$/],
    [1_000, 'warn', /less than one file of MAX_UPLOAD_MB \(2000\)/],
    [3_000, 'ok', /^3000 MB free under \/data$/],
  ])('of %i MB is %s', (megabytes, state, detail) => {
    const found = roomOf('/data', megabytes * 1e6, 2_000e6);
    expect(found).toMatchObject({ state, detail: expect.stringMatching(detail) });
  });

  it.each([
    ['EROFS', 'the disk of /data is mounted read-only'],
    ['ENOSPC', 'the disk of /data is full'],
    ['EACCES', '/data cannot be written by this user'],
    ['EIO', 'the disk of /data fails'],
    ['EMFILE', 'no file descriptor left (EMFILE): raise its limit'],
    ['EINVAL', 'nothing can be kept under /data: said by the system'],
  ])('that fails with %s is told in words', (code, words) => {
    const error = Object.assign(new Error('said by the system'), { code });
    expect(sentence(cannotWrite('/data', error))).toContain(words);
  });
});
