import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';

const demo = '-1003833950795';
const getState = new Api.updates.GetState();

let sandbox: TestSandbox;
let client: TestClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
});
afterEach(() => sandbox.dispose());

describe('slow mode', () => {
  it('asks to wait in its chat, not elsewhere, and a repeated random_id is still answered', async () => {
    const peer = await demoPeer(client);
    await sandbox.patch('/world', { slow_mode: { [demo]: 30 } });
    await client.call(sendText(peer, 'one', returnBigInt(1)));
    await expect(client.call(sendText(peer, 'two'))).rejects.toMatchObject({
      errorMessage: expect.stringMatching(/^SLOWMODE_WAIT_(29|30)$/) as string,
    });
    await client.call(sendText(peer, 'one', returnBigInt(1)));
    await client.call(sendText(new Api.InputPeerSelf(), 'elsewhere'));
    await sandbox.patch('/world', { slow_mode: { [demo]: 0 } });
    await client.call(sendText(peer, 'three'));
    const report = await sandbox.report();
    expect(report.flood_violations).toBe(2);
    expect(report.violations.map(({ chat_id }) => chat_id)).toEqual([demo, demo]);
  });
});

it('bans and pardons an account in the middle', async () => {
  const peer = await demoPeer(client);
  await client.call(sendText(peer, 'before'));
  await sandbox.patch('/world', { banned: [demo] });
  await expect(client.call(sendText(peer, 'x'))).rejects.toMatchObject({
    errorMessage: 'USER_BANNED_IN_CHANNEL',
  });
  await sandbox.patch('/world', { unbanned: [demo] });
  await client.call(sendText(peer, 'after'));
});

describe('a connection', () => {
  it('that is silent carries calls out and answers nothing', async () => {
    await sandbox.post('/faults', [{ connection: 'silent' }]);
    const lost = client.call(sendText(new Api.InputPeerSelf(), 'unheard')).catch(() => {});
    await sandbox.untilReport(({ delivered }) => delivered.length === 1);
    await sandbox.post('/faults', []);
    await client.client.disconnect();
    await lost;
  });

  it('that is half open takes nothing, and is gone when the fault is over', async () => {
    await sandbox.post('/faults', [{ connection: 'half_open', for_seconds: 1 }]);
    const lost = client.call(getState).then(
      () => 'answered',
      () => 'lost',
    );
    expect(await lost).toBe('lost');
    expect((await sandbox.report()).rpc['updates.getState']).toBeUndefined();
  });

  it('that is slow passes its bytes at the pace that was set', async () => {
    await sandbox.post('/faults', [{ connection: 'slow', bytes_per_second: 2000 }]);
    const before = performance.now();
    await client.call(sendText(new Api.InputPeerSelf(), 'x'.repeat(600)));
    expect(performance.now() - before).toBeGreaterThan(300);
  });

  it('is refused while that fault holds', async () => {
    await sandbox.post('/faults', [{ connection: 'refuse' }]);
    await expect(sandbox.connect()).rejects.toThrow();
    await sandbox.post('/faults', []);
    await expect(sandbox.connect()).resolves.toBeDefined();
  });
});

it('a server whose clock is off refuses ids until the client goes by its clock', async () => {
  await sandbox.post('/faults', [{ clock_skew_seconds: 4000 }]);
  await client.call(getState);
  await sandbox.post('/faults', [{ clock_skew_seconds: -4000 }]);
  await client.call(getState);
});

it('the same seed lets the same calls fail in every run', async () => {
  const run = async (seed: number) => {
    await sandbox.post('/faults', { faults: [{ error: 'RPC_CALL_FAIL', probability: 0.5 }], seed });
    const outcomes: string[] = [];
    for (let count = 0; count < 12; count++) {
      outcomes.push(
        await client.call(getState).then(
          () => '+',
          () => '-',
        ),
      );
    }
    return outcomes.join('');
  };
  expect(await run(3)).toBe(await run(3));
  expect(await run(3)).not.toBe(await run(4));
});
