/** ops/install.sh on a real Debian with its systemd and journal, in the order in which an operator comes upon it. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { whyNoDebian } from './booted-debian.ts';
import { until } from '../../apps/testkit/until.ts';
import { DashboardPage } from './dashboard-page.ts';
import { describeEngine, whyNoChromium } from './describe-engine.ts';
import { InstalledStack, operatorsPassword, units } from './installed-stack.ts';
import { QueuedTexts } from './queued-texts.ts';
import { json, sendPhoto, sendText } from './stack-client.ts';
import { refusedToTheMonitor } from './systemd-cases.ts';

const chat = '-1003833950795';

describeEngine('a Debian with systemd', (await whyNoDebian()) ?? whyNoChromium(), () => {
  let stack: InstalledStack;
  const activeState = (unit: string) => stack.debian.property(unit, 'ActiveState');
  const bothWell = () =>
    until('both are well', () => stack.bothAre(({ health }) => health?.status === 'ok'), 60_000);
  const settled = (id: string) =>
    until(`${id} is settled`, async () => {
      const { status } = await stack.message(id);
      return status !== 'queued' && status !== 'sending' && status;
    });

  beforeAll(async () => {
    stack = await InstalledStack.create();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const journal = await stack.debian.run('journalctl', '--no-pager', '-n', '80', '-u', 'vestnik-*');
    console.log(`${task.name}:\n${journal}`);
  });

  it('says what installing would do, and does none of it', async () => {
    const told = await stack.install('--dry-run');
    expect(told).toContain('would copy: /src');
    expect(told).toContain('would write: /etc/systemd/system/vestnik-send-text.service');
    expect(await stack.filesLeft()).toEqual([]);
  });

  it('is installed without a network, and then tells what to do next', async () => {
    expect(await stack.install()).toContain('/opt/vestnik/vestnik-account login');
    await stack.debian.run('systemd-analyze', 'verify', ...units.map((unit) => `${unit}.service`));
    expect(await Promise.all(units.map(activeState))).toEqual(['inactive', 'inactive', 'inactive']);
    const secrets = await stack.debian.run(...['find', '/etc/vestnik', '-type', 'f', '-not', '-perm', '600']);
    expect(secrets).toBe('');
    const ofDevelopers = ['-name', '*.test.ts', '-o', '-path', '*/node_modules/vitest'];
    expect(await stack.debian.run('find', '/opt/vestnik/apps', ...ofDevelopers)).toBe('');
  });

  it('finds nothing to do the second time, and leaves settings as they are', async () => {
    await stack.configure();
    const told = await stack.install();
    expect(told).toBe('nothing to do: all of it is there already\n');
    expect(await stack.debian.run('cat', '/etc/vestnik/gateways.env')).toContain('TELEGRAM_DC=127.0.0.1:');
  });

  it('refuses a folder that is not its own', async () => {
    await expect(stack.install('--prefix', '/usr')).rejects.toThrow('it is installed under /opt/vestnik');
    await expect(stack.install('--prefix', 'here')).rejects.toThrow('--prefix takes an absolute path');
  });

  it('sends a text and a photo, and shows both services to the operator', async () => {
    await stack.debian.run('systemctl', 'start', ...units);
    await bothWell();
    const sent = { status: 'sent', sandbox: true };
    expect(await sendText(stack.url('SEND_TEXT_PORT'), chat, 'by systemd')).toMatchObject(sent);
    expect(await sendPhoto(stack.url('SEND_MEDIA_PORT'), chat, 'a photo')).toMatchObject(sent);
    expect((await stack.sandbox.report()).delivered).toMatchObject([
      { chat_id: chat, text: 'by systemd' },
      { chat_id: chat, text: 'a photo', media: { kind: 'photo' } },
    ]);

    const measured = await until('memory and processor time are measured', () =>
      stack.bothAre(({ memory_bytes, cpu_percent }) => memory_bytes !== null && cpu_percent !== null),
    );
    const running = { supervisor: 'systemd', state: 'running', control: { available: true } };
    expect(measured).toMatchObject([
      { name: 'send-text', ...running },
      { name: 'send-media', ...running },
    ]);
    for (const { memory_bytes } of measured) expect(memory_bytes).toBeGreaterThan(10_000_000);
  });

  it.each([
    ['vestnik-send-text', 1.5],
    ['vestnik-send-media', 1.5],
    ['vestnik-monitor', 2.5],
  ])('confines %s to an exposure of at most %d', async (unit, most) => {
    const told = await stack.debian.run('systemd-analyze', 'security', '--no-pager', `${unit}.service`);
    const exposure = /Overall exposure level for \S+: ([\d.]+)/.exec(told)![1];
    console.log(`${unit}: ${exposure}`);
    expect(Number(exposure)).toBeLessThanOrEqual(most);
    expect(await stack.debian.property(unit, 'User')).toMatch(/^vestnik/);
  });

  it('keeps what is secret from everybody but the service that needs it', async () => {
    const { debian } = stack;
    for (const unit of units) {
      const pid = await debian.property(unit, 'MainPID');
      const environment = await debian.run('cat', `/proc/${pid}/environ`);
      expect(environment).toContain('_FILE=/run/credentials/');
      expect(environment).not.toContain('scrypt');
    }
    for (const path of [
      '/var/lib/vestnik/vestnik.db',
      '/etc/vestnik/gateways.env',
      '/etc/vestnik/credentials/telegram-api-hash',
      '/run/credentials/vestnik-send-text.service/session',
    ])
      await expect(debian.runAs('vestnik-monitor', 'cat', path)).rejects.toThrow('Permission denied');
    await expect(debian.runAs('vestnik', 'ls', '/var/lib/vestnik-monitor')).rejects.toThrow(
      'Permission denied',
    );
  });

  it('stops, starts and restarts a service for the operator', async () => {
    const { operator, debian } = stack;
    await operator.act('send-text', 'stop', { confirm: 'stop' });
    expect(await activeState('vestnik-send-text')).toBe('inactive');
    expect(await debian.property('vestnik-send-text', 'Result')).toBe('success');
    expect(await operator.service('send-text')).toMatchObject({ state: 'stopped' });
    await operator.act('send-text', 'start');
    expect(await activeState('vestnik-send-text')).toBe('active');
    const before = await debian.property('vestnik-send-media', 'MainPID');
    await operator.act('send-media', 'restart');
    expect(await debian.property('vestnik-send-media', 'MainPID')).not.toBe(before);
    await bothWell();
  });

  it('stops a service from the page after a question, starts it, and shows one that hangs as an alert', async () => {
    const { debian } = stack;
    await using dashboard = await DashboardPage.open(stack.url('MONITOR_PORT'), operatorsPassword);
    await dashboard.press('send-text', 'stop');
    await dashboard.says('dialog', 'Остановить text?');
    expect(await activeState('vestnik-send-text')).toBe('active');
    await dashboard.confirm();
    await dashboard.says('#status', 'text остановлен с');
    expect(await activeState('vestnik-send-text')).toBe('inactive');
    await dashboard.press('send-text', 'start');
    await dashboard.says('#status', 'Всё отправляется');
    expect(await activeState('vestnik-send-text')).toBe('active');

    const pid = await debian.property('vestnik-send-media', 'MainPID');
    await debian.run('kill', '-STOP', pid);
    await dashboard.says('#alerts', /media не отвечает \d+ раз подряд/);
    await debian.run('kill', '-CONT', pid);
    await dashboard.page.waitForSelector('#alerts', { state: 'hidden' });
    await dashboard.says('#status', 'Всё отправляется');
  });

  it.each(refusedToTheMonitor)("has the system refuse the monitor's user: %s", async (asked) => {
    const refused = stack.debian.runAs('vestnik-monitor', ...asked.split(' '));
    await expect(refused).rejects.toThrow(/access denied|authentication required/i);
  });

  it('lets no other user act on the gateways', async () => {
    const asked = stack.debian.runAs(
      'vestnik',
      'systemctl',
      '--no-ask-password',
      'stop',
      'vestnik-send-text',
    );
    await expect(asked).rejects.toThrow(/access denied|authentication required/i);
    expect(await activeState('vestnik-send-text')).toBe('active');
  });

  it('shows a line of the journal with its class', async () => {
    const fault = { method: 'messages.sendMessage', error: 'CHAT_WRITE_FORBIDDEN', times: 1 };
    await stack.sandbox.post('/faults', [fault]);
    await expect(sendText(stack.url('SEND_TEXT_PORT'), chat, 'refused')).rejects.toThrow('403');
    const line = await until('the line is shown', async () =>
      (await stack.operator.logs()).find((one) => one.class === 'write_forbidden'),
    );
    expect(line).toMatchObject({ service: 'send-text', level: expect.stringMatching(/ERROR|WARNING/) });
  });

  it('sends what was queued once, though the gateway is killed in the middle of it', async () => {
    const queue = await QueuedTexts.send(
      `http://127.0.0.1:${stack.sandbox.httpPort}`,
      stack.url('SEND_TEXT_PORT'),
    );
    const { debian } = stack;
    await debian.run('kill', '-KILL', await debian.property('vestnik-send-text', 'MainPID'));
    await until(
      'systemd has started it again',
      async () => (await debian.property('vestnik-send-text', 'NRestarts')) === '1',
    );
    await until('it answers', () => json(`${stack.url('SEND_TEXT_PORT')}/stats`));
    expect(await queue.arrived()).toEqual(queue.texts.toSorted());
    expect(await stack.operator.service('send-text')).toMatchObject({ state: 'running', restarts: 1 });
    const said = (await stack.operator.logs()).map(({ message }) => message);
    expect(said).toContainEqual(expect.stringContaining('code=killed, status=9/KILL'));
  });

  it('comes back by itself after the machine has booted again, and goes on with its queue', async () => {
    await stack.sandbox.close();
    const text = 'accepted before the boot';
    const { id, status } = await sendText(stack.url('SEND_TEXT_PORT'), chat, text, 0);
    expect(status).toBe('queued');
    await stack.debian.reboot();
    expect(await Promise.all(units.map(activeState))).toEqual(['active', 'active', 'active']);
    const waiting = await until('the gateway answers', () => stack.message(id));
    expect(waiting).toMatchObject({ id, status: 'queued' });
    await stack.sandbox.restart();
    expect(await settled(id)).toBe('sent');
    expect((await stack.sandbox.report()).delivered).toMatchObject([{ chat_id: chat, text }]);
    await bothWell();
    const classes = (await stack.operator.logs()).map((line) => line.class);
    expect(classes).toContain('write_forbidden');
  });

  it('gives up on a service that cannot start, says why, and starts it again when that is put right', async () => {
    const credential = '/etc/vestnik/credentials/telegram-api-hash';
    await stack.debian.write(credential, 'not a hash\n');
    await stack.debian.run('systemctl', 'restart', 'vestnik-send-text');
    await until(
      'it has been tried often enough',
      async () => (await activeState('vestnik-send-text')) === 'failed',
      90_000,
    );
    await until(
      'the operator sees it',
      async () => (await stack.operator.service('send-text')).state === 'failed',
    );
    const said = await stack.debian.run('journalctl', '-o', 'cat', '-n', '40', '-u', 'vestnik-send-text');
    expect(said).toContain('TELEGRAM_API_HASH takes 32 hexadecimal digits');
    expect(said).not.toContain('not a hash');
    await stack.debian.write(credential, '');
    await stack.operator.act('send-text', 'start');
    await bothWell();
  });

  it('is upgraded while it runs, with its two gateways apart, and after an interruption leaves both running', async () => {
    const { debian } = stack;
    const started = async (unit: string) =>
      Number(await debian.property(unit, 'ExecMainStartTimestampMonotonic')) / 1e6;
    const pids = () => Promise.all(units.map((unit) => debian.property(unit, 'MainPID')));
    const before = await pids();
    await debian.write('/opt/vestnik/LICENSE', 'of an earlier version\n');
    expect(await stack.install('--dry-run')).toContain(
      'would run: systemctl stop vestnik-send-media.service',
    );
    expect(await pids()).toEqual(before);
    await debian.run('env', 'START_SPACING_S=3', 'sh', '/src/ops/install.sh');
    expect(await debian.run('cat', '/opt/vestnik/LICENSE')).toContain('MIT');
    const after = await pids();
    for (const [index, unit] of units.entries()) {
      expect(await activeState(unit)).toBe('active');
      expect(after[index]).not.toBe(before[index]);
    }
    const startedAt = await Promise.all(['vestnik-send-text', 'vestnik-send-media'].map(started));
    expect(startedAt[1]! - startedAt[0]!).toBeGreaterThanOrEqual(3);
    await bothWell();

    await debian.write('/opt/vestnik/LICENSE', 'of an earlier version\n');
    const upgrade = 'echo $$ >/run/upgrade.pid; exec sh /src/ops/install.sh';
    const interrupted = debian.run('setsid', '--wait', 'sh', '-c', upgrade).catch((error: Error) => error);
    await until('text is restarted while media waits for its turn', async () => {
      const pid = await debian.property('vestnik-send-text', 'MainPID');
      const isRestarted = pid !== after[0] && pid !== '0';
      return isRestarted && (await activeState('vestnik-send-media')) === 'inactive';
    });
    const group = (await debian.run('cat', '/run/upgrade.pid')).trim();
    await debian.run('kill', '-INT', '--', `-${group}`);
    expect(await interrupted).toBeInstanceOf(Error);
    expect(await Promise.all(units.map(activeState))).toEqual(['active', 'active', 'active']);
    await bothWell();
  });

  it('goes without leaving anything but data and settings, and with --purge nothing at all', async () => {
    expect(await stack.install('uninstall', '--dry-run')).toContain('would run: rm -r /opt/vestnik');
    expect(await Promise.all(units.map(activeState))).toEqual(['active', 'active', 'active']);
    await stack.install('uninstall');
    const left = await stack.filesLeft();
    const data = /^\/(etc\/vestnik|var\/lib\/vestnik|var\/lib\/vestnik-monitor)(\/|$)/;
    expect(left.filter((path) => !data.test(path))).toEqual([]);
    expect(left).toEqual(
      expect.arrayContaining(['/etc/vestnik/gateways.env', '/var/lib/vestnik/vestnik.db']),
    );
    // systemd may remember the name of one for a while, as not found and dead.
    const listed = await stack.debian.run(
      'systemctl',
      'list-units',
      '--all',
      '--plain',
      '--quiet',
      'vestnik*',
    );
    expect(listed.replaceAll(/^.* not-found +inactive +dead .*\n/gm, '')).toBe('');
    expect(await stack.debian.run('ps', '-eo', 'args')).not.toContain('/opt/vestnik');
    await stack.install('uninstall', '--purge');
    expect(await stack.filesLeft()).toEqual([]);
    await expect(stack.debian.run('id', 'vestnik')).rejects.toThrow('no such user');
  });
});
