/** Clear flood wait through the running monitor, which is stopped and started in the middle of it. */
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../kit/testing/manual-clock.ts';
import { until } from '../../testkit/until.ts';
import type { AuditEntry } from '../files/audit.ts';
import type { KeptCheck } from '../health/history.ts';
import type { ServiceView } from '../health/service-view.ts';
import { basic, getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';
import type { ProcedureStatus } from './record.ts';

let clock: ManualClock;
let stand: MonitorStand;
beforeEach(async () => {
  clock = manualClock();
  stand = await startStand({ HEALTH_INTERVAL_S: '3600', USAGE_INTERVAL_S: '3600' }, clock);
});
afterEach(() => stand.close());

const path = '/api/procedures/clear-flood-wait';
const confirmed = { confirm: 'clear-flood-wait' };
const begin = () => postTo(stand.url, path, confirmed);
const status = async () => (await (await getFrom(stand.url, path)).json()) as ProcedureStatus;
const cancel = () => fetch(stand.url + path, { method: 'DELETE', headers: { authorization: basic() } });
const checks = async () =>
  (await (await getFrom(stand.url, '/api/health-history?service=send-text')).json()) as KeptCheck[];
const audit = async () => (await (await getFrom(stand.url, '/api/audit')).json()) as AuditEntry[];
const detail = async (answer: Response) => ((await answer.json()) as { detail: string }).detail;

/** Waits until the procedure has come to a step of this kind. */
async function untilStep(kind: string, number: number): Promise<ProcedureStatus> {
  return until(`step ${number} is a ${kind} that has begun`, async () => {
    const now = await status();
    const { step } = now;
    if (step?.kind !== kind || step.number !== number) return false;
    return clock.dueTimes().includes(Date.parse(step.until!)) && now;
  });
}

const untilState = (state: string) => expect.poll(status).toMatchObject({ state });
const untilAsked = (asked: string[]) => expect.poll(() => stand.launcher.asked).toEqual(asked);

describe('clear flood wait', () => {
  it('stops both, waits 300 s, and starts them one by one, 60 s apart', async () => {
    const answer = await begin();
    expect(answer.status).toBe(202);
    expect((await answer.json()) as ProcedureStatus).toMatchObject({ state: 'running', seconds_left: 360 });
    const waiting = await untilStep('wait', 3);
    expect(stand.launcher.asked).toEqual(['stop send-text', 'stop send-media']);
    expect(waiting.step).toMatchObject({ of: 6, seconds: 300, seconds_left: 300 });
    await clock.advance(299_000);
    expect(await status()).toMatchObject({ seconds_left: 61, step: { number: 3, seconds_left: 1 } });
    expect(stand.launcher.asked).toHaveLength(2);
    await clock.advance(1_000);
    const spacing = await untilStep('wait', 5);
    expect(spacing).toMatchObject({ seconds_left: 60, step: { seconds_left: 60 } });
    await untilAsked(['stop send-text', 'stop send-media', 'start send-text']);
    await clock.advance(60_000);
    await untilState('done');
    expect(stand.launcher.asked.at(-1)).toBe('start send-media');
    expect((await status()).steps.map(({ state }) => state)).toEqual(Array(6).fill('done'));
    const deeds = async () => (await audit()).map(({ service, action, ok }) => `${service} ${action} ${ok}`);
    await expect.poll(deeds).toHaveLength(8); // The last is written behind its state.
    expect(await deeds()).toEqual(
      expect.arrayContaining([
        ' clear-flood-wait true',
        'send-text clear-flood-wait: stop true',
        'send-media clear-flood-wait: stop true',
        ' clear-flood-wait: wait 300 s true',
        'send-text clear-flood-wait: start true',
        ' clear-flood-wait: wait 60 s true',
        'send-media clear-flood-wait: start true',
        ' clear-flood-wait: done true',
      ]),
    );
  });

  it('makes no alert of a service that it keeps stopped, but of one that does not come up again', async () => {
    await stand.stopMonitor();
    let dueAt = clock.now() + 10_000;
    await stand.startMonitor({ HEALTH_INTERVAL_S: '60' });
    const nextCheck = async () => {
      const before = (await checks()).length;
      await expect.poll(() => clock.dueTimes()).toContain(dueAt);
      await clock.advance(dueAt - clock.now());
      await expect.poll(checks).toHaveLength(before + 1);
      dueAt += 60_000;
    };
    await begin();
    const { step } = await untilStep('wait', 3);
    await stand.text.close();
    for (let check = 1; check <= 5; check += 1) await nextCheck();
    expect((await checks()).every(({ ok, planned }) => !ok && planned)).toBe(true);
    expect((await checks())[0]!.reason).toBe('stopped by clear-flood-wait');
    await clock.advance(Date.parse(step!.until!) - clock.now());
    await untilAsked(['stop send-text', 'stop send-media', 'start send-text']);
    await untilStep('wait', 5);
    for (let check = 1; check <= 3; check += 1) await nextCheck();
    expect((await checks()).slice(-3).map(({ planned }) => planned)).toEqual([false, false, false]);
    const services = async () => (await (await getFrom(stand.url, '/api/services')).json()) as ServiceView[];
    await expect.poll(async () => (await services())[0]!.alert).toMatchObject({ misses: 3 });
    await stand.text.open();
  });

  it('tells what will remain of the waits that Telegram had announced', async () => {
    const until = new Date(clock.now() + 500_000).toISOString();
    const soon = new Date(clock.now() + 100_000).toISOString();
    stand.text.stats.floods = [
      { scope: 'method:messages.getDialogs', until, seconds: 500 },
      { scope: 'chat:-1001', until: soon, seconds: 100 },
    ];
    const gates = [
      { service: 'send-text', scope: 'method:messages.getDialogs', until, remains_s: 140 },
      { service: 'send-text', scope: 'chat:-1001', until: soon, remains_s: 0 },
    ];
    expect(await status()).toMatchObject({ state: 'idle', seconds_left: 360, gates });
    await begin();
    await untilStep('wait', 3);
    await stand.text.close();
    await clock.advance(200_000);
    expect((await status()).gates).toEqual(gates);
  });

  it('waits no longer by a clock that is set back three hours before a restart of the monitor', async () => {
    await begin();
    await untilStep('wait', 3);
    await stand.stopMonitor();
    clock.set(-3 * 3_600_000);
    await stand.startMonitor();
    expect((await status()).step!.seconds_left).toBe(300);
    await expect.poll(() => clock.dueTimes()).toContain(clock.now() + 300_000);
    await clock.advance(300_000);
    await expect.poll(() => stand.launcher.asked).toContain('start send-text');
  });

  it.each([
    ['wait', 3, 100_000],
    ['wait', 5, 320_000],
  ] as const)('goes on in its %s (step %i) after a restart of the monitor', async (kind, number, afterMs) => {
    await begin();
    await untilStep('wait', 3);
    if (number === 5) await clock.advance(300_000);
    const before = await untilStep(kind, number);
    await clock.advance(afterMs - (number === 5 ? 300_000 : 0));
    await stand.stopMonitor();
    await clock.advance(10_000);
    await stand.startMonitor();
    const after = await untilStep(kind, number);
    expect(after.seconds_left).toBe(360 - afterMs / 1000 - 10);
    expect(after.started_at).toBe(before.started_at);
    await clock.advance(after.step!.seconds_left! * 1000);
    if (number === 3) {
      await untilStep('wait', 5);
      await clock.advance(60_000);
    }
    await untilState('done');
    expect(stand.launcher.asked).toEqual([
      'stop send-text',
      'stop send-media',
      'start send-text',
      'start send-media',
    ]);
  });

  it('starts what it has stopped again when it is cancelled, still one by one', async () => {
    await begin();
    await untilStep('wait', 3);
    await clock.advance(30_000);
    const answer = await cancel();
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      state: 'cancelled',
      detail: 'cancelled by admin',
      step: null,
    });
    await untilAsked(['stop send-text', 'stop send-media', 'start send-text']);
    const views = (await (await getFrom(stand.url, '/api/services')).json()) as ServiceView[];
    expect(views[1]!.delayed).toMatchObject({ action: 'start' });
    await stand.stopMonitor();
    await stand.startMonitor();
    await clock.advance(59_000);
    expect(stand.launcher.asked).toHaveLength(3);
    await clock.advance(2_000);
    await expect.poll(() => stand.launcher.asked.at(-1)).toBe('start send-media');
    expect((await status()).state).toBe('cancelled');
    expect((await cancel()).status).toBe(409);
  });

  it('is refused without its word, while it runs, and keeps other starts and stops off meanwhile', async () => {
    for (const body of [undefined, {}, { confirm: 'stop' }]) {
      const refused = await postTo(stand.url, path, body);
      expect(refused.status).toBe(422);
      expect(await detail(refused)).toContain('confirm takes "clear-flood-wait"');
    }
    expect((await cancel()).status).toBe(409);
    await begin();
    await untilStep('wait', 3);
    const refusals = [
      await begin(),
      await postTo(stand.url, '/api/services/send-text/start'),
      await postTo(stand.url, '/api/services/send-text/stop', { confirm: 'stop' }),
      await postTo(stand.url, '/api/services/send-media/restart'),
    ];
    for (const refused of refusals) {
      expect(refused.status).toBe(409);
      expect(await detail(refused)).toContain('clear-flood-wait is running');
    }
    expect(stand.launcher.asked).toHaveLength(2);
  });

  it('tries again while the supervisor refuses, then says so and goes on with the other service', async () => {
    await begin();
    await untilStep('wait', 3);
    stand.launcher.refusal = 'port 5022 is in use';
    await clock.advance(300_000);
    for (const pause of [2_000, 4_000, 8_000, 16_000]) {
      const asked = stand.launcher.asked.length;
      await expect.poll(() => clock.dueTimes()).toContain(clock.now() + pause);
      await clock.advance(pause);
      await expect.poll(() => stand.launcher.asked.length).toBeGreaterThan(asked);
    }
    await untilStep('wait', 5);
    stand.launcher.refusal = undefined;
    await clock.advance(60_000);
    await untilState('failed');
    expect(await status()).toMatchObject({ detail: 'port 5022 is in use' });
    expect(stand.launcher.asked).toContain('start send-media');
    // What could not be started is tried on: it is not left stopped.
    await clock.advance(60_000);
    await expect.poll(() => stand.launcher.asked.at(-1)).toBe('start send-text');
  });

  it('is not begun while it cannot be written down, and once begun does not stop half-way for that', async () => {
    const blocked = join(stand.launcher.dir, 'monitor/clear-flood-wait.json.new');
    await mkdir(blocked);
    const refused = await begin();
    expect(refused.status).toBe(503);
    expect(await detail(refused)).toContain('nothing was stopped');
    expect(stand.launcher.asked).toEqual([]);
    await rmdir(blocked);
    await begin();
    await untilStep('wait', 3);
    await mkdir(blocked);
    await clock.advance(300_000);
    await untilStep('wait', 5);
    await clock.advance(60_000);
    await untilState('done');
    expect(stand.launcher.asked).toHaveLength(4);
  });
});

