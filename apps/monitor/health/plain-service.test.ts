/** A service of another kind beside the gateways: an old program that the supervisor does not keep. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';
import type { ServiceView } from './service-view.ts';

let stand: MonitorStand;
let old: Server;
let asked: string[];
/** What the old program answers by path; 404 elsewhere. */
let pages: Record<string, string>;

beforeEach(async () => {
  asked = [];
  pages = { '/': 'Send service is running' };
  old = createServer((request, response) => {
    asked.push(request.url!);
    const page = pages[request.url!];
    response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': 'text/html' });
    response.end(page ?? '<h1>Not Found</h1>');
  });
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  stand = await startStand();
  await stand.stopMonitor();
  const url = `http://127.0.0.1:${(old.address() as AddressInfo).port}`;
  const services = [
    { name: 'send-text', url: stand.text.url },
    { name: 'old-media', label: 'old media', url, account: 'main' },
  ];
  await stand.startMonitor({ SERVICES: JSON.stringify(services) });
});
afterEach(async () => {
  await stand.close();
  await new Promise((resolve) => {
    old.close(resolve);
    old.closeAllConnections();
  });
});

const services = async () => (await (await getFrom(stand.url, '/api/services')).json()) as ServiceView[];
const oldService = async () => (await services()).find(({ name }) => name === 'old-media');

describe('a service without /health, /stats and /metrics', () => {
  it('is shown as running with what it has: null for all that it does not tell', async () => {
    expect(await oldService()).toMatchObject({
      label: 'old media',
      state: 'running',
      answers: true,
      lacks: ['/health', '/stats', '/metrics'],
      faults: [],
      account: 'main',
      since: null,
      health: null,
      queue: null,
      floods: null,
      cache_size: null,
      memory_bytes: null,
      errors_by_class: null,
      last_request_at: null,
      restarts: null,
      uptime_s: null,
    });
    const metrics = await (await getFrom(stand.url, '/metrics')).text();
    expect(metrics).not.toContain('scrape_failures_total{service="old-media"');
  });

  it('is not asked again all the time for what it lacks', async () => {
    const before = await oldService();
    await postTo(stand.url, '/api/services/send-text/restart'); // The monitor looks anew.
    expect(await oldService()).toMatchObject({ lacks: before!.lacks });
    expect(asked.filter((path) => path !== '/health')).toEqual(['/stats', '/metrics']);
  });

  it('is only watched where the supervisor does not keep it, and says why nothing else is possible', async () => {
    const reason = 'it is only watched: npm start runs no old-media';
    expect(await oldService()).toMatchObject({ watched_only: true, control: { available: false, reason } });
    for (const action of ['start', 'stop', 'restart']) {
      const refused = await postTo(stand.url, `/api/services/old-media/${action}`, { confirm: 'stop' });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ class: 'conflict', detail: reason });
    }
    expect(stand.launcher.asked).toEqual([]);
  });

  it('is left alone by Clear flood wait, which says so', async () => {
    await services();
    const path = '/api/procedures/clear-flood-wait';
    expect(await (await getFrom(stand.url, path)).json()).toMatchObject({
      account: 'main',
      accounts: [{ account: 'main', services: ['send-text', 'old-media'], left_out: ['old-media'] }],
      seconds_left: 300,
    });
  });

  it('may be stopped: then it is unknown what became of it', async () => {
    await new Promise((resolve) => {
      old.close(resolve);
      old.closeAllConnections();
    });
    expect(await oldService()).toMatchObject({ state: 'unknown', answers: false, lacks: [] });
  });
});

describe('a service with answers in its own words', () => {
  it('is taken at no word that a gateway does not use, and its metrics at what they are', async () => {
    Object.assign(pages, {
      '/health': '{"status":"healthy"}',
      '/stats': 'OK',
      '/metrics': 'process_resident_memory_bytes 48000000\npython_info{version="3.11"} 1\n',
    });
    expect(await oldService()).toMatchObject({
      state: 'running',
      health: null,
      lacks: ['/health', '/stats'],
      memory_bytes: 48_000_000,
      errors_by_class: null,
    });
  });
});
