/** The entry points under plain Node, as they are really run. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';
import { isPassword } from './access/passwords.ts';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('apps/monitor/main.ts', () => {
  it('tells its password once, in words of its own, and stops cleanly on SIGTERM', async () => {
    const monitor = startProcess(entry('main.ts'), { cwd: temporaryFolder(), env: { MONITOR_PORT: '0' } });
    await monitor.listening();
    expect(await monitor.stop()).toBe(0);
    const [, password] =
      /^monitor: sign in as admin with the password (\S+) \(shown this once\)\n$/.exec(monitor.stderr) ?? [];
    expect(password).toBeDefined();
    expect(monitor.stdout).not.toContain(password);
  });

  it('says in one line which settings are wrong, without showing a secret', async () => {
    const env = { MONITOR_PASSWORD_HASH: 'hunter2', SUPERVISOR: 'upstart' };
    const monitor = startProcess(entry('main.ts'), { env });
    expect(await monitor.ended).toBe(1);
    expect(monitor.stderr).toMatch(
      /^monitor: settings are wrong: MONITOR_PASSWORD_HASH takes [^\n]*; SUPERVISOR takes [^\n]*\n$/,
    );
    expect(monitor.stderr).not.toContain('hunter2');
  });
});

describe('apps/monitor/hash-password.ts', () => {
  it('prints the hash of the password it reads', async () => {
    const input = 'correct horse\n';
    const { stdout, stderr } = spawnSync(process.execPath, [entry('hash-password.ts')], {
      input,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(await isPassword('correct horse', stdout.trim())).toBe(true);
  });
});
