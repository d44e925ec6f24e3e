/** An imported session whose server does not let it sign the second gateway in, at the simulated Telegram. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { gatewayEnvironment } from '../testkit/stack.ts';
import type { TestProcess } from '../testkit/process.ts';
import { run } from './testing/command.ts';

const phone = '9996620001';

async function answerWith(sandbox: TestSandbox, command: TestProcess, number: string): Promise<void> {
  await command.says(/Phone number/);
  command.type(number);
  await command.says(/Code that Telegram sent/);
  const codes = await sandbox.get<{ phone: string; code: string }[]>('/codes');
  command.type(codes.find((each) => each.phone === number)!.code);
}

/** A session to import, where the server answers auth.acceptLoginToken as one that lacks it. */
async function prepare(code: number) {
  const sandbox = await startSandbox({ signIn: 'required' });
  await sandbox.post('/accounts', { phone: '9996620009', first_name: 'Somebody' });
  const before = gatewayEnvironment(sandbox, temporaryFolder());
  const login = run(['login'], before);
  await answerWith(sandbox, login, phone);
  expect(await login.ended).toBe(0);
  const file = join(temporaryFolder(), 'session.txt');
  copyFileSync(join(before.DATA_DIR!, 'sessions', 'main.send-text.session'), file);
  const error = { error: 'NOT_IMPLEMENTED', error_code: code };
  await sandbox.post('/faults', [{ method: 'auth.acceptLoginToken', ...error }]);
  const dataDir = temporaryFolder();
  const command = run(['import-session', file], gatewayEnvironment(sandbox, dataDir));
  await command.says(/does not let the imported session sign send-media in \(auth\.acceptLoginToken/);
  const sessions = ['send-text', 'send-media'].map((name) =>
    join(dataDir, 'sessions', `main.${name}.session`),
  );
  return { sandbox, command, sessions };
}

describe('the second session of an import', { timeout: 120_000 }, () => {
  it.each([501, 400])('is signed in by a code where the server offers nothing else (%i)', async (code) => {
    const { sandbox, command, sessions } = await prepare(code);
    await answerWith(sandbox, command, phone);
    expect(await command.ended).toBe(0);
    expect(command.output).toMatch(/It belongs to Vestnik.*\n/);
    expect(command.output).toContain('Keep TELEGRAM_API_ID and TELEGRAM_API_HASH of the old service');
    expect(sessions.every((file) => existsSync(file))).toBe(true);
    expect(await sandbox.get('/sessions')).toHaveLength(3);
  });

  it('is not that of another account, and without a code nothing is imported', async () => {
    const { sandbox, command, sessions } = await prepare(501);
    await answerWith(sandbox, command, '9996620009');
    expect(await command.ended).toBe(1);
    expect(command.output).toMatch(
      /nothing was imported.*a different account.*signed out again.*--as send-text/,
    );
    expect(sessions.some((file) => existsSync(file))).toBe(false);
    expect(await sandbox.get('/sessions')).toHaveLength(2);
  });
});
