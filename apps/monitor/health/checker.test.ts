/** Checks and alerts through the running monitor: real gateways that die and come back, a clock the test moves. */
import { appendFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../kit/testing/manual-clock.ts';
import { until } from '../../testkit/until.ts';
import { getFrom } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';
import type { KeptCheck } from './history.ts';
import type { ServiceView } from './service-view.ts';
import type { WebhookBody } from './webhook.ts';

const startedAt = Date.parse('2026-01-01T00:00:00Z');
let clock: ManualClock;
let stand: MonitorStand;
let hook: Hook;
beforeEach(async () => {
  clock = manualClock(startedAt);
  hook = await Hook.start();
  stand = await startStand({ ALERT_WEBHOOK_URL: hook.url, USAGE_INTERVAL_S: '3600' }, clock);
});
afterEach(async () => {
  await stand.close();
  await hook.close();
});

const json = async <T>(path: string) => (await (await getFrom(stand.url, path)).json()) as T;
const history = (query = 'service=send-media') => json<KeptCheck[]>(`/api/health-history?${query}`);
const alertOf = async (name: string) =>
  (await json<ServiceView[]>('/api/services')).find((service) => service.name === name)!.alert;

/** The last round is written down, and the next, in a minute at most, is slept for. */
const atRest = () =>
  until('the next round is slept for', () => {
    const isNextRound = (at: number) => at - clock.now() <= 60_000 && (at - startedAt) % 60_000 === 10_000;
    return clock.dueTimes().some(isNextRound); // A notice may be due at the same time.
  });

/** Moves the clock over the next rounds of checks, and waits until they are written down. */
async function nextChecks(rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await atRest();
    const before = (await history()).length;
    await clock.advance(60_000);
    await expect.poll(() => history()).toHaveLength(before + 1);
    await expect.poll(() => history('service=send-text')).toHaveLength(before + 1);
    await atRest();
  }
}

describe('the health checks', () => {
  it('come once a minute, and tell what the service said and how fast', async () => {
    stand.media.health = { status: 'degraded', reasons: ['sending is paused'] };
    await nextChecks(2);
    const checks = await history('');
    expect(checks.map(({ service }) => service).sort()).toEqual([
      'send-media',
      'send-media',
      'send-text',
      'send-text',
    ]);
    const [first, second] = checks.filter(({ service }) => service === 'send-media');
    expect(first).toMatchObject({ ok: true, status: 'degraded', reason: 'sending is paused' });
    expect(first!.latency_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(second!.at) - Date.parse(first!.at)).toBe(60_000);
  });

  it('miss a service that is down, does not listen, or answers too late', async () => {
    await stand.stopMonitor();
    await stand.startMonitor({ HEALTH_TIMEOUT_S: '0.2' });
    stand.media.healthStatus = 503;
    stand.media.health = { status: 'down', reasons: ['Telegram: connecting'] };
    await nextChecks();
    stand.media.isMute = true;
    await nextChecks();
    await stand.media.close();
    await nextChecks();
    expect(await history()).toMatchObject([
      { ok: false, status: 'down', reason: 'Telegram: connecting', latency_ms: expect.any(Number) },
      { ok: false, status: null, reason: 'no answer in 0.2 s', latency_ms: null },
      { ok: false, status: null, reason: 'connection refused', latency_ms: null },
    ]);
  });

  it('survive a restart of the monitor, keep their rhythm over it, and pass over a line that a crash has cut', async () => {
    await nextChecks(2);
    await stand.stopMonitor();
    const file = join(stand.launcher.dir, 'monitor/health.jsonl');
    await appendFile(file, '{"service":"send-media","at":"2026-0');
    await clock.advance(5_000); // The checks were 10 s and 70 s after the start; this is 125 s after it.
    await stand.startMonitor();
    await clock.advance(4_000);
    await atRest();
    expect(await history()).toHaveLength(2);
    await clock.advance(1_000);
    await expect.poll(() => history()).toHaveLength(3);
    await stand.stopMonitor();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as KeptCheck).service)).toHaveLength(6);
    await stand.startMonitor();
    const times = (await history()).map(({ at }) => Date.parse(at));
    expect(times.map((at) => at - times[0]!)).toEqual([0, 60_000, 120_000]);
  });

  it('can be asked for by hours and service, and says which are taken', async () => {
    await nextChecks();
    await clock.advance(2 * 60_000);
    expect(await history('hours=0.01')).toEqual([]);
    for (const query of ['hours=0', 'hours=49', 'hours=soon', 'service=sandbox', 'service=a&service=b']) {
      const refused = await getFrom(stand.url, `/api/health-history?${query}`);
      expect(refused.status).toBe(422);
      expect(((await refused.json()) as { detail: string }).detail).toMatch(
        /^(hours|service) (takes |may be given once$)/,
      );
    }
  });
});

