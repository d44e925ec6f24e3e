import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';

let dir: string;
beforeEach(() => {
  dir = temporaryFolder();
});

/** Starts, in place of Grafana, what prints the password it finds; what both have printed. */
async function started(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const print = 'echo "given: $GF_SECURITY_ADMIN_PASSWORD"';
  const { stdout } = await promisify(execFile)(join(import.meta.dirname, 'start'), ['sh', '-c', print], {
    env: { PATH: process.env.PATH, GF_PATHS_DATA: dir, ...env },
    timeout: 20_000,
  });
  return stdout;
}

describe('ops/grafana/start', () => {
  it('makes a password of its own at the first start, which it prints once', async () => {
    const form =
      /^grafana: sign in as admin with the password (\S{20}) \(shown this once\)\ngiven: (\S{20})\n$/;
    const [, shown, given] = form.exec(await started())!;
    expect(given).toBe(shown);
    expect(form.exec(await started())![1]).not.toBe(shown);
    writeFileSync(join(dir, 'grafana.db'), '');
    expect(await started()).toBe('given: \n');
  });

  it('leaves a password alone that is configured, and a file with one', async () => {
    expect(await started({ GF_SECURITY_ADMIN_PASSWORD: 'mine' })).toBe('given: mine\n');
    expect(await started({ GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-password' })).toBe(
      'given: \n',
    );
  });
});
