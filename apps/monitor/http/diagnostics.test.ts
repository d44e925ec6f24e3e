/** Diagnostics through the running monitor, with real servers, ports and a real launcher socket. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../diagnostics/report.ts';
import { getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand({ CLOCK_REFERENCE_URL: 'none' })));
afterEach(() => stand.close());

const diagnose = async () => (await (await postTo(stand.url, '/api/diagnostics')).json()) as Report;
/** What somebody is sent who wants it as it comes. */
async function* follow(): AsyncGenerator<
  Partial<Report> & { planned?: object[]; check?: Report['checks'][number] },
  void
> {
  const answer = await postTo(stand.url, '/api/diagnostics', {}, { accept: 'application/x-ndjson' });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = createInterface({ input: Readable.fromWeb(answer.body! as ReadableStream<Uint8Array>) });
  for await (const line of lines) yield JSON.parse(line) as object;
}
const find = (report: Report, check: string, service: string | null = 'send-text') =>
  report.checks.find((each) => each.check === check && each.service === service)!;

describe('POST /api/diagnostics', () => {
  it('runs every check, each with its own outcome and time', async () => {
    stand.text.health = {
      status: 'ok',
      checks: {
        telegram: { ok: true, detail: 'Telegram answers' },
        authorized: { ok: true, detail: 'signed in' },
      },
    };
    const report = await diagnose();
    const ofServices = ['supervisor', 'port', 'health', 'telegram', 'session', 'stats', 'cache', 'errors'];
    for (const service of ['send-text', 'send-media']) {
      expect(report.checks.filter((each) => each.service === service).map(({ check }) => check)).toEqual(
        ofServices,
      );
    }
    expect(report.checks.filter(({ service }) => service === null).map(({ check }) => check)).toEqual([
      'disk',
      'clock',
    ]);
    for (const { ms } of report.checks) expect(ms).toBeGreaterThanOrEqual(0);
    for (const check of [...ofServices]) expect(find(report, check)).toMatchObject({ ok: true });
    expect(find(report, 'telegram', 'send-media')).toMatchObject({
      ok: null,
      id: 'not_told',
    });
    expect(find(report, 'port').detail).toContain(`pid ${process.pid}`);
    expect(report.causes).toEqual([]);
  });

  it('names a port that another program holds, and tells the last run again', async () => {
    await postTo(stand.url, '/api/services/send-text/stop', { confirm: 'stop' });
    const report = await diagnose();
    expect(report.causes).toMatchObject([
      { id: 'port_taken', service: 'send-text', title: 'Another program holds the port' },
    ]);
    expect(find(report, 'port')).toMatchObject({ ok: false, id: 'foreign_by' });
    const again = (await (await getFrom(stand.url, '/api/diagnostics')).json()) as Report;
    expect(again).toEqual(report);
  });

  it('tells each check when it has ended to who accepts lines, the slow ones last, and then the causes', async () => {
    stand.text.stats.cache = { size: 0 };
    stand.media.isMute = true;
    const told: string[] = [];
    let planned = 0;
    let causes: Report['causes'] | undefined;
    for await (const line of follow()) {
      if (line.planned) planned = line.planned.length;
      if (line.check) told.push(`${line.check.service} ${line.check.check}`);
      // Only when all that does not hang has been told does the rest get its answer.
      if (told.length === planned - 6) stand.media.unmute();
      causes = line.causes;
    }
    expect(new Set(told).size).toBe(planned);
    expect(new Set(told.slice(-6))).toEqual(
      new Set([
        ...['health', 'telegram', 'session', 'stats', 'cache'].map((check) => `send-media ${check}`),
        'null clock',
      ]),
    );
    expect(causes).toMatchObject([{ id: 'empty_cache', service: 'send-text' }]);
  });

  it('is joined by who asks while it runs', async () => {
    stand.media.isMute = true;
    const whole = diagnose();
    const lines = follow();
    const { at } = (await lines.next()).value!;
    stand.media.unmute();
    expect((await whole).at).toBe(at);
    for await (const { causes } of lines) if (causes) expect(causes).toEqual((await whole).causes);
  });

  it('reads the errors of a service, and names the cause from them', async () => {
    for (const chat of ['-1001', '-1002'])
      stand.launcher.write(
        'send-text',
        JSON.stringify({ level: 'error', class: 'banned', chat, msg: '<script>' }),
      );
    const evidence = async () => (await diagnose()).causes[0]?.evidence[0];
    await expect.poll(evidence).toBe('chats: -1001, -1002');
    const report = await diagnose();
    expect(find(report, 'errors')).toMatchObject({ ok: false });
    expect(report.causes).toMatchObject([{ id: 'banned' }]);
  });

  it('is done within its time though a gateway says nothing and the launcher is gone', async () => {
    await stand.launcher.close();
    await stand.media.close();
    const report = await diagnose();
    expect(find(report, 'supervisor')).toMatchObject({
      ok: null,
      detail: expect.stringContaining('npm start does not answer'),
    });
    expect(find(report, 'health', 'send-media')).toMatchObject({ ok: false, detail: 'connection refused' });
    expect(find(report, 'port', 'send-media')).toMatchObject({ ok: false });
    expect(find(report, 'health')).toMatchObject({ ok: true });
  });

  it('compares the clock with a server that is trusted, but not for the sandbox', async () => {
    const reference = createServer((_, response) => {
      response.setHeader('Date', new Date(Date.now() - 120_000).toUTCString());
      response.end();
    });
    await new Promise<void>((resolve) => reference.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(reference.address() as AddressInfo).port}`;
    await stand.stopMonitor();
    await stand.startMonitor({ CLOCK_REFERENCE_URL: url });
    expect(find(await diagnose(), 'clock', null)).toMatchObject({ ok: true });
    for (const gateway of [stand.text, stand.media]) gateway.health = { status: 'ok', sandbox: false };
    const report = await diagnose();
    expect(find(report, 'clock', null)).toMatchObject({ ok: false });
    expect(report.causes).toMatchObject([{ id: 'clock_wrong', service: null }]);
    reference.closeAllConnections();
    await new Promise((resolve) => reference.close(resolve));
    expect(find(await diagnose(), 'clock', null)).toMatchObject({ ok: null });
  });
});
