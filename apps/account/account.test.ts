import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    await login.says(/That was wrong\. Code/);
    login.type(code);
    await login.says(/Password/);
    login.type('not it');
    await login.says(/That was wrong\. Password/);
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

  it('follows an account to its data centre', async () => {
    const { sandbox, env, files } = await prepare();
    const login = await logIn(sandbox, env, phoneOfOtherDataCentre);
    expect(await login.ended).toBe(0);
    expect(files.every((file) => existsSync(file))).toBe(true);
    const who = run(['whoami'], env);
    expect(await who.ended).toBe(0);
    expect(who.output).toMatch(/send-text: Harbour.*\nsend-media: Harbour/);
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

  it('leaves nothing behind when no account has the phone number', async () => {
    const { sandbox, env, files } = await prepare();
    const login = await logIn(sandbox, env, '9996629999');
    expect(await login.ended).toBe(1);
    expect(login.output).toContain('there is no Telegram account with this phone number');
    expect(files.some((file) => existsSync(file))).toBe(false);
  });

  it('says which settings are missing for real Telegram', async () => {
    const login = run(['login'], { DATA_DIR: temporaryFolder() });
    expect(await login.ended).toBe(1);
    expect(login.output).toContain('TELEGRAM_API_ID and TELEGRAM_API_HASH are needed');
  });
});
