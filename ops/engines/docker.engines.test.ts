/** `docker compose` on a real engine, in the order in which an operator comes upon it. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../apps/testkit/report.ts';
import { until } from '../../apps/testkit/until.ts';
import { ComposeProject } from './compose-project.ts';
import { describeEngine } from './describe-engine.ts';
import { DockerEngine, whyNoDocker } from './docker-engine.ts';
import { asksOfTheProxy, refusedByTheProxy, unusedSession } from './docker-cases.ts';
import { QueuedTexts } from './queued-texts.ts';
import { json, Operator, sendPhoto, sendText } from './stack-client.ts';

const chat = '-1003833950795';

describeEngine('docker compose on a real engine', await whyNoDocker(), () => {
  let engine: DockerEngine;
  let project: ComposeProject;
  let operator: Operator;
  const report = () => json<Report>(`${project.url('SANDBOX_HTTP_PORT')}/report`);

  beforeAll(async () => {
    engine = await DockerEngine.start();
    project = await ComposeProject.create(engine);
  });
  afterAll(async () => {
    await project?.compose(['--profile', '*', 'down', '--volumes']);
    await engine?.[Symbol.asyncDispose]();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const logs = await project.compose(['--profile', '*', 'logs', '--timestamps', '--tail', '60']);
    console.log(`${task.name}: ${await project.compose(['ps', '--all'])}\n${logs}`);
  });

  it('builds, and is healthy within 30 s, with nothing configured', async () => {
    const startedAt = performance.now();
    await project.compose(['build'], 300_000);
    const builtAt = performance.now();
    await project.compose(['up', '--detach', '--wait', '--wait-timeout', '120']);
    const healthyAt = performance.now();
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
    console.log(`built in ${seconds(startedAt, builtAt)} s, healthy ${seconds(builtAt, healthyAt)} s later`);
    expect(await project.running()).toEqual([
      'docker-proxy',
      'monitor',
      'sandbox',
      'send-media',
      'send-text',
    ]);
    // Where others keep the machine busy, the build has taken longer as well.
    expect(healthyAt - builtAt).toBeLessThan(Math.max(30_000, builtAt - startedAt));
  }, 420_000);

  it('sends a text and a photo, and says that its Telegram is simulated', async () => {
    const sent = { status: 'sent', sandbox: true };
    expect(await sendText(project.url('SEND_TEXT_PORT'), chat, 'by compose')).toMatchObject(sent);
    expect(await sendPhoto(project.url('SEND_MEDIA_PORT'), chat, 'a photo')).toMatchObject(sent);
    expect((await report()).delivered).toMatchObject([
      { chat_id: chat, text: 'by compose' },
      { chat_id: chat, text: 'a photo', media: { kind: 'photo' } },
    ]);
  });

  it('gives a container no more than it needs', async () => {
    for (const service of await project.running()) {
      const { HostConfig, Config, Mounts } = await engine.inspect(project.container(service));
      const isProxy = service === 'docker-proxy';
      expect(HostConfig, service).toMatchObject({
        ReadonlyRootfs: true,
        Privileged: false,
        CapAdd: null,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        LogConfig: { Config: { 'max-size': '10m', 'max-file': '3' } },
      });
      expect(HostConfig.Memory, service).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit, service).toBeGreaterThan(0);
      expect(Config.User, service).toBe(isProxy ? '0:0' : 'node');
      const hasSocket = Mounts.some(({ Destination }) => Destination.endsWith('docker.sock'));
      expect(hasSocket, service).toBe(isProxy);
      for (const { HostIp } of Object.values(HostConfig.PortBindings).flat())
        expect(HostIp, service).toBe('127.0.0.1');
    }
  });

  it('carries nothing into the image that only developers need', async () => {
    const found = await project.compose([
      ...['exec', '-T', 'monitor', 'sh', '-c'],
      'cd /app; ls -d node_modules/vitest node_modules/typescript .env .git data 2>/dev/null; ' +
        "find apps dashboard ops -name '*.test.ts' -o -name testing; exit 0",
    ]);
    expect(found).toBe('');
  });

  it('shows both containers to the operator, and stops, starts and restarts them', async () => {
    operator = new Operator(project.url('MONITOR_PORT'), await project.password());
    const running = {
      supervisor: 'docker',
      state: 'running',
      health: { status: 'ok' },
      control: { available: true },
    };
    const services = await operator.services();
    expect(services).toMatchObject([
      { name: 'send-text', ...running },
      { name: 'send-media', ...running },
    ]);
    for (const { memory_bytes, cpu_percent } of services) {
      expect(memory_bytes).toBeGreaterThan(10_000_000);
      expect(cpu_percent).toBeGreaterThanOrEqual(0);
    }

    const stateOf = async (service: string) => (await engine.inspect(project.container(service))).State;
    await operator.act('send-text', 'stop', { confirm: 'stop' });
    expect(await stateOf('send-text')).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(await operator.service('send-text')).toMatchObject({ state: 'stopped' });
    await operator.act('send-text', 'start');
    expect(await stateOf('send-text')).toMatchObject({ Status: 'running' });
    const before = (await stateOf('send-media')).Pid;
    await operator.act('send-media', 'restart');
    expect((await stateOf('send-media')).Pid).not.toBe(before);
    await until('both are well again', async () =>
      (await operator.services()).every(({ health }) => health?.status === 'ok'),
    );
  });

  it('lets the monitor ask the engine for that, and for nothing else', async () => {
    const statuses = JSON.parse(
      await project.node('monitor', asksOfTheProxy, JSON.stringify(refusedByTheProxy)),
    ) as number[];
    const passed = refusedByTheProxy.filter((_, index) => statuses[index] !== 403);
    expect(passed).toEqual([]);
    const looks = ['json', 'stats?stream=false', 'logs?stdout=1&tail=1'].map((what) => ({
      method: 'GET',
      path: `/containers/${project.container('send-text')}/${what}`,
    }));
    expect(JSON.parse(await project.node('monitor', asksOfTheProxy, JSON.stringify(looks)))).toEqual([
      200, 200, 200,
    ]);
  });

  it('lets nobody but the monitor reach the proxy, and the proxy nothing but the engine', async () => {
    const [control] = JSON.parse(await engine.docker('network', 'inspect', 'vestnik_control')) as [
      { Internal: boolean; Containers: Record<string, { Name: string }> },
    ];
    const names = Object.values(control.Containers).map(({ Name }) => Name);
    expect(names.sort()).toEqual([project.container('docker-proxy'), project.container('monitor')]);
    expect(control.Internal).toBe(true);
    const { NetworkSettings } = await engine.inspect(project.container('docker-proxy'));
    expect(Object.keys(NetworkSettings.Networks)).toEqual(['vestnik_control']);
  });

  it('goes on showing the services while the proxy is gone, and says why they cannot be controlled', async () => {
    await project.compose(['stop', 'docker-proxy']);
    const shown = await until('the monitor has noticed', async () => {
      const service = await operator.service('send-text');
      return !service.control.available && service;
    });
    expect(shown).toMatchObject({ state: 'running', health: { status: 'ok' } });
    expect(shown.control.reason).toContain('Docker does not answer');
    await project.compose(['start', 'docker-proxy']);
    await until(
      'it can control them again',
      async () => (await operator.service('send-text')).control.available,
    );
  });

  it('sends what was queued once, though the gateway is killed in the middle of it', async () => {
    const queue = await QueuedTexts.send(project.url('SANDBOX_HTTP_PORT'), project.url('SEND_TEXT_PORT'));
    const { State, RestartCount } = await engine.inspect(project.container('send-text'));
    process.kill(State.Pid, 'SIGKILL');
    await until('the engine has started it again', async () => {
      const { State: now, RestartCount: restarts } = await engine.inspect(project.container('send-text'));
      return now.Status === 'running' && restarts > RestartCount;
    });
    expect(await queue.arrived()).toEqual(queue.texts.toSorted());
    expect(await operator.service('send-text')).toMatchObject({ restarts: RestartCount + 1 });
  });

  it('leaves the sandbox out, and its data alone, once an account is configured', async () => {
    await project.compose(['down']);
    // An address at which nothing answers: the test stays on this machine.
    await project.configure({
      TELEGRAM_API_ID: '1',
      TELEGRAM_API_HASH: '0'.repeat(32),
      TELEGRAM_DC: '127.0.0.1:9',
      SEND_TEXT_TELEGRAM_SESSION: unusedSession,
      SEND_MEDIA_TELEGRAM_SESSION: unusedSession,
    });
    await project.compose(['up', '--detach']);
    expect(await project.running()).toEqual(['docker-proxy', 'monitor', 'send-media', 'send-text']);
    const stats = await until('the gateway answers', () => json(`${project.url('SEND_TEXT_PORT')}/stats`));
    expect(stats).toMatchObject({ sandbox: false, queue: { depth: 0 } });
    const { Config } = await engine.inspect(project.container('send-text'));
    expect(Config.Env.filter((line) => line.startsWith('SEND_MEDIA_TELEGRAM_SESSION='))).toEqual([
      'SEND_MEDIA_TELEGRAM_SESSION=',
    ]);
  });

  it('goes without leaving anything but its data', async () => {
    await project.compose(['down']);
    expect(await engine.docker('ps', '--all', '--quiet')).toBe('');
    expect(await engine.docker('network', 'ls', '--quiet', '--filter', 'type=custom')).toBe('');
    expect((await engine.docker('volume', 'ls', '--quiet')).split('\n').filter(Boolean).sort()).toEqual([
      'vestnik_data',
      'vestnik_monitor',
      'vestnik_sandbox',
    ]);
  });
});
