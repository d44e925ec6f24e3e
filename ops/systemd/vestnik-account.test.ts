/** The script itself, with its folders elsewhere and without another user: each service is checked with its own settings. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { startProgram } from '../../apps/testkit/process.ts';

const project = resolve(import.meta.dirname, '../..');
const installer = readFileSync(join(project, 'ops/install.sh'), 'utf8');
const secrets = /^credentials='([^']+)'/m.exec(installer)![1]!.split(/\s+/);

/** As ops/install.sh leaves it, below a folder. */
function installed(settings: Record<'gateways' | 'monitor', string>) {
  const root = temporaryFolder();
  const at = (...parts: string[]) => join(root, ...parts);
  for (const folder of ['etc/credentials', 'lib/vestnik', 'lib/vestnik-monitor', 'bin'])
    mkdirSync(at(folder), { recursive: true, mode: 0o700 });
  for (const name of secrets) writeFileSync(at('etc/credentials', name), '', { mode: 0o600 });
  for (const [name, text] of Object.entries(settings))
    writeFileSync(at('etc', `${name}.env`), text, { mode: 0o600 });
  const script = readFileSync(join(import.meta.dirname, 'vestnik-account'), 'utf8')
    .replaceAll('/etc/vestnik', at('etc'))
    .replaceAll('/var/lib/', `${at('lib')}/`)
    .replaceAll('/opt/vestnik/node', process.execPath)
    .replaceAll('/opt/vestnik', project);
  writeFileSync(at('vestnik-account'), script, { mode: 0o700 });
  writeFileSync(at('bin/runuser'), '#!/bin/sh\nshift 3\nexec "$@"\n', { mode: 0o700 });
  const run = async (...args: string[]) => {
    const env = { PATH: `${at('bin')}:${process.env.PATH}` };
    const program = startProgram(at('vestnik-account'), { args, env, cwd: root });
    return { code: await program.ended, output: program.output };
  };
  return { at, run };
}

it(
  'checks the gateways and the monitor, each with the settings of its own',
  { timeout: 60_000 },
  async () => {
    const { at, run } = installed({
      gateways: 'PORT=0\nTELEGRAM_API_ID=1\nTELEGRAM_DC=127.0.0.1:9\n',
      monitor: 'MONITOR_PORT=0\nPORT=http\n',
    });
    writeFileSync(at('etc/credentials/telegram-api-hash'), '0'.repeat(32));
    const { code, output } = await run('check-setup');
    expect(output).toMatch(/ok +settings of monitor: /);
    expect(output).toContain('session of send-media: not signed in');
    expect(output).not.toContain('PORT takes');
    expect(output).toContain('127.0.0.1:9 cannot be reached');
    expect(code).toBe(1);
  },
);

it('reports settings and credentials that others may read', { timeout: 60_000 }, async () => {
  const { at, run } = installed({
    gateways: 'TELEGRAM_DC=127.0.0.1:9\nPORT=0\n',
    monitor: 'MONITOR_PORT=0\n',
  });
  const [file, secret] = [at('etc/gateways.env'), at('etc/credentials/api-tokens')];
  for (const each of [file, secret]) chmodSync(each, 0o644);
  const { output } = await run('check-setup');
  for (const each of [file, secret])
    expect(output).toContain(
      `TO DO  rights of files: ${each} is readable by others (mode 0644): chmod 600 ${each}`,
    );
});

it('passes every other command on to the account', { timeout: 60_000 }, async () => {
  const { run } = installed({ gateways: 'TELEGRAM_API_ID=1\nTELEGRAM_API_HASH=0\n', monitor: '' });
  expect((await run('whoami')).output).toMatch(/^whoami: a setting is wrong: TELEGRAM_API_HASH takes/);
});

it('compares with the sessions that the gateways are given', { timeout: 60_000 }, async () => {
  const { at, run } = installed({ gateways: 'TELEGRAM_API_ID=1\nTELEGRAM_DC=127.0.0.1:9\n', monitor: '' });
  writeFileSync(at('etc/credentials/telegram-api-hash'), '0'.repeat(32));
  writeFileSync(at('etc/credentials/send-media-session'), '1damaged');
  const { code, output } = await run('verify-account');
  expect(output).toContain(
    'verify-account: a setting is wrong: TELEGRAM_SESSION takes a whole session string',
  );
  expect(code).toBe(2);
});
