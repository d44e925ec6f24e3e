import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { hasCommand, output } from '../engines/command.ts';

const here = import.meta.dirname;
const config = join(here, 'alertmanager.yml');
const hasAmtool = await hasCommand('amtool');
const why = hasAmtool ? '' : ' (skipped: amtool is not installed)';

/** Starts `script` in place of Alertmanager: `$config` is the file it is given, `$@` the rest of its arguments. */
async function started(script: string, env: Readonly<Record<string, string>> = {}, inFile?: string) {
  const dir = temporaryFolder();
  const [program, file] = [join(dir, 'program'), join(dir, 'address')];
  writeFileSync(program, `#!/bin/sh\nconfig=\${1#--config.file=}\nshift\n${script}\n`, { mode: 0o700 });
  if (inFile !== undefined) writeFileSync(file, `${inFile}\n`);
  return promisify(execFile)(join(here, 'start'), [program, '--of-its-own'], {
    env: {
      PATH: process.env.PATH,
      TMPDIR: dir,
      ...env,
      ...(inFile !== undefined && { ALERTMANAGER_WEBHOOK_URL_FILE: file }),
    },
    timeout: 20_000,
  });
}

describe('ops/alertmanager/start', () => {
  it('adds the webhook from the environment or a file, readable by nobody else', async () => {
    const address = 'https://example.org/alerts?key=a&b=%20c';
    const script = 'stat -c %a "$config"; cat "$config"; echo "$@"; env';
    for (const { stdout } of [
      await started(script, { ALERTMANAGER_WEBHOOK_URL: address }),
      await started(script, {}, address),
    ]) {
      expect(stdout).toMatch(/^600\n/);
      expect(stdout).toContain(
        `  - name: operators\n    webhook_configs: [{ url: '${address}', max_alerts: 50 }]\n--of-its-own\n`,
      );
      expect(stdout).not.toContain('ALERTMANAGER_WEBHOOK_URL=');
    }
  });

  it('tells nobody where it is given no address', async () => {
    const { stdout } = await started('cat "$config"');
    expect(stdout).toBe(readFileSync(config, 'utf8'));
  });

  it.each(['example.org', 'ftp://example.org', "https://example.org/'}", 'https://example.org/ b'])(
    'refuses %s in words, and without showing it',
    async (address) => {
      const refused = await started('echo started', { ALERTMANAGER_WEBHOOK_URL: address }).catch(
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
      );
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toBe(
        'alertmanager: ALERTMANAGER_WEBHOOK_URL takes an http(s) address such as https://example.org/alerts\n',
      );
    },
  );
});

describe.skipIf(!hasAmtool)(`to amtool${why}`, () => {
  it('the config is right, with a webhook and without', async () => {
    expect(await output('amtool', ['check-config', config])).toContain('SUCCESS');
    const { stdout } = await started('amtool check-config "$config"', {
      ALERTMANAGER_WEBHOOK_URL: 'http://127.0.0.1:9/alerts',
    });
    expect(stdout).toContain('SUCCESS');
  });

  it.each(['critical', 'warning', 'info'])('%s alerts go to the operators', async (severity) => {
    const args = ['config', 'routes', 'test', `--config.file=${config}`, `severity=${severity}`];
    expect((await output('amtool', args)).trim()).toBe('operators');
  });
});

it('every alert that Alertmanager is told of by name is one of the rules', () => {
  const rules = ['availability', 'delivery']
    .map((name) => readFileSync(join(here, `../prometheus/rules/${name}.yml`), 'utf8'))
    .join('');
  const named = new Set(readFileSync(config, 'utf8').match(/Vestnik\w+/g));
  expect(named.size).toBeGreaterThan(3);
  for (const name of named) expect(rules).toContain(`- alert: ${name}\n`);
});
