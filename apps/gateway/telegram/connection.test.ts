/** The connection of an account through what servers and networks do to it, at the simulated Telegram over TCP. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { Api } from 'telegram/tl/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { fastClock } from '../../testkit/fast-clock.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { until } from '../../testkit/until.ts';
import { OutcomeUnknown, Unreached } from '../model/telegram-error.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import type { Outgoing, OutgoingFile } from '../model/account.ts';
import { outgoingFile } from '../send/file.ts';
import { openLink } from './link.ts';
import { createMtprotoAccount, type AccountOptions } from './mtproto-account.ts';
import { trustServerKey } from './library/server-key.ts';
import { parseProxy } from './mtproto/proxy.ts';
import { direct } from './mtproto/transport.ts';

const self = { chatId: '0', kind: 'self', accessHash: '0' } as const;
const textMethod = 'messages.sendMessage';
let lastRandomId = 0;

async function startAccount(options: Partial<AccountOptions> = {}, wayOutFor = (_: TestSandbox) => direct) {
  const sandbox = await startSandbox();
  const wayOut = wayOutFor(sandbox);
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  const folder = temporaryFolder();
  const db = openDatabase(join(folder, 'vestnik.db'));
  onTestFinished(() => db.close());
  const results: string[] = [];
  const gates = createGateStore(db, 'main');
  const account = createMtprotoAccount({
    dcId: 2,
    host: '127.0.0.1',
    port: sandbox.port,
    wayOut,
    authKey: undefined,
    apiId: 1,
    gates,
    probeIntervalMs: 60_000,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    onCall: (method, result) => results.push(`${method} ${result}`),
    ...options,
  });
  onTestFinished(() => account.close());
  await until('the account is ready', () => account.state.phase === 'ready');
  const photo = (name: string): OutgoingFile => {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(join(import.meta.dirname, '../../../ops/samples/photo.jpg')));
    const { length: sizeBytes } = readFileSync(file);
    const size = { width: 800, height: 600 };
    return outgoingFile({ name, sizeBytes, mimeType: 'image/jpeg', kind: 'photo', ...size }, file);
  };
  return { sandbox, account, photo, results, gates };
}

/** The key of a session that a person signed in: it is not replaced when a server denies it. */
async function personsKey(port: number): Promise<Buffer> {
  const address = { host: '127.0.0.1', port };
  const log = pino({ level: 'silent' });
  const link = await openLink({ dcId: 2, address, wayOut: direct, apiId: 1, log, connectTimeoutMs: 5_000 });
  await link.call(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }), 5_000);
  link.close();
  return link.authKey;
}

/** Ends all connections at once. */
const cut = (sandbox: TestSandbox) => sandbox.post('/schedule', { steps: [{ after_seconds: 0, cut: true }] });

const text = (said: string): Outgoing => ({
  method: 'messages.sendMessage',
  randomIds: [String(++lastRandomId)],
  text: { text: said, entities: [] },
  files: [],
  options: {},
});

