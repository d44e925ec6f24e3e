/** The command as its owner runs it: a process that asks, is answered, and is ended by Ctrl-C. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { gatewayEnvironment, startGatewayProcess } from '../../testkit/stack.ts';
import { run } from '../testing/command.ts';
import { leftIn, sendsIn } from './testing/verifying.ts';

const phoneOfHarbour = '9996640001';

describe('npm run verify-account', { timeout: 120_000 }, () => {
  it('asks first, and sends nothing without a yes', async () => {
    const sandbox = await startSandbox();
    const env = gatewayEnvironment(sandbox, temporaryFolder());
    for (const answer of ['no', 'y', undefined]) {
      const command = run(['verify-account'], env);
      await command.says(/at most 25 harmless messages[^]*about 2 minutes[^]*Go on\? \(yes or no\): /);
      if (answer === undefined) command.child.stdin!.end();
      else command.type(answer);
      expect(await command.ended).toBe(2);
      expect(command.output).toContain('verify-account: nothing was sent');
    }
    expect(Object.keys((await sandbox.report()).rpc)).toEqual([]);
  });

  it('refuses while a gateway holds its session, and asks nothing', async () => {
    const sandbox = await startSandbox();
    const env = gatewayEnvironment(sandbox, temporaryFolder());
    await startGatewayProcess('send-text', env).port();
    const command = run(['verify-account', '--yes'], env);
    expect(await command.ended).toBe(2);
    expect(command.output).toContain('another send-text is running');
    expect(command.output).not.toContain('| belief |');
    expect(sendsIn(await sandbox.report())).toBe(0);
  });

  it('goes on at a yes, and deletes what it sent at Ctrl-C', async () => {
    const sandbox = await startSandbox({ signIn: 'required' });
    const env = gatewayEnvironment(sandbox, temporaryFolder());
    const login = run(['login'], env);
    await login.says(/Phone number/);
    login.type(phoneOfHarbour);
    await login.says(/Code that Telegram sent/);
    const [{ code } = { code: '' }] = await sandbox.get<{ code: string }[]>('/codes');
    login.type(code);
    expect(await login.ended).toBe(0);

    const command = run(['verify-account'], env);
    await command.says(/Go on\?/);
    command.type('yes');
    await command.says(/yes: A text/);
    await sandbox.untilReport(({ delivered_total: total }) => total >= 2);
    expect(await command.stop('SIGINT')).toBe(2);
    expect(command.stdout).toMatch(/\| belief \|[^]*\| yes \|[^]*\| ended by hand \| not reached \|/);
    expect(command.stdout).toContain('It ended before all was asked: ended by hand.');
    const { delivered } = await sandbox.report();
    expect(await leftIn(sandbox, delivered[0]!.account)).toEqual([]);
    for (const secret of ['Harbour', phoneOfHarbour, delivered[0]!.account])
      expect(command.output).not.toContain(secret);
  });
});
