/** The entry points under plain Node, as they are really run. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPassword } from './access/passwords.ts';

const entry = (name: string) => fileURLToPath(new URL(name, import.meta.url));
let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'vestnik-monitor-main-'))));
afterEach(() => rm(dir, { recursive: true }));

describe('apps/monitor/main.ts', () => {
  it('tells its password once, in words of its own, and stops cleanly on SIGTERM', async () => {
    const monitor = spawn(process.execPath, [entry('main.ts')], {
      cwd: dir,
      env: { PATH: process.env.PATH, MONITOR_PORT: '0' },
    });
    let stderr = '';
    monitor.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    let stdout = '';
    await new Promise<void>((resolve, reject) => {
      monitor.once('exit', () => reject(new Error(`it ended: ${stderr}${stdout}`)));
      monitor.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (stdout.includes('listening')) resolve();
      });
    });
    monitor.kill('SIGTERM');
    const code = await new Promise((resolve) => monitor.once('close', resolve));
    expect(code).toBe(0);
    const [, password] =
      /^monitor: sign in as admin with the password (\S+) \(shown this once\)\n$/.exec(stderr) ?? [];
    expect(password).toBeDefined();
    expect(stdout).not.toContain(password);
  });

  it('says in one line which settings are wrong, without showing a secret', () => {
    const env = { PATH: process.env.PATH, MONITOR_PASSWORD_HASH: 'hunter2', SUPERVISOR: 'upstart' };
    const { status, stderr } = spawnSync(process.execPath, [entry('main.ts')], {
      cwd: dir,
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^monitor: settings are wrong: MONITOR_PASSWORD_HASH takes [^\n]*; SUPERVISOR takes [^\n]*\n$/,
    );
    expect(stderr).not.toContain('hunter2');
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
