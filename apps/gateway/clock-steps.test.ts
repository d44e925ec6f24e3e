/** Clocks that are set, or wrong at the start, over TCP: nothing waits for them, and nothing is given up by them. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { movableClock } from '../testkit/movable-clock.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { demoChat, fileForm, startTestGateway, type TestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** The paces are a second; the rest is for a busy machine. A clock that were believed would cost a minute at least. */
const promptMs = 20 * secondMs;
const paced = { PACE_CHAT_PER_S: '1', PACE_GROUP_PER_MIN: '20', PACE_ACCOUNT_PER_S: '20' };

async function setUp() {
  const sandbox = await startSandbox();
  const clock = movableClock();
  const dataDir = temporaryFolder();
  const start = (gateway: 'text' | 'media') =>
    startTestGateway(gateway, sandbox, dataDir, paced, undefined, clock);
  const skew = (seconds: number) =>
    sandbox.post('/faults', seconds === 0 ? [] : [{ clock_skew_seconds: seconds }]);
  /** The paces pass ten times as fast. */
  const hurried = async <T>(sent: Promise<T>): Promise<T> => {
    const timer = setInterval(() => clock.advance(90), 10);
    return sent.finally(() => clearInterval(timer));
  };
  const sendText = (text: TestGateway, more: object = {}) =>
    hurried(text.post('/send', { chat_id: demoChat, text: 'a', wait: 60, ...more }));
  const sendFile = (media: TestGateway) =>
    hurried(media.post('/send_media', fileForm(Buffer.from('a'), 'a.bin', { chat_id: demoChat, wait: 60 })));
  const expectPrompt = async (text: TestGateway, media: TestGateway) => {
    for (const send of [() => sendText(text), () => sendFile(media)]) {
      const startedAt = clock.uptime();
      expect(await send()).toMatchObject({ status: 200 });
      expect(clock.uptime() - startedAt).toBeLessThan(promptMs);
    }
  };
  return { sandbox, clock, start, skew, sendText, sendFile, expectPrompt };
}

const statusOf = async (gateway: TestGateway) => (await gateway.get('/health')).body.status;

describe('a clock that is set while the gateways run', () => {
  it('holds up no message, neither at once nor after a restart', async () => {
    const { clock, start, expectPrompt } = await setUp();
    let [text, media] = [await start('text'), await start('media')];
    await Promise.all([text.untilWarm(), media.untilWarm()]);
    for (const steps of [[-3 * hourMs], [dayMs, -dayMs], [-minuteMs], [3 * hourMs]]) {
      for (const ms of steps) {
        clock.set(ms);
        await expectPrompt(text, media);
      }
      await Promise.all([text.close(), media.close()]);
      [text, media] = [await start('text'), await start('media')];
      await expectPrompt(text, media);
    }
  }, 240_000);

  it('gives up no message that waits, and ends no wait early', async () => {
    const { sandbox, clock, start } = await setUp();
    const text = await start('text');
    await text.untilWarm();
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_4', times: 1 }]);
    const message = { chat_id: demoChat, text: 'a', wait: 0, expires_in: 600 };
    const { body } = await text.post('/send', message);
    await until('the wait is known', async () => ((await text.get('/stats')).body.floods as []).length > 0);
    clock.set(dayMs);
    await text.untilStatus(body.id, 'sent');
    expect(await sandbox.report()).toMatchObject({ flood_violations: 0 });
  });
});

describe('times that a wrong clock has left on disk', () => {
  it.each([
    ['three hours', 3 * hourMs],
    ['a day', dayMs],
    ['a minute', minuteMs],
  ])(
    '%s ahead hold up nothing after the next start',
    async (_, aheadMs) => {
      const { sandbox, clock, start, skew, sendText, sendFile, expectPrompt } = await setUp();
      clock.set(aheadMs);
      await skew(aheadMs / 1000);
      let [text, media] = [await start('text'), await start('media')];
      await Promise.all([text.untilWarm(), media.untilWarm()]);
      for (let count = 0; count < 3; count++) await sendText(text);
      await sendFile(media);
      const flood = { method: 'messages.sendMessage', error: 'FLOOD_WAIT_5', times: 1 };
      const walkFlood = { method: 'messages.getDialogs', error: 'FLOOD_WAIT_5', times: 1 };
      await sandbox.post('/faults', [{ clock_skew_seconds: aheadMs / 1000 }, flood, walkFlood]);
      const { body } = await sendText(text, { wait: 0 });
      await until('the wait is known', async () => ((await text.get('/stats')).body.floods as []).length > 0);
      await Promise.all([text.close(), media.close()]);

      clock.set(-aheadMs);
      await skew(0);
      [text, media] = [await start('text'), await start('media')];
      await text.untilStatus(body.id, 'sent', promptMs);
      await expectPrompt(text, media);
      const reload = await text.post('/reload_cache');
      expect(Number(reload.headers.get('retry-after') ?? 0)).toBeLessThanOrEqual(60);
      await until('its health is ok', async () => (await statusOf(text)) === 'ok');
    },
    120_000,
  );
});

describe('a gateway that starts with a wrong clock', () => {
  it('gives up and forgets nothing before Telegram has told its time', async () => {
    const { sandbox, clock, start, sendText } = await setUp();
    const before = await start('text');
    await before.untilWarm();
    const { body: sent } = await sendText(before, { idempotency_key: 'once' });
    await before.post('/pause');
    const { body } = await sendText(before, { wait: 0, expires_in: 600 });
    await before.close();
    await sandbox.close();

    clock.set(400 * dayMs);
    const text = await start('text');
    await until('it has looked for what is over', async () => {
      const uptime = (await text.get('/stats')).body.uptime_s as number;
      return uptime >= 2;
    });
    expect((await text.get(`/messages/${String(body.id)}`)).body).toMatchObject({ status: 'queued' });
    await sandbox.restart();
    await text.untilStatus(body.id, 'sent', 60_000);
    expect((await sendText(text, { idempotency_key: 'once' })).body).toMatchObject({ id: sent.id });
    expect(Math.abs(Number((await text.get('/stats')).body.uptime_s))).toBeLessThan(3600);
  }, 120_000);

  it.each([
    ['behind', -3 * hourMs],
    ['ahead', 3 * hourMs],
  ])(
    'and which is %s gives what it accepted its whole time',
    async (_, byMs) => {
      const { sandbox, clock, start, sendText } = await setUp();
      await (await start('text')).close();
      await sandbox.close();
      clock.set(byMs);
      const text = await start('text');
      const { body } = await sendText(text, { wait: 0, expires_in: 600 });
      await sandbox.restart();
      const answer = await text.untilStatus(body.id, 'sent', 60_000);
      expect(answer.body.attempts).toBe(1);
    },
    120_000,
  );
});