describe('a call whose answer is lost', () => {
  it('is known not to have arrived where Telegram did not receive it', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, drop: 'before', times: 1 }]);
    await expect(account.send(self, text('a'))).rejects.toThrow(new Unreached('Telegram did not receive it'));
    expect((await sandbox.report()).delivered).toEqual([]);
  });

  it('counts as perhaps sent for 300 s where it may still be held by a proxy', async () => {
    const { sandbox, account } = await startAccount({}, ({ proxyPort, proxySecrets }) => {
      const proxy = parseProxy(`mtproxy://127.0.0.1:${proxyPort}?secret=${proxySecrets.padded}`);
      return { ...direct, proxy };
    });
    const dropped = { method: textMethod, drop: 'before', times: 1 };
    await sandbox.post('/faults', [dropped]);
    await expect(account.send(self, text('a'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await until('the account is ready', () => account.state.phase === 'ready');
    const later = { clock_skew_seconds: 400, after_seconds: 0.5 };
    await sandbox.post('/faults', [{ ...dropped, delay_ms: 1_000 }, later]);
    const sending = account.send(self, text('b'));
    await expect(sending).rejects.toThrow(new Unreached('Telegram did not receive it'));
  });

  it('gets its answer over the next connection where Telegram did', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, drop: 'after', times: 1 }]);
    const { messageIds } = await account.send(self, text('a'));
    const { delivered, rpc } = await sandbox.report();
    expect(delivered.map(({ message_id }) => Number(message_id))).toEqual(messageIds);
    expect(rpc[textMethod]).toBe(1);
  });

  it('closes the gate of a wait that is announced over the next connection', async () => {
    const { sandbox, account, gates } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, error: 'FLOOD_WAIT_60', drop: 'after', times: 1 }]);
    await expect(account.send(self, text('a'))).rejects.toThrow('FLOOD_WAIT_60');
    expect(gates.closed(Date.now())).toMatchObject([{ scope: `method:${textMethod}` }]);
    expect((await sandbox.report()).flood_violations).toBe(0);
  });

  it('is asked about together with all others that the connection took with it', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, drop: 'after', delay_ms: 200, times: 1 }]);
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) => account.send(self, text(`${index}`))),
    );
    const { delivered, rpc } = await sandbox.report();
    expect(new Set(sent.flatMap(({ messageIds }) => messageIds)).size).toBe(20);
    expect(delivered).toHaveLength(20);
    expect(rpc[textMethod]).toBe(20);
  });

  it('ends as perhaps sent at once where the server forgot the session', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, forget_session: 'after', times: 1 }]);
    const startedAt = performance.now();
    await expect(account.send(self, text('a'))).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect((await sandbox.report()).delivered).toHaveLength(1);
    await account.send(self, text('b'));
  });

  it('ends as perhaps sent when the account is closed', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, delay_ms: 20_000 }]);
    const sending = expect(account.send(self, text('a'))).rejects.toBeInstanceOf(OutcomeUnknown);
    await sandbox.untilReport(({ rpc }) => rpc[textMethod] === 1);
    await account.close();
    await sending;
  });
});

describe('an answer of a newer layer', () => {
  it('beside another one is skipped alone', async () => {
    const { sandbox, account, results } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, unknown_constructor: 'push', times: 1 }]);
    const { messageIds } = await account.send(self, text('a'));
    expect(messageIds).toEqual([expect.any(Number)]);
    expect(results).toContain(`${textMethod} ok`);
  });

  it('to a send says that it was sent, under an id that nobody knows', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ method: textMethod, unknown_constructor: 'result', times: 1 }]);
    expect(await account.send(self, text('a'))).toMatchObject({ messageIds: [null] });
    expect((await sandbox.report()).delivered).toHaveLength(1);
  });

  it('that leaves an item of an album out has it looked for beside the others', async () => {
    const { sandbox, account, photo } = await startAccount();
    await sandbox.post('/faults', [{ method: 'messages.sendMultiMedia', omit_item: 2, times: 1 }]);
    const files = ['a.jpg', 'b.jpg', 'c.jpg'].map(photo);
    const randomIds = files.map(() => randomBytes(8).readBigInt64LE().toString());
    const method = 'messages.sendMultiMedia' as const;
    const album = { ...text('album'), method, randomIds, files };
    const { messageIds } = await account.send(self, album, await account.upload(self, album));
    const { delivered, rpc } = await sandbox.report();
    expect(messageIds).toEqual(delivered.map(({ message_id }) => Number(message_id)));
    expect(rpc['messages.sendMultiMedia']).toBe(1);
  });
});

