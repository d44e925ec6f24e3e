/** The launcher as a real process with real children that stand in for the services. */
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, LauncherProcess } from './testing/launcher-process.ts';
import { until } from '../testkit/until.ts';

describe('npm start', () => {
  it('starts everything, says what to open and what to try, and leaves nothing after Ctrl-C', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    const { ports, stdout } = launcher;
    expect(stdout).toContain(`http://127.0.0.1:${ports.MONITOR_PORT}  user admin, password made-for-you`);
    expect(stdout).toContain(`Inbox      http://127.0.0.1:${ports.SANDBOX_HTTP_PORT}`);
    expect(stdout).toContain(`curl -s http://127.0.0.1:${ports.SEND_TEXT_PORT}/send_text`);
    expect(stdout).toContain('-F file=@ops/samples/photo.jpg');
    const names = (await launcher.services()).map(({ name, state }) => `${name} ${state}`);
    expect(names).toEqual(['sandbox running', 'send-text running', 'send-media running', 'monitor running']);
    expect(statSync(join(launcher.dir, 'data/launcher.sock')).mode & 0o777).toBe(0o600);

    launcher.child.kill('SIGINT');
    expect(await launcher.stop('SIGINT')).toBe(0);
    expect(launcher.left()).toEqual([]);
    expect(existsSync(join(launcher.dir, 'data/launcher.sock'))).toBe(false);
  });

  it('points the gateways at the sandbox, with data of their own', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    const env = await environmentOf(launcher.ports.SEND_TEXT_PORT);
    expect(env.TELEGRAM_DC).toBe(`127.0.0.1:${launcher.ports.SANDBOX_PORT}`);
    expect(env.TELEGRAM_DC_PUBLIC_KEY_FILE).toBe(join(launcher.dir, 'data/sandbox/public-key.pem'));
    expect(env.DATA_DIR).toBe(join(launcher.dir, 'data/simulated'));
  });

  it('has the services compiled before their first start, so that none loads a compiler', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    for (const port of [launcher.ports.SEND_TEXT_PORT, launcher.ports.MONITOR_PORT]) {
      const answer = await fetch(`http://127.0.0.1:${port}/compilers`);
      expect(await answer.json()).toEqual([]);
    }
  });

  it('never starts the sandbox when Telegram is configured', async () => {
    await using launcher = await LauncherProcess.start({ TELEGRAM_API_ID: '12345' });
    await launcher.up();
    expect((await launcher.services()).map(({ name }) => name)).toEqual([
      'send-text',
      'send-media',
      'monitor',
    ]);
    expect((await environmentOf(launcher.ports.SEND_TEXT_PORT)).TELEGRAM_DC).toBeUndefined();
    expect(launcher.stdout).toContain('Messages go to the real Telegram.\n');
  });

  const sandbox = { TELEGRAM_DC: '127.0.0.1:4430', TELEGRAM_DC_PUBLIC_KEY_FILE: 'key.pem' };
  it.each([
    [sandbox, 'Messages go to the sandbox at 127.0.0.1:4430, not the real Telegram.'],
    [
      { TELEGRAM_DC: '203.0.113.5:443' },
      'Messages go to the real Telegram, through its data centre at 203.0.113.5:443.',
    ],
    [
      { SEND_TEXT_TELEGRAM_DC: '127.0.0.1:4430', SEND_TEXT_TELEGRAM_DC_PUBLIC_KEY_FILE: 'key.pem' },
      'Texts go to the sandbox at 127.0.0.1:4430, not the real Telegram; media go to the real Telegram.',
    ],
  ])('says where messages go with %o', async (env, sentence) => {
    await using launcher = await LauncherProcess.start(env);
    await launcher.up();
    expect(launcher.stdout).toContain(`${sentence}\n`);
  });

  it('prints warnings of the services in a short form, and keeps every line', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    expect(launcher.stdout).toMatch(/\d\d:\d\d:\d\d send-text WARN a warning chat=7\n/);
    expect(launcher.stdout).not.toContain('listening');
    const { body } = await launcher.ask('GET', '/logs');
    const { lines } = body as { lines: { service: string; line: string }[] };
    expect(lines.filter(({ line }) => line.includes('listening'))).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('made-for-you');
  });

  it('ends cleanly when the terminal tells its children to stop as well', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    launcher.killGroup('SIGINT');
    expect(await launcher.ended).toBe(0);
    expect(launcher.left()).toEqual([]);
    expect(launcher.stdout).not.toContain('starting it again');
  });

  it('starts a service that dies again', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    const before = await launcher.service('send-text');
    process.kill(before.pid!, 'SIGKILL');
    const after = await until('it runs again', async () => {
      const now = await launcher.service('send-text');
      return now.state === 'running' && now.pid !== before.pid && now;
    });
    expect(after).toMatchObject({ restarts: 1, last_exit: { signal: 'SIGKILL' } });
    expect(launcher.stdout).toContain('send-text ended (SIGKILL); restarting it in 0.5 s');
  });

  it('stops, starts and restarts a service when asked', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    const before = await launcher.service('send-media');
    const stopped = await launcher.ask('POST', '/services/send-media/stop');
    expect(stopped).toMatchObject({ status: 200, body: { state: 'stopped', pid: null, restarts: 0 } });
    expect(isAlive(before.pid!)).toBe(false);
    const started = await launcher.ask('POST', '/services/send-media/start');
    expect(started).toMatchObject({ status: 200, body: { state: 'running', restarts: 0 } });
    const again = await launcher.ask('POST', '/services/send-media/restart');
    expect(again).toMatchObject({ status: 200, body: { state: 'running', restarts: 0 } });
    expect((again.body as { pid: number }).pid).not.toBe((started.body as { pid: number }).pid);
    expect((await launcher.ask('POST', '/services/telegram/stop')).status).toBe(404);
  });

  it('ends with everything when nobody reads what it prints any more', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    launcher.closeOutput();
    process.kill((await launcher.service('send-text')).pid!, 'SIGKILL'); // Of which it tells.
    expect(await launcher.ended).toBe(0);
    expect(launcher.left()).toEqual([]);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    expect(launcher.left()).toHaveLength(4);
    await launcher.stop('SIGKILL');
    await until('the services have noticed', () => launcher.left().length === 0);
  });

  it('kills a service that does not stop when told to', { timeout: 40_000 }, async () => {
    await using launcher = await LauncherProcess.start({ FAKE_STUBBORN: 'send-text' });
    await launcher.up();
    expect(await launcher.stop('SIGTERM')).toBe(0);
    expect(launcher.left()).toEqual([]);
  });

  it('says in one line which port is in use, and by which setting it is chosen', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await using launcher = await LauncherProcess.start({ SEND_MEDIA_PORT: String(port) });
    expect(await launcher.ended).toBe(1);
    expect(launcher.stderr).toBe(`vestnik: port ${port} is in use: set SEND_MEDIA_PORT to another\n`);
    expect(launcher.stdout).toBe('');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('gives up with the words of a service that refuses its settings', async () => {
    await using launcher = await LauncherProcess.start({ FAKE_REFUSES: 'send-media' });
    expect(await launcher.ended).toBe(1);
    expect(launcher.stderr).toBe('vestnik: send-media: a setting is wrong: COLOUR takes a colour\n');
  });
});

async function environmentOf(port: number): Promise<Record<string, string>> {
  const answer = await fetch(`http://127.0.0.1:${port}/env`);
  return (await answer.json()) as Record<string, string>;
}
