/** Starts that come too close to that of the account's other service, through the running monitor. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../kit/testing/manual-clock.ts';
import type { AuditEntry } from '../files/audit.ts';
import type { ServiceView } from '../health/service-view.ts';
import { getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

let clock: ManualClock;
let stand: MonitorStand;
beforeEach(async () => {
  clock = manualClock();
  stand = await startStand({ HEALTH_INTERVAL_S: '3600', USAGE_INTERVAL_S: '3600' }, clock);
  await services(); // The monitor has seen which account they send as.
});
afterEach(() => stand.close());

const post = (action: string) => postTo(stand.url, `/api/services/${action}`);
const stop = (name: string) => postTo(stand.url, `/api/services/${name}/stop`, { confirm: 'stop' });
const services = async () => (await (await getFrom(stand.url, '/api/services')).json()) as ServiceView[];
const latestDeed = async () => ((await (await getFrom(stand.url, '/api/audit')).json()) as AuditEntry[])[0];
const inSeconds = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();

describe('a start within 60 s of the other service of the account', () => {
  it('is delayed, says until when, and is then done', async () => {
    expect((await post('send-text/restart')).status).toBe(200);
    await clock.advance(20_000);
    const answer = await post('send-media/restart');
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({
      ok: true,
      delayed_until: inSeconds(40),
      service: { name: 'send-media', state: 'running', delayed: { action: 'restart', at: inSeconds(40) } },
    });
    await clock.advance(39_000);
    expect(stand.launcher.asked).toEqual(['restart send-text']);
    await clock.advance(1_000);
    await expect.poll(() => stand.launcher.asked).toEqual(['restart send-text', 'restart send-media']);
    await expect.poll(latestDeed).toMatchObject({
      service: 'send-media',
      action: 'delayed restart',
      ok: true,
      user: 'admin',
    });
    await clock.advance(2_000);
    expect((await services())[1]!.delayed).toBeNull();
  });

  it.each([0, 1])(
    'waits no longer by a clock that is set back three hours (restarts: %i)',
    async (restarts) => {
      await post('send-text/restart');
      await post('send-media/restart');
      if (restarts > 0) await stand.stopMonitor();
      clock.set(-3 * 3_600_000);
      if (restarts > 0) await stand.startMonitor();
      await clock.advance(121_000);
      await expect.poll(() => stand.launcher.asked).toEqual(['restart send-text', 'restart send-media']);
    },
  );

  it('is delayed also where the other was started by something else', async () => {
    stand.launcher.services['send-text']!.started_at = inSeconds(-15);
    expect(await (await post('send-media/restart')).json()).toMatchObject({ delayed_until: inSeconds(45) });
  });

  it('stays delayed over a restart of the monitor, and is done when that comes back too late', async () => {
    await post('send-text/restart');
    await stop('send-media');
    await post('send-media/start');
    await stand.stopMonitor();
    await clock.advance(30_000);
    await stand.startMonitor();
    expect((await services())[1]!.delayed).toEqual({ action: 'start', at: inSeconds(30) });
    await stand.stopMonitor();
    await clock.advance(100_000);
    expect(stand.launcher.asked).not.toContain('start send-media');
    await stand.startMonitor();
    await expect.poll(() => stand.launcher.asked.at(-1)).toBe('start send-media');
  });

  it('is taken back by a stop', async () => {
    await post('send-text/restart');
    await post('send-media/restart');
    await stop('send-media');
    await clock.advance(120_000);
    expect((await services())[1]).toMatchObject({ delayed: null, state: 'stopped' });
    expect(stand.launcher.asked).toEqual(['restart send-text', 'stop send-media']);
  });

  it('is delayed for one of two that are started at the same moment', async () => {
    await Promise.all([stop('send-text'), stop('send-media')]);
    const answers = await Promise.all([post('send-text/start'), post('send-media/start')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 202]);
  });

  it('is not delayed for a service of another account, or one that runs already', async () => {
    await post('send-text/restart');
    expect((await post('send-media/start')).status).toBe(200);
    stand.media.stats.account = 'second';
    await clock.advance(2_000);
    await services();
    expect((await post('send-media/restart')).status).toBe(200);
  });

  it('is tried again while the supervisor does not answer, and given up in the end with its reason', async () => {
    await post('send-text/restart');
    await post('send-media/restart');
    stand.launcher.refusal = 'no such image';
    const tries = () => stand.launcher.asked.filter((asked) => asked === 'restart send-media').length;
    await clock.advance(60_000);
    for (let done = 1; done < 6; done += 1) {
      await expect.poll(tries).toBe(done);
      await expect.poll(() => clock.dueTimes()).toContain(clock.now() + 10_000);
      await clock.advance(10_000);
    }
    await expect
      .poll(latestDeed)
      .toMatchObject({ action: 'delayed restart', ok: false, detail: 'no such image' });
    expect(tries()).toBe(6);
  });

  it('may be asked for again once it may be, though a try of it has failed', async () => {
    await post('send-text/restart');
    await post('send-media/restart');
    stand.launcher.refusal = 'not now';
    await clock.advance(60_000);
    await expect.poll(() => clock.dueTimes()).toContain(clock.now() + 10_000);
    stand.launcher.refusal = undefined;
    const answer = await post('send-media/restart');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ delayed_until: null, service: { delayed: null } });
    const asked = stand.launcher.asked.length;
    await clock.advance(60_000);
    expect(stand.launcher.asked).toHaveLength(asked);
  });
});