describe('a server in trouble', () => {
  it('that drains its connections is left for a new one, and the account names its error meanwhile', async () => {
    const { sandbox, account } = await startAccount();
    await sandbox.post('/faults', [{ connection: 'drain' }]);
    for (let again = 0; again < 4; again++)
      await expect(account.send(self, text('a'))).rejects.toThrow('INTERNAL');
    expect(account.state.serverErrors).toMatchObject({ name: 'INTERNAL', method: textMethod, inARow: 4 });
    await expect(account.send(self, text('a'))).rejects.toThrow('INTERNAL');
    await until(
      'another link is ready',
      () => account.state.phase === 'ready' && account.ping().then(() => true),
    );
    await account.send(self, text('b'));
    expect(account.state.serverErrors).toBeUndefined();
  });

  it('that refuses connections is asked again with pauses', async () => {
    const { sandbox, account } = await startAccount({ clock: fastClock() });
    await sandbox.post('/faults', [{ transport_error: -429, times: 3 }]);
    await cut(sandbox);
    await until('the connection is gone', () => account.state.phase !== 'ready');
    await until('the account is ready again', () => account.state.phase === 'ready');
    await account.send(self, text('a'));
  });

  it('behind a proxy that closes every connection is asked for with the same pauses', async () => {
    const clock = fastClock();
    const { sandbox, account } = await startAccount({ clock }, ({ proxyPort, proxySecrets }) => {
      const proxy = parseProxy(`mtproxy://127.0.0.1:${proxyPort}?secret=${proxySecrets.plain}`);
      return { ...direct, proxy };
    });
    await sandbox.close();
    const at: number[] = [];
    const closing = createServer((socket) => {
      at.push(clock.now());
      socket.on('error', () => {}).destroy();
    });
    closing.listen(sandbox.proxyPort, '127.0.0.1');
    onTestFinished(() => void closing.close());
    await until('five connections were opened', () => at.length >= 5);
    expect(at[4]! - at[0]!).toBeGreaterThan(10_000);
    expect(account.state.standing).toMatchObject({
      state: 'proxy_failed',
      reason: { values: { cause: 'secret' } },
    });
  });
});

describe('a session', () => {
  it('that a server denies by mistake is in doubt, fails nothing, and is ready again once it is known', async () => {
    const sandbox = await startSandbox();
    trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
    const authKey = await personsKey(sandbox.port);
    const { account } = await startAccount({ port: sandbox.port, authKey, clock: fastClock() });
    await sandbox.post('/faults', [{ transport_error: -404, times: 3 }]);
    const phases: string[] = [];
    account.onChange(() => phases.push(account.state.phase));
    await cut(sandbox);
    await until('it is in doubt', () => phases.includes('unconfirmed'));
    await until('it is ready again', () => account.state.phase === 'ready');
    expect(phases).not.toContain('signed_out');
    await account.send(self, text('a'));
  });

  it('that every server denies is lost, and is asked for again all the same', async () => {
    const sandbox = await startSandbox();
    trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
    const authKey = await personsKey(sandbox.port);
    const { account } = await startAccount({ port: sandbox.port, authKey, clock: fastClock() });
    await sandbox.post('/faults', [{ method: 'users.getUsers', error: 'AUTH_KEY_UNREGISTERED' }]);
    await cut(sandbox);
    await until('it is lost', () => account.state.phase === 'signed_out');
    expect(account.state).toMatchObject({
      standing: { state: 'session_lost' },
      reason: expect.stringContaining('npm run login'),
    });
    await sandbox.post('/faults', []);
    await until('it is ready again', () => account.state.phase === 'ready');
  });

  it('that was revoked is lost at once, also where nothing is sent', async () => {
    const { sandbox, account } = await startAccount({ probeIntervalMs: 200 });
    await sandbox.post('/faults', [{ method: 'users.getUsers', error: 'SESSION_REVOKED' }]);
    await until('it is lost', () => account.state.phase === 'signed_out');
    expect(account.state).toMatchObject({
      standing: { state: 'revoked' },
      reason: expect.stringContaining('SESSION_REVOKED'),
    });
  });
});
