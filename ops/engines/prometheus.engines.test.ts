/** A real Prometheus and a real Alertmanager, looking at a real stack while it sends, fails, waits and stops. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { serve } from '../../apps/gateway/media/testing/servers.ts';
import { startStack } from '../../apps/testkit/stack.ts';
import { LauncherProcess } from '../../apps/launcher/testing/launcher-process.ts';
import { hashPassword } from '../../apps/monitor/access/passwords.ts';
import { queriesOf, readDashboard, variableQueries, type Query } from '../grafana/dashboard.ts';
import { until } from '../../apps/testkit/until.ts';
import { describeEngine } from './describe-engine.ts';
import { Observability, whyNoPrometheus } from './observability.ts';
import { json, Operator, post, sendPhoto, sendText } from './stack-client.ts';
import { shared } from '../../apps/testkit/when-done.ts';

const chat = '-1003833950795';
const password = 'of an engine';
const dashboard = readDashboard();

/** What Alertmanager POSTs to its webhook. */
interface Notice {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

describeEngine('a real Prometheus', await whyNoPrometheus(), () => {
  const startedAt = Date.now();
  const notices: Notice[] = [];
  let launcher: LauncherProcess;
  let observability: Observability;
  let operator: Operator;
  let callbackUrl: string;
  const url = (port: keyof LauncherProcess['ports']) => `http://127.0.0.1:${launcher.ports[port]}`;
  const alertsAbout = (name: string, status: string) =>
    notices.flatMap(({ alerts }) =>
      alerts.filter((alert) => alert.labels.alertname === name && alert.status === status),
    );

  beforeAll(
    shared(async (whenDone) => {
      const answering = await serve((request, response) => {
        void text(request).then((body) => {
          if (request.url === '/alerts') notices.push(JSON.parse(body) as Notice);
          response.writeHead(204).end();
        });
      }, whenDone);
      callbackUrl = `${answering}/callback`;
      launcher = await LauncherProcess.start(
        {
          ALLOW_PRIVATE_URLS: 'true',
          CALLBACK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
          MONITOR_PASSWORD_HASH: await hashPassword(password),
          HEALTH_INTERVAL_S: '1',
          START_SPACING_S: '0',
          PACE_CHAT_PER_S: '20',
          PACE_GROUP_PER_MIN: '0',
        },
        '../main.ts',
      );
      await launcher.up(60_000);
      operator = new Operator(url('MONITOR_PORT'), password);
      observability = await Observability.start({
        text: launcher.ports.SEND_TEXT_PORT,
        media: launcher.ports.SEND_MEDIA_PORT,
        monitor: launcher.ports.MONITOR_PORT,
        webhook: `${answering}/alerts`,
      });
    }),
    90_000,
  );

  afterAll(async () => {
    await observability?.[Symbol.asyncDispose]();
    launcher?.child.kill('SIGTERM');
    await launcher?.ended;
    const left = launcher?.left() ?? [];
    await launcher?.[Symbol.asyncDispose]();
    expect(left).toEqual([]);
  });

  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.log(`${observability.prometheus.log}\n${observability.alertmanager.log}`);
  });

  it('scrapes both gateways and the monitor by the project’s own config', async () => {
    const targets = await until('all are up', async () => {
      const { activeTargets } = await observability.ask<{
        activeTargets: { labels: Record<string, string>; health: string }[];
      }>('targets');
      return (
        activeTargets.length === 3 && activeTargets.every(({ health }) => health === 'up') && activeTargets
      );
    });
    expect(targets.map(({ labels }) => [labels.job, labels.account, labels.service]).sort()).toEqual([
      ['vestnik-gateway', 'main', 'send-media'],
      ['vestnik-gateway', 'main', 'send-text'],
      ['vestnik-monitor', undefined, 'monitor'],
    ]);
  });

  it('finds nothing that promtool would change in what any of them tells', async () => {
    await sendText(url('SEND_TEXT_PORT'), chat, 'so that there is something to tell');
    for (const port of ['SEND_TEXT_PORT', 'SEND_MEDIA_PORT', 'MONITOR_PORT'] as const) {
      const metrics = await (await fetch(`${url(port)}/metrics`)).text();
      expect(metrics.split('\n').length).toBeGreaterThan(50);
      expect(await promtoolCheck(metrics), port).toEqual({ code: 0, told: '' });
    }
  });

  it('tells Alertmanager, and that a webhook, when a gateway is stopped, and when it is back', async () => {
    await operator.act('send-text', 'stop', { confirm: 'stop' });
    const [fired] = await until('the webhook is told', () => {
      const alerts = alertsAbout('VestnikGatewayDown', 'firing');
      return Promise.resolve(alerts.length > 0 && alerts);
    });
    expect(fired).toMatchObject({
      labels: { service: 'send-text', account: 'main', severity: 'critical' },
      annotations: { summary: 'send-text does not answer', summary_ru: 'send-text не отвечает' },
    });
    expect(fired!.annotations.description).toMatch(/Start it/);
    const known = await json<{ labels: Record<string, string> }[]>(
      `${observability.alertmanager.url}/api/v2/alerts?active=true&filter=alertname=VestnikGatewayDown`,
    );
    expect(known.map(({ labels }) => labels.service)).toEqual(['send-text']);

    await operator.act('send-text', 'start');
    const resolved = await until('the webhook is told that it is over', () => {
      const alerts = alertsAbout('VestnikGatewayDown', 'resolved');
      return Promise.resolve(alerts.length > 0 && alerts);
    });
    expect(resolved[0]!.labels.service).toBe('send-text');
    expect(alertsAbout('VestnikGatewayDown', 'firing').map(({ labels }) => labels.service)).not.toContain(
      'send-media',
    );
  });

