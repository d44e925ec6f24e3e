import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../../testkit/process.ts';
import { demoChat, startStack, startTestGateway } from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';

const run = promisify(execFile);
const [promtool, prometheus] = ['/usr/bin/promtool', '/usr/bin/prometheus'].map((path) =>
  existsSync(path) ? path : undefined,
);
const named = (name: string, path: string | undefined) =>
  `${name}${path ? '' : ' (skipped: it is not installed)'}`;
const openMetrics = 'application/openmetrics-text;version=1.0.0';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(
  shared(async (whenDone) => {
    stack = await startStack('text', {}, whenDone);
    for (const [request, body] of [
      ['order-1', { text: 'a' }],
      ['order-2', { text: '' }],
    ] as const)
      await stack.gateway.post('/send', { chat_id: demoChat, ...body }, { 'x-request-id': request });
  }),
);

async function scrape(accept: string, url = stack.gateway.url) {
  const response = await fetch(`${url}/metrics`, { headers: { accept } });
  return { type: response.headers.get('content-type'), lines: (await response.text()).split('\n') };
}

describe('the metrics of a gateway', () => {
  it('are plain text, in which no request has a place', async () => {
    for (const accept of ['*/*', 'text/plain', `${openMetrics};q=0.2, text/plain;version=0.0.4;q=0.5`]) {
      const { type, lines } = await scrape(accept);
      expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(lines).toContain('telegram_gateway_requests_total{route="/send",code="200"} 1');
      expect(lines.join('\n')).not.toMatch(/order-|# EOF/);
    }
  });

  it('are OpenMetrics with the ids of requests as exemplars for those who ask for it', async () => {
    for (const accept of [
      openMetrics,
      `${openMetrics};escaping=allow-utf-8;q=0.6, text/plain;q=0.3, */*;q=0.2`,
    ]) {
      const { type, lines } = await scrape(accept);
      expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      expect(lines.slice(-2)).toEqual(['# EOF', '']);
      const withExemplar = lines.filter((line) => line.includes('order-'));
      const value = String.raw`[\d.]+ [\d.]+`;
      for (const [start, exemplar] of [
        ['telegram_gateway_requests_total{route="/send",code="200"} 1', 'order-1'],
        ['telegram_gateway_requests_total{route="/send",code="422"} 1', 'order-2'],
        ['telegram_gateway_delivery_seconds_bucket{le=', 'order-1'],
      ] as const) {
        const line = withExemplar.find((each) => each.startsWith(start));
        expect(line).toMatch(new RegExp(`# {request_id="${exemplar}"} ${value}$`));
      }
      expect(withExemplar).toHaveLength(3);
    }
  });

  it('keep the names of their counters however they were asked for before', async () => {
    await scrape(openMetrics);
    const { lines } = await scrape('text/plain');
    expect(lines.filter((line) => /^# TYPE \S+ counter$/.test(line) && !line.includes('_total '))).toEqual(
      [],
    );
  });

  it('tell whether the account is signed in and sending is paused, and outcomes before the first of them', async () => {
    const { lines } = await scrape('text/plain');
    expect(lines).toContain('telegram_gateway_signed_in 1');
    expect(lines).toContain('telegram_gateway_messages_total{outcome="failed"} 0');
    expect(lines).toContain('telegram_gateway_callbacks_total{outcome="delivered"} 0');
    const paused = async () => (await scrape('*/*')).lines.find((line) => /^\w+_paused /.test(line));
    expect(await paused()).toBe('telegram_gateway_paused 0');
    await stack.gateway.post('/pause');
    expect(await paused()).toBe('telegram_gateway_paused 1');
    await stack.gateway.post('/resume');
  });

  it.skipIf(!promtool)(named('are clean to promtool', promtool), async () => {
    const text = (await scrape('*/*')).lines.join('\n');
    const checking = run(promtool!, ['check', 'metrics'], { timeout: 20_000 });
    checking.child.stdin!.end(text);
    expect(await checking).toMatchObject({ stdout: '', stderr: '' });
  });

  it.skipIf(!prometheus)(
    named('reach Prometheus with their exemplars', prometheus),
    async () => {
      const folder = temporaryFolder();
      const target = stack.gateway.url.replace('http://', '');
      writeFileSync(
        join(folder, 'prometheus.yml'),
        `scrape_configs: [{job_name: a, scrape_interval: 1s, static_configs: [{targets: ['${target}']}]}]`,
      );
      const program = startProgram(prometheus!, {
        args: [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'tsdb')}`,
          '--web.listen-address=127.0.0.1:0',
          '--enable-feature=exemplar-storage',
        ],
      });
      const query = new URLSearchParams({
        query: 'telegram_gateway_delivery_seconds_bucket',
        start: String(Date.now() / 1000 - 3600),
        end: String(Date.now() / 1000 + 3600),
      });
      const [, listening] = await program.says(/"Listening on" address=(127\S+)/);
      const found = await until('it has scraped the exemplar', async () => {
        const answer = await fetch(`http://${listening}/api/v1/query_exemplars?${query}`);
        const text = await answer.text();
        return text.includes('order-1') && text;
      });
      expect(found).toContain('"request_id":"order-1"');
    },
    30_000,
  );
});

describe('the request that gave a message', () => {
  it('is told with the message, also when another process delivered it', async () => {
    const { sandbox } = stack;
    const dataDir = temporaryFolder();
    const first = await startTestGateway('text', sandbox, dataDir);
    await first.untilWarm();
    await first.post('/pause');
    const order = { chat_id: demoChat, text: 'later', wait: 0 };
    const { body } = await first.post('/send', order, { 'x-request-id': 'order-3' });
    expect(body).toMatchObject({ status: 'queued', request_id: 'order-3' });
    await first.close();
    const second = await startTestGateway('text', sandbox, dataDir);
    const sent = await second.untilStatus(body.id, 'sent');
    expect(sent.body.request_id).toBe('order-3');
    const { lines } = await scrape(openMetrics, second.url);
    expect(lines.some((line) => line.includes('delivery_seconds_bucket') && line.includes('order-3'))).toBe(
      true,
    );
  });
});
