/** The real processes together, started and stopped as `npm start` does it, on the sandbox. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LauncherProcess } from './testing/launcher-process.ts';
import { until } from '../testkit/until.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the whole stack', { timeout: 60_000 }, () => {
  it('sends by the lines that it printed, mends a gateway that is killed, and leaves nothing', async () => {
    await using launcher = await LauncherProcess.start({}, '../main.ts');
    await launcher.up();
    const lines = [...launcher.stdout.matchAll(/^ {2}(curl .*)$/gm)].map(([, line]) => line!);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(await answerOf(line)).toMatchObject({ ok: true, status: 'sent', sandbox: true });

    const before = await launcher.service('send-text');
    process.kill(before.pid!, 'SIGKILL');
    await until('the gateway runs again', async () => {
      const { pid, state } = await launcher.service('send-text');
      return state === 'running' && pid !== before.pid;
    });
    expect(await answerOf(lines[0]!)).toMatchObject({ ok: true, status: 'sent' });

    const [, password] = /password (\S+) {2}\(shown only once\)/.exec(launcher.stdout)!;
    const services = await until(
      'the monitor finds both well',
      async () => {
        const answer = await fetch(`http://127.0.0.1:${launcher.ports.MONITOR_PORT}/api/services`, {
          headers: { authorization: `Basic ${btoa(`admin:${password}`)}` },
        });
        const views = (await answer.json()) as { health: { status: string } | null }[];
        return views.every(({ health }) => health?.status === 'ok') && views;
      },
      45_000,
    );
    expect(services).toMatchObject([
      { name: 'send-text', state: 'running', restarts: 1, sandbox: true },
      { name: 'send-media', state: 'running', restarts: 0, sandbox: true },
    ]);

    expect(await launcher.stop('SIGINT')).toBe(0);
    expect(launcher.left()).toEqual([]);
    expect(launcher.stderr).toBe('');
  });

  it('leaves nothing when it is killed itself', async () => {
    await using launcher = await LauncherProcess.start({}, '../main.ts');
    await launcher.up();
    await launcher.stop('SIGKILL');
    await until('the services have noticed', () => launcher.left().length === 0);
  });
});

async function answerOf(line: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line], { cwd: root });
  return JSON.parse(stdout);
}