describe('clear flood wait with several accounts', () => {
  beforeEach(async () => {
    stand.media.stats.account = 'second';
    await getFrom(stand.url, '/api/services');
  });

  it('covers the services of the account that is named, by default of the first', async () => {
    const accounts = [
      { account: 'main', services: ['send-text'], left_out: [] },
      { account: 'second', services: ['send-media'], left_out: [] },
    ];
    expect(await status()).toMatchObject({ state: 'idle', account: 'main', accounts, seconds_left: 300 });
    const asked = await getFrom(stand.url, `${path}?account=second`);
    expect(await asked.json()).toMatchObject({ account: 'second', accounts });
    expect((await postTo(stand.url, path, { ...confirmed, account: 'second' })).status).toBe(202);
    await untilStep('wait', 2);
    expect(stand.launcher.asked).toEqual(['stop send-media']);
    expect(await status()).toMatchObject({ account: 'second', step: { of: 3 } });
    expect((await audit()).find(({ action }) => action === 'clear-flood-wait')).toMatchObject({
      detail: 'account second',
    });
    await clock.advance(300_000);
    await untilState('done');
    expect(stand.launcher.asked).toEqual(['stop send-media', 'start send-media']);
  });

  it('leaves the services of other accounts to the operator, and what waits for them', async () => {
    await postTo(stand.url, path, { ...confirmed, account: 'second' });
    await untilStep('wait', 2);
    expect((await postTo(stand.url, '/api/services/send-text/restart')).status).toBe(200);
    expect((await postTo(stand.url, '/api/services/send-media/start')).status).toBe(409);
    expect((await cancel()).status).toBe(200);
    await expect.poll(() => stand.launcher.asked.at(-1)).toBe('start send-media');
    expect(stand.launcher.asked).toEqual(['stop send-media', 'restart send-text', 'start send-media']);
  });

  it.each([
    ['third', 'account takes main or second'],
    [5, 'account takes the name of one account'],
  ])('is refused for %j', async (account, words) => {
    const refused = await postTo(stand.url, path, { ...confirmed, account });
    expect(refused.status).toBe(422);
    expect(await detail(refused)).toBe(words);
    expect(stand.launcher.asked).toEqual([]);
  });
});
