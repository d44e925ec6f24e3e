/** How an account stands with Telegram, as a whole gateway tells it on a clock that runs fast, at a sandbox over TCP. */
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fastClock, speedUp } from '../../testkit/fast-clock.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { startTestGateway, type TestGateway } from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { formatSession } from '../telegram/session.ts';

interface State {
  readonly state: string;
  readonly since: string;
  readonly text: string;
  readonly advice: string | null;
  readonly values: Record<string, string>;
}
interface Health {
  readonly status: string;
  readonly account_state: State;
  readonly reasons: string[];
  readonly checks: Record<string, { readonly ok: boolean }>;
}

/** As much later may it be noticed than it should be; keep-alive.test.ts has the times to the second. */
const late = 10_000;

async function start(sandbox: TestSandbox, settings: Record<string, string> = {}, factor?: number) {
  const clock = fastClock(factor);
  const gateway = await startTestGateway('text', sandbox, temporaryFolder(), settings, undefined, clock);
  return { gateway, clock };
}

/** A gateway whose session a person has signed in: its key is not replaced when a server denies it. */
async function startSignedIn(factor?: number) {
  const sandbox = await startSandbox();
  const { session, client } = await sandbox.connect();
  await client.disconnect();
  const authKey = session.getAuthKey(2)!.getKey()!;
  const TELEGRAM_SESSION = formatSession({ dcId: 2, host: '127.0.0.1', port: sandbox.port, authKey });
  const { gateway, clock } = await start(sandbox, { TELEGRAM_SESSION }, factor);
  await told(gateway, 'ready');
  return { sandbox, gateway, clock };
}

/** Waits until /health tells of the state, and holds /stats and /metrics to the same; /health. */
async function told(gateway: TestGateway, state: string): Promise<Health> {
  const health = await until(`the account is ${state}`, async () => {
    const body = (await gateway.get('/health')).body as unknown as Health;
    // On a fast clock the disk is soon too slow.
    if (body.account_state.state !== state || !body.checks.storage!.ok) throw new Error(JSON.stringify(body));
    return body;
  });
  const { body } = await gateway.get('/stats');
  expect(body.account).toBe('main');
  expect(body.account_state).toMatchObject({ state, text: health.account_state.text });
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const set = [...metrics.matchAll(/^telegram_gateway_account_state{state="(\w+)"} 1$/gm)];
  expect(set.map(([, name]) => name)).toEqual([state]);
  return health;
}

describe('a session that Telegram ends', () => {
  it.each([
    ['SESSION_REVOKED', 'revoked', 'Telegram ended the session', "look in Telegram's list of devices"],
    ['USER_DEACTIVATED', 'deactivated', 'deleted or deactivated', 'ask https://telegram.org/support'],
    ['USER_DEACTIVATED_BAN', 'banned', 'Telegram banned the account', 'recover@telegram.org'],
    ['PHONE_NUMBER_BANNED', 'banned', 'Telegram banned the account', 'recover@telegram.org'],
    ['AUTH_KEY_DUPLICATED', 'used_twice', 'Two programs used the session', 'stop the other program'],
  ])(
    'with %s is known without traffic, and told as %s with its own advice',
    async (error, state, what, todo) => {
      const { sandbox, gateway, clock } = await startSignedIn();
      await sandbox.post('/faults', [{ error }]);
      const endedAt = clock.now();
      const { status, reasons, account_state } = await told(gateway, state);
      expect(Date.parse(account_state.since) - endedAt).toBeLessThan(90_000 + late);
      expect(status).toBe('down');
      expect(account_state.values).toEqual({ error });
      expect(reasons.join()).toContain(`${what}`);
      expect(account_state.advice).toContain(todo);
      expect(reasons[0]).toBe(`${account_state.text}: ${account_state.advice}`);
    },
  );

  it('is really ended by the sandbox, in its list of sessions', async () => {
    const { sandbox, gateway } = await startSignedIn();
    await sandbox.post('/sessions/revoke', { phone: '9996620001' });
    await told(gateway, 'revoked');
  });
});

describe('a session that Telegram may not know', () => {
  it.each([
    ['AUTH_KEY_UNREGISTERED', { method: 'users.getUsers', error: 'AUTH_KEY_UNREGISTERED' }],
    ['-404', { transport_error: -404 }],
  ])(
    'by %s is unconfirmed, fails nothing, and is lost within 5 minutes',
    async (error, fault) => {
      // The doubt lasts two minutes: long enough to be seen.
      const { sandbox, gateway, clock } = await startSignedIn(50);
      await sandbox.post('/faults', [fault]);
      if (error === '-404') await sandbox.post('/schedule', { steps: [{ after_seconds: 0, cut: true }] });
      const { status, account_state } = await told(gateway, 'unconfirmed');
      expect(status).toBe('degraded');
      expect(account_state).toMatchObject({ values: { error }, advice: expect.stringContaining('wait') });
      const since = Date.parse(account_state.since);
      const { body } = await gateway.post('/send', { to: 'me', text: 'held', wait: 0 });
      expect((await gateway.get(`/messages/${String(body.id)}`)).body.status).toBe('queued');
      speedUp(clock, 450);
      const lost = await told(gateway, 'session_lost');
      expect(Date.parse(lost.account_state.since) - since).toBeLessThan(5 * 60_000);
      expect(lost).toMatchObject({ status: 'down' });
      expect(lost.account_state.advice).toContain('npm run login');
      await sandbox.post('/faults', []);
      await gateway.untilStatus(body.id, 'sent', 60_000);
      await told(gateway, 'ready');
    },
    90_000,
  );

  it('and that nobody ever signed in is told as that, at once', async () => {
    const { gateway } = await start(await startSandbox({ signIn: 'required' }));
    const { account_state } = await told(gateway, 'never_signed_in');
    expect(account_state).toMatchObject({
      text: 'Nobody has signed in with this session (AUTH_KEY_UNREGISTERED)',
      advice: 'sign in with npm run login, then restart this service',
    });
  });
});

