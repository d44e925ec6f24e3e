import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';

const demo = '-1003833950795';
const getState = new Api.updates.GetState();
const unlimited = { account: { per_second: 100, burst: 100 } };

interface StepView {
  at: string;
  state: string;
  error?: string;
}

let sandbox: TestSandbox;
let client: TestClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
});
afterEach(() => sandbox.dispose());

describe('a schedule', () => {
  it('does at its time what the single endpoints do at once, and tells what is left', async () => {
    const peer = await demoPeer(client);
    await set([
      {
        after_seconds: 0,
        limits: unlimited,
        faults: [{ method: 'updates.getState', error: 'RPC_CALL_FAIL' }],
      },
      { after_seconds: 0.01, world: { banned: [demo], slow_mode: { '-1002200000011': 30 } } },
      { after_seconds: 3600, world: { unbanned: [demo] } },
    ]);
    await untilDone(2);
    expect(await sandbox.get('/limits')).toEqual(unlimited);
    await expect(client.call(getState)).rejects.toMatchObject({ errorMessage: 'RPC_CALL_FAIL' });
    await expect(client.call(sendText(peer, 'x'))).rejects.toMatchObject({
      errorMessage: 'USER_BANNED_IN_CHANNEL',
    });
    const steps = await scheduled();
    expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'waiting']);
    expect(steps[2]).toMatchObject({ after_seconds: 3600, world: { unbanned: [demo] } });
  });

  it('takes whatever fault the endpoint takes, such as a clock that steps while the server drains', async () => {
    const faults = [
      { connection: 'drain' },
      { transport_error: -429, times: 2 },
      { clock_skew_seconds: -90, clock_drifts_back: true, for_seconds: 60 },
      { omit_item: 1 },
      { forget_session: 'after', unknown_constructor: 'push', error: 'INTERNAL', carry_out: true },
    ];
    await set([{ after_seconds: 0, faults }]);
    await untilDone(1);
    expect(await sandbox.get('/faults')).toMatchObject(faults);
  });

  it('cuts all connections, and revokes the sessions of an account', async () => {
    await client.call(getState);
    await set([{ after_seconds: 0, cut: true }]);
    await untilDone(1);
    await expect(client.call(getState)).rejects.toThrow();
    const other = await sandbox.connect(client.session);
    await other.call(getState);
    await set([{ after_seconds: 0, revoke: { phone: '9996620001' } }]);
    await untilDone(1);
    await expect(other.call(getState)).rejects.toMatchObject({ errorMessage: 'SESSION_REVOKED' });
  });

  it('comes at the same times in every run of a seed', async () => {
    const run = async (seed: number) => {
      const steps = [0, 1, 2].map((index) => ({
        after_seconds: 1000 * index,
        jitter_seconds: 900,
        cut: true,
      }));
      const planned = await set(steps, seed);
      return planned.map(({ at }) => Date.parse(at) - Date.parse(planned[0]!.at));
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first[1]).toBeGreaterThan(100_000);
    expect(first[1]).toBeLessThan(1_900_000);
  });

  it('says what became impossible in the meantime, and goes on', async () => {
    await set([
      { after_seconds: 0, revoke: { hash: '5' } },
      { after_seconds: 0.01, limits: unlimited },
    ]);
    await untilDone(2);
    expect(await scheduled()).toMatchObject([
      { state: 'failed', error: 'there is no such session' },
      { state: 'done' },
    ]);
  });

  it('is forgotten by a reset', async () => {
    await set([{ after_seconds: 1000, cut: true }]);
    await sandbox.post('/reset');
    expect(await scheduled()).toEqual([]);
  });

  it.each([
    [{ after_seconds: -1, cut: true }, 'steps.1.after_seconds'],
    [{ cut: true }, 'steps.1.after_seconds'],
    [{ after_seconds: 1 }, 'steps.1'],
    [{ after_seconds: 1, cut: false }, 'steps.1.cut'],
    [
      { after_seconds: 1, limits: { account: { per_second: 0, burst: 1 } } },
      'steps.1.limits.account.per_second',
    ],
    [{ after_seconds: 1, faults: [{ drop: 'middle' }] }, 'steps.1.faults.faults.0.drop'],
    [{ after_seconds: 1, world: { banned: ['-5'] } }, 'steps.1.world'],
    [{ after_seconds: 1, revoke: {} }, 'steps.1.revoke'],
  ])('with the step %j is refused as a whole, and the field is named', async (step, field) => {
    const body = JSON.stringify({ steps: [{ after_seconds: 1, cut: true }, step] });
    const answer = await fetch(`http://127.0.0.1:${sandbox.httpPort}/schedule`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toMatchObject([422, { field }]);
    expect(await scheduled()).toEqual([]);
  });
});

async function set(steps: object[], seed?: number): Promise<StepView[]> {
  return (await sandbox.post<{ steps: StepView[] }>('/schedule', { steps, seed })).steps;
}

async function scheduled(): Promise<StepView[]> {
  return (await sandbox.get<{ steps: StepView[] }>('/schedule')).steps;
}

/** Resolves when so many steps are over; that they come at their time is the test of the timetable. */
async function untilDone(count: number): Promise<void> {
  await expect
    .poll(async () => (await scheduled()).filter(({ state }) => state !== 'waiting').length, {
      timeout: 10_000,
    })
    .toBe(count);
}
