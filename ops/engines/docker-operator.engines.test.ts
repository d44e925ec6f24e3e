/** What an operator sees and does with `docker compose --profile observability`: dashboard, alerts, lines, Grafana's data. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { queriesOf, type Dashboard } from '../grafana/dashboard.ts';
import { until } from '../../apps/testkit/until.ts';
import { ComposeProject } from './compose-project.ts';
import { DashboardPage } from './dashboard-page.ts';
import { describeEngine, whyNoChromium } from './describe-engine.ts';
import { DockerEngine, whyNoDocker } from './docker-engine.ts';
import { askedByGrafana } from './docker-cases.ts';
import { json, Operator, post, sendPhoto, sendText } from './stack-client.ts';

const chat = '-1003833950795';
const whyNot = (await whyNoDocker()) ?? whyNoChromium();

describeEngine('docker compose with its observers', whyNot, () => {
  let engine: DockerEngine;
  let project: ComposeProject;
  let operator: Operator;
  let dashboard: DashboardPage;
  const stateOf = async (service: string) => (await engine.inspect(project.container(service))).State;
  const bothWell = () =>
    until('both are well', async () =>
      (await operator.services()).every(({ health }) => health?.status === 'ok'),
    );

  beforeAll(async () => {
    engine = await DockerEngine.start();
    project = await ComposeProject.create(engine);
    const config = join(project.dir, 'ops/prometheus/prometheus.yml');
    const sooner = (await readFile(config, 'utf8')).replaceAll(/(_interval|_timeout): \w+/g, '$1: 1s');
    await writeFile(config, sooner);
    const up = ['--profile', 'observability', 'up', '--build', '--detach', '--wait', '--wait-timeout', '90'];
    await project.compose(up, 420_000);
    const password = await project.password();
    operator = new Operator(project.url('MONITOR_PORT'), password);
    dashboard = await DashboardPage.open(project.url('MONITOR_PORT'), password);
  });
  afterAll(async () => {
    await dashboard?.[Symbol.asyncDispose]();
    await project?.compose(['--profile', '*', 'down', '--volumes']);
    await engine?.[Symbol.asyncDispose]();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const logs = await project.compose(['--profile', '*', 'logs', '--timestamps', '--tail', '30']);
    const shown = await dashboard.page.locator('body').innerText();
    console.log(`${task.name}: ${await project.compose(['ps', '--all'])}\n${logs}\n${shown}`);
  });

  it('has everything up beside the sandbox, for nothing is configured', async () => {
    const stack = ['docker-proxy', 'monitor', 'sandbox', 'send-media', 'send-text'];
    expect(await project.running()).toEqual([...stack, 'alertmanager', 'grafana', 'prometheus'].sort());
    await dashboard.says('#status', 'Всё отправляется');
  });

  it('stops a container from the page after a question, and starts it again', async () => {
    await dashboard.press('send-text', 'stop');
    await dashboard.says('dialog', 'Остановить text?');
    expect(await stateOf('send-text')).toMatchObject({ Status: 'running' });
    await dashboard.confirm();
    await dashboard.says('[data-service=send-text] .outcome', 'Остановлен. Очередь сохранена.');
    expect(await stateOf('send-text')).toMatchObject({ Status: 'exited', ExitCode: 0 });
    await dashboard.says('#status', 'text остановлен с');
    await dashboard.press('send-text', 'start');
    await dashboard.says('#status', 'Всё отправляется');
    expect(await stateOf('send-text')).toMatchObject({ Status: 'running' });
  });

  it('shows a container that was killed as an alert, until it was started again from the page', async () => {
    await engine.docker('kill', project.container('send-media'));
    await dashboard.says('#alerts', /media не отвечает \d+ раз подряд/);
    const { alert } = await operator.service('send-media');
    expect(alert).toMatchObject({ reason: expect.any(String) as string });
    await dashboard.press('send-media', 'start');
    await dashboard.page.waitForSelector('#alerts', { state: 'hidden' });
    await dashboard.says('#status', 'Всё отправляется');
  });

  it('shows a line of a container with its class, on the page and in the API', async () => {
    const fault = { method: 'messages.sendMessage', error: 'CHAT_WRITE_FORBIDDEN', times: 1 };
    await json(`${project.url('SANDBOX_HTTP_PORT')}/faults`, post([fault]));
    await expect(sendText(project.url('SEND_TEXT_PORT'), chat, 'refused')).rejects.toThrow('403');
    const line = await until('the line is read', async () =>
      (await operator.logs()).find((one) => one.class === 'write_forbidden'),
    );
    expect(line).toMatchObject({ service: 'send-text', level: expect.stringMatching(/ERROR|WARNING/) });
    await dashboard.says('.errors .row-class', 'писать запрещено');
  });

  it('says on the page that a container has gone by its name, and goes on showing what the service tells', async () => {
    const name = project.container('send-text');
    await engine.docker('rename', name, 'another');
    await dashboard.says('[data-service=send-text] .outcome', name);
    expect(await operator.service('send-text')).toMatchObject({
      state: 'running',
      health: { status: 'ok' },
      control: { available: false, reason: `Docker has no container named ${name}` },
    });
    await engine.docker('rename', 'another', name);
    await until(
      'it can be controlled again',
      async () => (await operator.service('send-text')).control.available,
    );
  });

  it('says on the page that the proxy is gone, and goes on showing what the services tell', async () => {
    await project.compose(['stop', 'docker-proxy']);
    await dashboard.says('[data-service=send-text] .outcome', 'Docker');
    expect(await operator.service('send-text')).toMatchObject({ state: 'running', health: { status: 'ok' } });
    expect(await dashboard.card('send-text').locator('.state').innerText()).toContain('работает');
    await project.compose(['start', 'docker-proxy']);
    await until(
      'they can be controlled again',
      async () => (await operator.service('send-text')).control.available,
    );
  });

  it('has let the old container go before the new one begins, when one is made anew', async () => {
    const since = Date.now();
    const before = await engine.docker('inspect', '--format', '{{.Id}}', project.container('send-text'));
    await project.compose(['up', '--detach', '--wait', '--force-recreate', '--no-deps', 'send-text']);
    const told = await engine.docker(
      ...['events', '--filter', 'type=container', '--format', '{{json .}}'],
      ...['--since', String(since / 1000), '--until', String(Date.now() / 1000)],
    );
    const events = told
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; Action: string; timeNano: number });
    const died = events.find(({ id, Action }) => id === before.trim() && Action === 'die')!;
    const started = events.find(({ id, Action }) => id !== before.trim() && Action === 'start')!;
    expect(died.timeNano).toBeLessThan(started.timeNano);
    expect(died).toMatchObject({ Actor: { Attributes: { exitCode: '0' } } });
    await bothWell();
  });

  it('has Alertmanager known to Prometheus, and every target scraped', async () => {
    const url = project.url('PROMETHEUS_PORT');
    await until('all are scraped', async () => {
      const { data } = await json<{ data: { activeTargets: { health: string }[] } }>(`${url}/api/v1/targets`);
      return data.activeTargets.length === 3 && data.activeTargets.every(({ health }) => health === 'up');
    });
    const { data } = await json<{ data: { activeAlertmanagers: { url: string }[] } }>(
      `${url}/api/v1/alertmanagers`,
    );
    expect(data.activeAlertmanagers.map((one) => one.url)).toEqual([
      'http://alertmanager:9093/api/v2/alerts',
    ]);
  });

  it('has data for the dashboard where Grafana finds it, by the datasource that it is given', async () => {
    await sendText(project.url('SEND_TEXT_PORT'), chat, 'for the charts');
    await sendPhoto(project.url('SEND_MEDIA_PORT'), chat, 'for the charts');
    const file = await project.compose([
      'exec',
      '-T',
      'grafana',
      'cat',
      '/etc/grafana/dashboards/vestnik.json',
    ]);
    const queries = queriesOf(JSON.parse(file) as Dashboard, '10s').map(({ expr }) => expr);
    expect(queries.length).toBeGreaterThan(25);
    let missing: string[] = [];
    await until('each has data but those about what has not happened', async () => {
      missing = JSON.parse(
        await project.node('grafana', askedByGrafana, JSON.stringify(queries)),
      ) as string[];
      return missing.every((expr) => /flood|callback|ALERTS/.test(expr));
    }).catch((error: unknown) => {
      throw new Error(`no data: ${missing.join('\n')}`, { cause: error });
    });
    console.log(`${queries.length - missing.length} of ${queries.length} queries have data`);
  });
});
