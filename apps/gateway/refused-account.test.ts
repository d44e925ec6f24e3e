/** What Telegram does now and then to an account that works: each once, and then for good, over TCP. */
import { describe, expect, it } from 'vitest';
import { fastClock } from '../testkit/fast-clock.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { movableClock } from '../testkit/movable-clock.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, startTestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const textMethod = 'messages.sendMessage';
const account = { phone: '9996620001', first_name: 'Vestnik' };

async function startText(sandbox: TestSandbox, clock = movableClock()) {
  const text = await startTestGateway('text', sandbox, temporaryFolder(), {}, undefined, clock);
  await text.untilWarm();
  const send = async (said: string) =>
    (await text.post('/send', { chat_id: demoChat, text: said, wait: 0, expires_in: 604_800 })).body.id;
  const reason = async () => JSON.stringify((await text.get('/health')).body.reasons);
  return { text, send, reason };
}

const connectionsOf = (sandbox: TestSandbox) =>
  sandbox.report().then(({ connections }) => connections.reduce((sum, { count }) => sum + count, 0));

describe('a session that forgets its initConnection', () => {
  it('is introduced again over a new link, and the same text goes out once', async () => {
    const sandbox = await startSandbox();
    const { text, send } = await startText(sandbox);
    await sandbox.post('/faults', [{ method: textMethod, forget_init: true, times: 1 }]);
    await text.untilStatus(await send('a'), 'sent');
    expect(await sandbox.report()).toMatchObject({
      delivered_total: 1,
      rpc: { [textMethod]: 2 },
      errors: { CONNECTION_NOT_INITED: 1 },
    });
  });

  it('and does so with each call is connected to with pauses that grow', async () => {
    const clock = fastClock(50);
    const sandbox = await startSandbox();
    const { text, send } = await startText(sandbox, clock);
    await sandbox.post('/faults', [{ method: textMethod, forget_init: true, times: 4 }]);
    const before = await connectionsOf(sandbox);
    const startedAt = clock.now();
    await text.untilStatus(await send('a'), 'sent', 60_000);
    // Pauses of at least 0.75, 1.5 and 3 s stand before the second to the fourth new link.
    expect(clock.now() - startedAt).toBeGreaterThan(5_000);
    expect((await connectionsOf(sandbox)) - before).toBe(4);
  });
});

describe('an account that moves to another data centre', () => {
  it.each([undefined, 'NETWORK_MIGRATE_4', 'PHONE_MIGRATE_4'])(
    'in mid-session is followed there, and its texts go out once (%s)',
    async (error) => {
      const sandbox = await startSandbox();
      const { text, send } = await startText(sandbox);
      await text.untilStatus(await send('before'), 'sent');
      await sandbox.post('/faults', [{ method: textMethod, move_to: 4, times: 1, ...(error && { error }) }]);
      const ids = [];
      for (const said of ['a', 'b', 'c']) ids.push(await send(said));
      for (const id of ids) await text.untilStatus(id, 'sent');
      const { delivered, errors } = await sandbox.report();
      expect(delivered.map((each) => each.text)).toEqual(['before', 'a', 'b', 'c']);
      expect(errors).toHaveProperty((error ?? 'USER_MIGRATE_4').replace('_4', ''));
    },
  );

  it('while its gateway was away is followed when that starts', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/accounts', { ...account, dc: 4 });
    const { text, send } = await startText(sandbox);
    await text.untilStatus(await send('a'), 'sent');
  });

  it('and back again is followed both ways', async () => {
    const sandbox = await startSandbox();
    const { text, send } = await startText(sandbox);
    for (const move_to of [4, 2]) {
      await sandbox.post('/faults', [{ method: textMethod, move_to, times: 1 }]);
      await text.untilStatus(await send(`to ${move_to}`), 'sent');
    }
    expect((await sandbox.report()).delivered_total).toBe(2);
  });
});

describe('a frozen account', () => {
  it('is told at its first refused text, keeps its queue, and sends it once it is no longer frozen', async () => {
    const sandbox = await startSandbox();
    const { text, send, reason } = await startText(sandbox, fastClock());
    await sandbox.post('/accounts', { ...account, frozen: true });
    const ids = [await send('a'), await send('b')];
    const today = new Date().toISOString().slice(0, 10);
    await until('health says since when it is frozen', async () =>
      (await reason()).includes(`froze the account on ${today}`),
    );
    expect(await reason()).toContain('https://t.me/spambot');
    for (const id of ids) expect((await text.get(`/messages/${id}`)).body.status).toBe('queued');
    expect((await sandbox.report()).rpc[textMethod]).toBe(1);
    await sandbox.post('/accounts', account);
    for (const id of ids) await text.untilStatus(id, 'sent', 20_000);
    expect((await sandbox.report()).delivered.map((each) => each.text)).toEqual(['a', 'b']);
  });

  it('is told within a quarter of an hour where nothing is sent', async () => {
    const sandbox = await startSandbox();
    const { reason } = await startText(sandbox, fastClock());
    await sandbox.post('/accounts', { ...account, frozen: true });
    await until(
      'health says that it is frozen',
      async () => (await reason()).includes('froze the account'),
      20_000,
    );
    expect((await sandbox.report()).rpc[textMethod]).toBeUndefined();
  });
});
