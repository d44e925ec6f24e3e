/** The monitor through its real router, between real servers that stand in for gateways and launcher. */
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askRaw } from '../testkit/ask-raw.ts';
import { fastClock } from '../testkit/fast-clock.ts';
import { hashPassword } from './access/passwords.ts';
import type { AuditEntry } from './files/audit.ts';
import type { ServiceView } from './health/service-view.ts';
import { basic, getFrom, postTo } from './testing/ask.ts';
import { password, startStand, user, type MonitorStand } from './testing/stand-ins.ts';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand({ GATEWAY_TOKEN: 'read-me' })));
afterEach(() => stand.close());

const get = (path: string, headers?: Record<string, string>) => getFrom(stand.url, path, headers);
const post = (path: string, body?: object, headers?: Record<string, string>) =>
  postTo(stand.url, path, body, headers);
const services = async () => (await (await get('/api/services')).json()) as ServiceView[];

describe('GET /api/services', () => {
  it('tells what the launcher and the gateway know of each service', async () => {
    const [text, media] = await services();
    expect(text).toMatchObject({
      name: 'send-text',
      label: 'text',
      port: Number(new URL(stand.text.url).port),
      supervisor: 'process',
      state: 'running',
      restarts: 2,
      uptime_s: expect.any(Number) as number,
      memory_bytes: 148_000_000,
      cpu_percent: expect.closeTo(1.5, 0) as number,
      last_request_at: '2026-09-21T14:13:20.500Z',
      last_sent_at: null,
      cache_size: 30,
      errors_by_class: { flood_wait: 3 },
      alert: null,
      queue: { depth: 12, oldest_s: 3, paused: false },
      health: { status: 'ok', reasons: [] },
      sandbox: true,
      control: { available: true, reason: null },
    });
    expect(media!.name).toBe('send-media');
    expect([...stand.text.authorizations]).toEqual(['Bearer read-me']);
  });

  it('has null for all that a service that is down cannot tell', async () => {
    await stand.media.close();
    const [, media] = await services();
    expect(media).toMatchObject({
      state: 'running',
      answers: false,
      memory_bytes: null,
      cache_size: null,
      errors_by_class: null,
      last_request_at: null,
      health: null,
    });
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('vestnik_monitor_scrape_failures_total{service="send-media",path="/health"} 1');
  });

  it('does not wait long for a gateway that takes the connection and says nothing', async () => {
    stand.text.isMute = true;
    const startedAt = Date.now();
    const [text] = await services();
    expect(text!.answers).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });

  it('tells the reasons of a gateway that is down, which it answers with a 503', async () => {
    stand.text.healthStatus = 503;
    stand.text.health = { status: 'down', reasons: ['Telegram: connecting'] };
    const [text] = await services();
    expect(text!.health).toEqual({ status: 'down', reasons: ['Telegram: connecting'], causes: [] });
  });

  it('says why nothing can be controlled when the launcher is gone', async () => {
    await stand.launcher.close();
    const [text] = await services();
    expect(text).toMatchObject({ state: 'running', restarts: null, control: { available: false } });
    expect(text!.control.reason).toContain('npm start does not answer');
  });
});

describe('actions', () => {
  it('restarts through the launcher, and answers the service as it is then', async () => {
    const answer = await post('/api/services/send-text/restart');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true, service: { name: 'send-text', state: 'running' } });
    expect(stand.launcher.asked).toEqual(['restart send-text']);
  });

  it('stops only when that is confirmed', async () => {
    for (const body of [undefined, {}, { confirm: true }, { confirm: 'Stop' }]) {
      const refused = await post('/api/services/send-text/stop', body);
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ class: 'bad_request' });
    }
    expect(stand.launcher.asked).toEqual([]);
    const stopped = await post('/api/services/send-text/stop', { confirm: 'stop' });
    expect(await stopped.json()).toMatchObject({ ok: true, service: { state: 'stopped', uptime_s: null } });
  });

  it('passes on why a start failed', async () => {
    stand.launcher.refusal = 'port 5022 is in use: set PORT to another';
    const answer = await post('/api/services/send-text/start');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ class: 'unavailable', detail: stand.launcher.refusal });
  });

  it.each([
    ['reload-cache', '/reload_cache'],
    ['pause', '/pause'],
    ['resume', '/resume'],
  ])('asks the gateway itself to %s, and passes its answer on', async (action, path) => {
    stand.media.answer = { status: 429, body: { class: 'flood_wait' }, headers: { 'retry-after': '26' } };
    const answer = await post(`/api/services/send-media/${action}`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('26');
    expect(await answer.json()).toEqual({ class: 'flood_wait' });
    expect(stand.media.asked).toEqual([`POST ${path}`]);
    expect(stand.text.asked).toEqual([]);
  });

  it('says that a gateway does not answer', async () => {
    await stand.media.close();
    const answer = await post('/api/services/send-media/pause');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ class: 'unavailable' });
  });

  it.each(['/api/services/sandbox/stop', '/api/services/send-text/kill', '/api/services/__proto__/start'])(
    'has nothing at %s',
    async (path) => {
      expect((await post(path, { confirm: 'stop' })).status).toBe(404);
      expect(stand.launcher.asked).toEqual([]);
    },
  );

  it('writes down who did what, and with which outcome', async () => {
    await post('/api/services/send-text/restart');
    stand.launcher.refusal = 'it would not';
    await post('/api/services/send-media/start');
    const [latest, earlier] = (await (await get('/api/audit')).json()) as AuditEntry[];
    expect(latest).toMatchObject({
      user,
      service: 'send-media',
      action: 'start',
      ok: false,
      detail: 'it would not',
    });
    expect(earlier).toMatchObject({
      service: 'send-text',
      action: 'restart',
      ok: true,
      address: '127.0.0.1',
    });
    const file = await readFile(join(stand.launcher.dir, 'monitor/audit.jsonl'), 'utf8');
    expect(file.trim().split('\n')).toHaveLength(2);
  });
});