describe('an account that Telegram froze', () => {
  const account = { phone: '9996620001', first_name: 'Vestnik' };

  /** Freezes it, and what /health then has to say of its times. */
  async function freeze(sandbox: TestSandbox) {
    await sandbox.post('/accounts', { ...account, frozen: true });
    return {
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      until: expect.stringMatching(/^\d{4}-.*Z$/),
      appeal: 'https://t.me/spambot',
    };
  }

  it('is told as that at the first refused send, with its times and where to appeal', async () => {
    const { sandbox, gateway } = await startSignedIn();
    const values = await freeze(sandbox);
    const { body } = await gateway.post('/send', { to: 'me', text: 'held', wait: 0 });
    await until('its times are known', async () => {
      expect((await told(gateway, 'frozen')).account_state.values).toMatchObject(values);
      return true;
    });
    const { status, account_state } = await told(gateway, 'frozen');
    expect(status).toBe('down');
    const { since, until: deletedOn } = account_state.values;
    expect(account_state.text).toContain(`froze the account on ${since!.slice(0, 10)}`);
    expect(account_state.advice).toContain(`by ${deletedOn!.slice(0, 10)}, when Telegram deletes it`);
    await sandbox.post('/accounts', account);
    await gateway.untilStatus(body.id, 'sent', 60_000);
  });

  it('is told within 15 minutes where nothing is sent', async () => {
    const { sandbox, gateway, clock } = await startSignedIn();
    const values = await freeze(sandbox);
    const frozenAt = clock.now();
    const { account_state } = await told(gateway, 'frozen');
    expect(account_state.values).toMatchObject(values);
    expect(Date.parse(account_state.since) - frozenAt).toBeLessThan(15 * 60_000 + late);
  });
});

describe('a Telegram that is out of reach', () => {
  it('because it is gone is told within 90 s, with its address', async () => {
    const { sandbox, gateway, clock } = await startSignedIn();
    await sandbox.close();
    const goneAt = clock.now();
    const { status, reasons, account_state } = await told(gateway, 'unreachable');
    expect(Date.parse(account_state.since) - goneAt).toBeLessThan(90_000 + late);
    expect(status).toBe('down');
    expect(account_state.values).toEqual({
      cause: 'refused',
      error: 'ECONNREFUSED',
      address: `127.0.0.1:${sandbox.port}`,
    });
    expect(reasons[0]).toContain(
      `Telegram: 127.0.0.1:${sandbox.port} refuses the connection (ECONNREFUSED): look`,
    );
  });

  it('because its name is not found is told as that', async () => {
    const sandbox = await startSandbox();
    const { gateway } = await start(sandbox, { TELEGRAM_DC: 'telegram.invalid:443' });
    expect((await told(gateway, 'unreachable')).account_state.values).toMatchObject({
      cause: 'name_not_found',
      address: 'telegram.invalid:443',
    });
  });

  it.each([-429, -444])('because it answers %i is told as that', async (code) => {
    const { sandbox, gateway } = await startSignedIn();
    await sandbox.post('/faults', [{ transport_error: code }]);
    await sandbox.post('/schedule', { steps: [{ after_seconds: 0, cut: true }] });
    expect((await told(gateway, 'unreachable')).account_state.values).toMatchObject({
      cause: 'transport',
      error: String(code),
    });
  });

  it('because something takes the connection and is silent is told as that', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const held: Socket[] = [];
    mute.on('connection', (socket) => held.push(socket.on('error', () => {})));
    onTestFinished(() => {
      for (const socket of held) socket.destroy();
      mute.close();
    });
    const { port } = mute.address() as { port: number };
    const { gateway } = await start(await startSandbox(), { TELEGRAM_DC: `127.0.0.1:${port}` });
    expect((await told(gateway, 'unreachable')).account_state.values.cause).toBe('timeout');
  }, 60_000);

  it('because it asks to wait first is told as a wait', async () => {
    const { sandbox, gateway } = await startSignedIn();
    await sandbox.post('/faults', [{ method: 'users.getUsers', error: 'FLOOD_WAIT_600', times: 1 }]);
    await sandbox.post('/schedule', { steps: [{ after_seconds: 0, cut: true }] });
    const { account_state } = await told(gateway, 'held');
    expect(account_state.values).toMatchObject({ error: 'FLOOD_WAIT_600' });
    expect((await sandbox.report()).flood_violations).toBe(0);
  });
});
