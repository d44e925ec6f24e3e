import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSession, parseSession } from '../gateway/telegram/session.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { client, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { run } from './testing/command.ts';

const plainPhone = '+999 662 0001';
const phoneWithPassword = '9996620002';
const phoneOfOtherDataCentre = '9996640001';

async function prepare() {
  const sandbox = await startSandbox({ signIn: 'required' });
  const dataDir = temporaryFolder();
  const env = gatewayEnvironment(sandbox, dataDir);
  const files = ['send-text', 'send-media'].map((name) => join(dataDir, 'sessions', `main.${name}.session`));
  return { sandbox, dataDir, env, files };
}

async function codeFor(sandbox: TestSandbox, phone: string): Promise<string> {
  const codes = await sandbox.get<{ phone: string; code: string }[]>('/codes');
  return codes.find((each) => each.phone === phone.replace(/\D/g, ''))!.code;
}

async function logIn(sandbox: TestSandbox, env: Record<string, string>, phone: string) {
  const login = run(['login'], env);
  await login.says(/Phone number/);
  login.type(phone);
  await login.says(/Code that Telegram sent/);
  login.type(await codeFor(sandbox, phone));
  return login;
}

describe('npm run login', { timeout: 120_000 }, () => {
  it('makes a session for each gateway with one code, for the owner only, and the gateways take them', async () => {
    const { sandbox, env, files } = await prepare();
    const login = await logIn(sandbox, env, plainPhone);
    expect(await login.ended).toBe(0);
    expect(login.output).toContain('Signed in as Vestnik');
    for (const file of files) {
      expect(login.output).toContain(file);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }

    const who = run(['whoami'], env);
    expect(await who.ended).toBe(0);
    expect(who.output).toMatch(/send-text: Vestnik.*\nsend-media: Vestnik/);

    const gateway = startGatewayProcess('send-text', env);
    const { status } = await client(await gateway.port()).post('/send', { to: 'me', text: 'signed in' });
    expect(status).toBe(200);
    const busy = run(['logout'], env);
    expect(await busy.ended).toBe(1);
    expect(busy.output).toContain('another send-text is running');
    await gateway.stop('SIGTERM');

    const logout = run(['logout'], env);
    expect(await logout.ended).toBe(0);
    expect(files.some((file) => existsSync(file))).toBe(false);
    const after = run(['whoami'], env);
    expect(await after.ended).toBe(1);
    expect(after.output).toContain('npm run login makes one');
  });

  it('asks again after a wrong code and a wrong password', async () => {
    const { sandbox, env, files } = await prepare();
    const login = run(['login'], env);
    await login.says(/Phone number/);
    login.type(phoneWithPassword);
    await login.says(/Code that Telegram sent/);
    const code = await codeFor(sandbox, phoneWithPassword);
    login.type(code === '11111' ? '22222' : '11111');
    await login.says(/Wrong\. Code/);
    login.type(code);
    await login.says(/Password/);
    login.type('not it');
    await login.says(/Wrong\. Password/);
    login.type('sandbox');
    // The second session of an account with a password asks for it too.
    await until(
      'it is signed in, or asks again',
      () => existsSync(files[1]!) || login.output.split('Password').length > 3,
    );
    login.type('sandbox');
    expect(await login.ended).toBe(0);
    expect(login.output).not.toContain('not it');
    expect(files.every((file) => existsSync(file))).toBe(true);
  });

  it.each(['directly', 'through an MTProxy'])('follows an account to its data centre %s', async (way) => {
    const { sandbox, env: direct, files } = await prepare();
    const { proxyPort, proxySecrets } = sandbox;
    // Nothing listens at port 1: a connection that is not the proxy's fails.
    const proxied = {
      TELEGRAM_DC: '127.0.0.1:1',
      TELEGRAM_PROXY: `tg://proxy?server=127.0.0.1&port=${proxyPort}&secret=${proxySecrets.tls}`,
    };
    const env = { ...direct, ...(way !== 'directly' && proxied) };
    const login = await logIn(sandbox, env, phoneOfOtherDataCentre);
    expect(await login.ended).toBe(0);
    expect(files.every((file) => existsSync(file))).toBe(true);
    const who = run(['whoami'], env);
    expect(await who.ended).toBe(0);
    expect(who.output).toMatch(/send-text: Harbour.*\nsend-media: Harbour/);

    const gateway = startGatewayProcess('send-text', env);
    const { status } = await client(await gateway.port()).post('/send', { to: 'me', text: 'from there' });
    expect(status).toBe(200);
  });

  it('takes a code that comes by e-mail, and asks again after a wrong one', async () => {
    const { sandbox, env, files } = await prepare();
    await sandbox.post('/accounts', { phone: '9996620007', first_name: 'Letterbox', code_by: 'email' });
    const login = run(['login'], env);
    await login.says(/Phone number/);
    login.type('9996620007');
    await login.says(/Code that Telegram sent by e-mail to s\*\*\*x@example\.com/);
    const code = await codeFor(sandbox, '9996620007');
    login.type(code === '11111' ? '22222' : '11111');
    await login.says(/Wrong\. Code/);
    login.type(code);
    expect(await login.ended).toBe(0);
    expect(login.output).toContain('Signed in as Letterbox');
    expect(files.every((file) => existsSync(file))).toBe(true);
  });

  it.each(['fragment', 'email_setup'])('points to --qr where the code comes by %s', async (code_by) => {
    const { sandbox, env } = await prepare();
    await sandbox.post('/accounts', { phone: '9996620008', first_name: 'Elsewhere', code_by });
    const login = run(['login'], env);
    await login.says(/Phone number/);
    login.type('9996620008');
    expect(await login.ended).toBe(1);
    expect(login.output).toMatch(/login: Telegram asks for auth\.SentCodeType\w+, .* use --qr/);
  });

  it('follows a network to another data centre, and the phone number from there', async () => {
    const { sandbox, env } = await prepare();
    await sandbox.post('/faults', [{ method: 'auth.sendCode', error: 'NETWORK_MIGRATE_1', times: 1 }]);
    const login = await logIn(sandbox, env, phoneOfOtherDataCentre);
    expect(await login.ended).toBe(0);
    expect(login.output).toContain('Signed in as Harbour');
  });

  it('follows a network to another data centre with a QR code', async () => {
    const { sandbox, env } = await prepare();
    await sandbox.post('/faults', [
      { method: 'auth.exportLoginToken', error: 'NETWORK_MIGRATE_4', times: 1 },
    ]);
    const login = run(['login', '--qr'], env);
    const [, token] = await login.says(/tg:\/\/login\?token=([\w-]+)/);
    await sandbox.post('/login-tokens/accept', { token, phone: '9996640001' });
    expect(await login.ended).toBe(0);
    expect(login.output).toContain('Signed in as Harbour');
  });

  it('signs in by a QR code that a signed-in device accepts', async () => {
    const { sandbox, env, files } = await prepare();
    const login = run(['login', '--qr'], env);
    const [, token] = await login.says(/tg:\/\/login\?token=([\w-]+)/);
    await sandbox.post('/login-tokens/accept', { token, phone: '9996620001' });
    expect(await login.ended).toBe(0);
    expect(login.output).toMatch(/[█▀▄]{10}/);
    expect(files.every((file) => existsSync(file))).toBe(true);
  });

  it('takes a second code where the first session may not sign the second one in', async () => {
    const { sandbox, env, files } = await prepare();
    await sandbox.post('/faults', [{ method: 'auth.acceptLoginToken', error: 'NOT_IMPLEMENTED' }]);
    const login = await logIn(sandbox, env, plainPhone);
    await login.says(
      /send-media could not be signed in through the session of send-text \(auth\.acceptLoginToken: NOT_IMPLEMENTED\)[^]*Code that/,
    );
    login.type(await codeFor(sandbox, plainPhone));
    expect(await login.ended).toBe(0);
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(await sandbox.get('/sessions')).toHaveLength(2);
  });

  it('signs the first session out again where there is no second one', async () => {
    const { sandbox, env, files } = await prepare();
    await sandbox.post('/faults', [{ method: 'auth.acceptLoginToken', error: 'NOT_IMPLEMENTED' }]);
    const login = await logIn(sandbox, env, plainPhone);
    await login.says(/send-media could not be signed in through [^]*Code that/);
    login.child.stdin!.end();
    expect(await login.ended).toBe(1);
    expect(login.output).toMatch(
      /login: send-media could not be signed in \(.*\); send-text was signed out again/,
    );
    expect(await sandbox.get('/sessions')).toEqual([]);
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('leaves no signed-in key behind where the answer to the code cannot be read', async () => {
    const { sandbox, env } = await prepare();
    await sandbox.post('/faults', [{ method: 'auth.signIn', unknown_constructor: 'result', times: 1 }]);
    const login = await logIn(sandbox, env, plainPhone);
    expect(await login.ended).toBe(1);
    expect(login.output).toContain('nothing is signed in now');
    expect((await sandbox.report()).rpc).toMatchObject({ 'auth.signIn': 1, 'auth.logOut': 1 });
    expect(await sandbox.get('/sessions')).toEqual([]);
  });

  it('leaves nothing behind when no account has the phone number', async () => {
    const { sandbox, env, files } = await prepare();
    const login = await logIn(sandbox, env, '9996629999');
    expect(await login.ended).toBe(1);
    expect(login.output).toContain('there is no Telegram account with this phone number');
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('has a way out of a session that was revoked: named by whoami, removed by logout, replaced by login', async () => {
    const { sandbox, env, files } = await prepare();
    expect(await (await logIn(sandbox, env, plainPhone)).ended).toBe(0);
    await sandbox.post('/sessions/revoke', { phone: '9996620001' });

    const who = run(['whoami'], env);
    expect(await who.ended).toBe(1);
    expect(who.output).toMatch(
      /send-text: the session was revoked \(SESSION_REVOKED\).*\nsend-media: the session was/,
    );

    const again = run(['login'], env);
    for (const count of [1, 2]) {
      await until('it is asked', () => again.output.split('Replace it?').length > count);
      again.type('yes');
    }
    await again.says(/Phone number/);
    again.type(plainPhone);
    await again.says(/Code that Telegram sent/);
    again.type(await codeFor(sandbox, plainPhone));
    expect(await again.ended).toBe(0);

    await sandbox.post('/sessions/revoke', { phone: '9996620001' });
    const logout = run(['logout'], env);
    expect(await logout.ended).toBe(0);
    expect(logout.output).toMatch(
      /send-text: the session was revoked.* removed\nsend-media: the session was revoked.* removed/,
    );
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('keeps a session that is over where it is not to be replaced, and one that speaks', async () => {
    const { sandbox, env, files } = await prepare();
    expect(await (await logIn(sandbox, env, plainPhone)).ended).toBe(0);
    const kept = readFileSync(files[0]!, 'utf8');
    const living = run(['login'], env);
    expect(await living.ended).toBe(1);
    expect(living.output).toContain('exists already: run npm run logout first');
    await sandbox.post('/sessions/revoke', { phone: '9996620001' });
    const declined = run(['login'], env);
    await declined.says(/Replace it\?/);
    declined.type('no');
    expect(await declined.ended).toBe(1);
    expect(readFileSync(files[0]!, 'utf8')).toBe(kept);
  });

  it('names an account that was deactivated and a key that Telegram does not know, and logs out of both', async () => {
    const { sandbox, env, files } = await prepare();
    expect(await (await logIn(sandbox, env, plainPhone)).ended).toBe(0);
    const session = parseSession(readFileSync(files[0]!, 'utf8').trim())!;
    writeFileSync(files[0]!, formatSession({ ...session, authKey: randomBytes(256) }));
    await sandbox.post('/faults', [{ method: 'users.getUsers', error: 'USER_DEACTIVATED_BAN' }]);
    const who = run(['whoami'], env);
    expect(await who.ended).toBe(1);
    expect(who.output).toContain('send-text: Telegram does not know the key of the session (-404)');
    expect(who.output).toContain('send-media: Telegram deactivated the account (USER_DEACTIVATED_BAN)');

    await sandbox.post('/faults', [{ method: 'auth.logOut', error: 'USER_DEACTIVATED_BAN' }]);
    const logout = run(['logout'], env);
    expect(await logout.ended).toBe(0);
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('keeps a session that one connection denies and the next one knows', async () => {
    const { sandbox, env } = await prepare();
    expect(await (await logIn(sandbox, env, plainPhone)).ended).toBe(0);
    await sandbox.post('/faults', [{ transport_error: -404, times: 1 }]);
    const who = run(['whoami'], env);
    expect(await who.ended).toBe(0);
    expect(who.output).toMatch(/send-text: Vestnik.*\nsend-media: Vestnik/);
  });

  it('says which settings are missing for real Telegram', async () => {
    const login = run(['login'], { DATA_DIR: temporaryFolder() });
    expect(await login.ended).toBe(1);
    expect(login.output).toContain('TELEGRAM_API_ID and TELEGRAM_API_HASH are required');
  });
});