describe('access', () => {
  it('is for those who know the password', async () => {
    for (const path of ['/', '/main.js', '/api/services', '/api/stream', '/api/audit']) {
      const refused = await get(path, {});
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Vestnik", charset="UTF-8"');
    }
    expect((await get('/api/services', { authorization: basic('wrong') })).status).toBe(401);
    expect((await get('/api/services', { authorization: 'Basic !!!' })).status).toBe(401);
    expect((await get('/api/services')).status).toBe(200);
  });

  it('refuses methods that an address does not take by 405, the open ones to everybody', async () => {
    const port = Number(new URL(stand.url).port);
    for (const method of ['PUT', 'TRACE', 'PROPFIND']) {
      expect(await askRaw(port, method, '/health')).toMatchObject({
        status: 405,
        allow: 'HEAD, GET',
        type: 'application/problem+json',
      });
    }
    const ask = (path: string, method: string) =>
      fetch(stand.url + path, { method, headers: { authorization: basic() } });
    for (const [path, method, allow] of [
      ['/api/services', 'DELETE', 'HEAD, GET'],
      ['/api/services/send-text/restart', 'GET', 'POST'],
      ['/', 'POST', 'HEAD, GET'],
    ] as const) {
      const answer = await ask(path, method);
      expect([answer.status, answer.headers.get('allow')], path).toEqual([405, allow]);
    }
    expect((await ask('/api/nothing', 'PUT')).status).toBe(404);
  });

  const hoursTake = 'hours takes a number above 0 and up to 48, not';
  it.each([
    ['0x10', `${hoursTake} "0x10"`],
    ['1e1', `${hoursTake} "1e1"`],
    ['-1', `${hoursTake} "-1"`],
    ['49', `${hoursTake} "49"`],
    ['1&hours=2', 'hours may be given once'],
  ])('takes no hours of %s', async (hours, detail) => {
    const answer = await get(`/api/health-history?hours=${hours}`);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail });
  });

  it('leaves /health and /metrics open', async () => {
    expect((await get('/health', {})).status).toBe(200);
    expect(await (await get('/metrics', {})).text()).toContain('vestnik_monitor_requests_total');
  });

  it('makes an address that guesses wait, but not one that has signed in before', async () => {
    await stand.close();
    stand = await startStand({}, fastClock(10));
    await get('/api/services');
    for (let i = 0; i < 4; i += 1) await get('/api/services', { authorization: basic(`guess ${i}`) });
    const guesses = [5, 6, 7, 8].map((i) => get('/api/services', { authorization: basic(`guess ${i}`) }));
    const limited = await Promise.race(guesses);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get('/api/services')).status).toBe(200);
    expect((await Promise.all(guesses)).map(({ status }) => status).sort()).toEqual([401, 401, 401, 429]);
  });

  it('hashes a password once, so that asking again costs nothing', async () => {
    await stand.stopMonitor();
    await stand.startMonitor({ MONITOR_PASSWORD_HASH: await hashPassword(password) });
    await get('/api/audit');
    const startedAt = performance.now();
    for (let i = 0; i < 50; i += 1) await get('/api/audit');
    // Fifty hashes of the chosen cost would take seconds.
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('is refused to pages of other sites, and under unknown names', async () => {
    const crossSite = await post('/api/services/send-text/restart', {}, { 'sec-fetch-site': 'cross-site' });
    expect(crossSite.status).toBe(403);
    const foreign = await post('/api/services/send-text/restart', {}, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    expect(await statusWith('/api/services', { host: 'evil.example' })).toBe(403);
    expect(stand.launcher.asked).toEqual([]);
  });

  it('tells the browser to run nothing but our own files, in no frame', async () => {
    const page = await get('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await statusWith('/', { 'if-none-match': page.headers.get('etag')! })).toBe(304);
  });

  it.each(['/tsconfig.json', '/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/styles'])(
    'serves nothing but the page: not %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

/** The status under headers that fetch() lets nobody choose. */
function statusWith(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { headers: { authorization: basic(), ...headers }, agent: false as const };
    const asked = request(stand.url + path, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.once('error', reject).end();
  });
}