  it('lets one alert stand for those that it explains, of the same service', async () => {
    const service = (name: string, alertname: string) => ({
      labels: { alertname, account: 'other', service: name, severity: 'warning' },
    });
    const alerts = [
      ...[service('a', 'VestnikGatewayDown'), service('a', 'VestnikErrorRatio')],
      ...[service('b', 'VestnikSessionLost'), service('b', 'VestnikQueueOld'), service('b', 'VestnikPaused')],
      ...[service('c', 'VestnikGateClosedLong'), service('c', 'VestnikQueueOld')],
      ...[service('d', 'VestnikQueueOld')],
    ];
    await observability.alert(alerts);
    const explained = await until('all are judged', async () => {
      const known = await json<{ labels: Record<string, string>; status: { state: string } }[]>(
        `${observability.alertmanager.url}/api/v2/alerts?filter=account=other`,
      );
      const states = Object.groupBy(known, ({ status }) => status.state);
      return known.length === alerts.length && !states.unprocessed && (states.suppressed ?? []);
    });
    expect(explained.map(({ labels }) => `${labels.service} ${labels.alertname}`).sort()).toEqual([
      'a VestnikErrorRatio',
      'b VestnikQueueOld',
      'c VestnikQueueOld',
    ]);
  });

  it('has data for every query of the dashboard', async () => {
    await sendPhoto(url('SEND_MEDIA_PORT'), chat, 'before the gate');
    const report = await json<{ chats: { chat_id: string; kind: string }[] }>(
      `${url('SANDBOX_HTTP_PORT')}/world`,
    );
    const other = report.chats.find(
      ({ chat_id, kind }) => kind === 'supergroup' && chat_id !== chat,
    )!.chat_id;
    await json(
      `${url('SANDBOX_HTTP_PORT')}/faults`,
      post([
        { method: 'messages.sendMessage', peer: other, error: 'CHAT_WRITE_FORBIDDEN' },
        { method: 'messages.sendMedia', error: 'FLOOD_WAIT_120', times: 1 },
      ]),
    );
    const gated = { chat_id: chat, base64: 'aGVsbG8=', filename: 'a.txt', wait: 0 };
    await json(`${url('SEND_MEDIA_PORT')}/send_media`, post(gated));

    let missing = queriesOf(dashboard, '10s');
    expect(missing.length).toBeGreaterThan(25);
    await until('each has data', async () => {
      await json(
        `${url('SEND_TEXT_PORT')}/send_text`,
        post({ chat_id: chat, text: 'again', callback_url: callbackUrl }),
      );
      await sendText(url('SEND_TEXT_PORT'), other, 'refused', 0);
      missing = await withoutData(missing);
      return missing.length === 0;
    }).catch((error: unknown) => {
      throw new Error(`no data: ${JSON.stringify(missing, undefined, 2)}`, { cause: error });
    });
  });

  it('fills the lists from which accounts and services are chosen', async () => {
    const lists = variableQueries(dashboard).map(({ selector, label }) =>
      observability.ask<string[]>(`label/${label}/values`, { 'match[]': selector }),
    );
    expect(await Promise.all(lists)).toEqual([['main'], ['send-media', 'send-text']]);
  });

  it('finds no fault in the rules, and no words in them that it cannot fill in', async () => {
    const { groups } = await observability.ask<{
      groups: { rules: { name: string; health: string; lastError?: string; alerts?: object[] }[] }[];
    }>('rules');
    const all = groups.flatMap(({ rules }) => rules);
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(JSON.stringify([all, notices])).not.toMatch(/error expanding|<no value>/);
  });

  it('scrapes a gateway that asks for a token once the token stands in its file', async () => {
    const token = 'a-token-of-prometheus';
    const { gateway } = await startStack('text', { API_TOKENS: `prometheus:read:${token}` });
    const address = gateway.url.replace('http://', '');
    const target = async () => {
      const { activeTargets } = await observability.ask<{
        activeTargets: { labels: Record<string, string>; health: string; lastError: string }[];
      }>('targets');
      return activeTargets.find(({ labels, health }) => labels.instance === address && health !== 'unknown');
    };
    await observability.write('targets/gateways.yml', `[{ targets: ['${address}'] }]`);
    const refused = await until('it was asked', target);
    expect(refused).toMatchObject({ health: 'down', lastError: expect.stringContaining('401') });
    await observability.write('gateway-token', `${token}\n`);
    await until('it answers', async () => (await target())?.health === 'up');
  });

  async function withoutData(queries: readonly Query[]): Promise<Query[]> {
    const has = await Promise.all(
      queries.map(async ({ expr }) =>
        (await observability.range(expr, startedAt)).some(({ values }) =>
          values.some(([, value]) => Number.isFinite(Number(value))),
        ),
      ),
    );
    return queries.filter((_, index) => !has[index]);
  }
});

/** What `promtool check metrics` says of an exposition; it prints nothing where it is content. */
async function promtoolCheck(metrics: string): Promise<{ code: number | null; told: string }> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: 'pipe', timeout: 20_000 });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(metrics);
  const told = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, told: told.join('') };
}