describe('an alert', () => {
  it('begins with the third miss, is told to the webhook once, and ends with the second good check', async () => {
    await stand.media.close();
    await nextChecks(2);
    expect(await alertOf('send-media')).toBeNull();
    await nextChecks();
    expect(await alertOf('send-media')).toMatchObject({ reason: 'connection refused', misses: 3 });
    expect(await alertOf('send-text')).toBeNull();
    await nextChecks(2);
    await hook.untilCalls(1);
    await stand.media.open();
    await nextChecks();
    expect(await alertOf('send-media')).not.toBeNull();
    await nextChecks();
    expect(await alertOf('send-media')).toBeNull();
    await nextChecks(2);
    await hook.untilCalls(2);
    const [began, ended] = hook.calls;
    expect(began).toEqual({
      type: 'alert.began',
      id: expect.stringMatching(/^send-media-\d+-began$/),
      service: 'send-media',
      label: 'media',
      at: expect.any(String),
      since: expect.any(String),
      misses: 3,
      reason: 'connection refused',
      cause: null,
      text: expect.stringMatching(
        /^media has not answered 3 checks in a row, since 2026-.*: connection refused$/,
      ),
    });
    expect(Date.parse(began!.at) - Date.parse(began!.since)).toBe(120_000);
    expect(ended).toMatchObject({ type: 'alert.ended', since: began!.since, misses: 5 });
    const metrics = await (await getFrom(stand.url, '/metrics')).text();
    expect(metrics).toContain('vestnik_monitor_alerts_total{service="send-media",change="began"} 1');
    expect(metrics).toContain('vestnik_monitor_alert_active{service="send-media"} 0');
    expect(metrics).toContain('vestnik_monitor_health_checks_total{service="send-media",result="miss"} 5');
  });

  it('is neither forgotten nor told again by a monitor that was restarted', async () => {
    await stand.media.close();
    await nextChecks(2);
    await stand.stopMonitor();
    await stand.startMonitor();
    await nextChecks();
    await hook.untilCalls(1);
    const alert = await alertOf('send-media');
    expect(alert).toMatchObject({ misses: 3 });
    await stand.stopMonitor();
    await stand.startMonitor();
    expect(await alertOf('send-media')).toEqual(alert);
    await nextChecks();
    await stand.media.open();
    await nextChecks();
    await stand.stopMonitor();
    await stand.startMonitor();
    await nextChecks();
    await hook.untilCalls(2);
    expect(hook.calls.map(({ type }) => type)).toEqual(['alert.began', 'alert.ended']);
  });

  it('reaches a webhook that was out of reach in order, with growing pauses, also over a restart', async () => {
    const failures = async () =>
      Number(
        /alert_notices_total\{outcome="failed"\} (\d+)/.exec(
          await (await getFrom(stand.url, '/metrics')).text(),
        )?.[1] ?? 0,
      );
    const untilFailed = (times: number) => expect.poll(failures).toBeGreaterThanOrEqual(times);
    await hook.close();
    await stand.text.close();
    await nextChecks(3);
    await untilFailed(1);
    await stand.text.open();
    await nextChecks();
    await untilFailed(2);
    await nextChecks();
    await untilFailed(3);
    // Tries 5, 10, 20, 40 and 80 s apart: two minutes hold no more than five.
    expect(await failures()).toBeLessThan(7);
    await stand.stopMonitor();
    await hook.open();
    await stand.startMonitor();
    await atRest();
    await clock.advance(300_000);
    await hook.untilCalls(2);
    expect(hook.calls.map(({ type }) => type)).toEqual(['alert.began', 'alert.ended']);
    expect(new Set(hook.calls.map(({ id }) => id)).size).toBe(2);
  });

  it('is told again to a webhook that answers with an error, under the same id', async () => {
    hook.status = 500;
    await stand.text.close();
    await nextChecks(3);
    await hook.untilCalls(1);
    hook.status = 204;
    await until('it tries again within 5 s', () => clock.dueTimes().some((at) => at - clock.now() <= 5_000));
    await clock.advance(5_000);
    await hook.untilCalls(2);
    expect(hook.calls[1]).toEqual(hook.calls[0]);
    expect(hook.ids[0]).toBe(hook.calls[0]!.id);
  });
});

/** A webhook that keeps what it is told. */
class Hook {
  readonly #server: Server;
  #port = 0;
  status = 200;
  readonly calls: WebhookBody[] = [];
  readonly ids: unknown[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.calls.push(JSON.parse(body) as WebhookBody);
        this.ids.push(request.headers['webhook-id']);
        response.writeHead(this.status).end();
      });
    });
  }

  static async start(): Promise<Hook> {
    const hook = new Hook();
    await hook.open();
    return hook;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async untilCalls(count: number): Promise<void> {
    await expect.poll(() => this.calls).toHaveLength(count);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
