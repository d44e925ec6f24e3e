/** Uploads through the waits that Telegram announces in the middle of them, at the simulated Telegram over TCP. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import { GateClosed, type GateStore } from '../pacing/gates.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { until } from '../../testkit/until.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { sendMethods, type Outgoing, type OutgoingFile } from '../model/account.ts';
import { outgoingFile } from '../send/file.ts';
import { Unreached } from '../model/telegram-error.ts';
import { createMtprotoAccount, type AccountOptions, type OpenAccount } from './mtproto-account.ts';
import { trustServerKey } from './library/server-key.ts';
import { direct } from './mtproto/transport.ts';

const partBytes = 512 * 1024;
const self = { chatId: '0', kind: 'self', accessHash: '0' } as const;

async function startAccount(options: Partial<AccountOptions> = {}) {
  const sandbox = await startSandbox();
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  const folder = temporaryFolder();
  const db = openDatabase(join(folder, 'vestnik.db'));
  onTestFinished(() => db.close());
  const gates = createGateStore(db, 'main');
  const account = createMtprotoAccount({
    probeIntervalMs: 60_000,
    dcId: 2,
    host: '127.0.0.1',
    port: sandbox.port,
    wayOut: direct,
    authKey: undefined,
    apiId: 1,
    gates,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    ...options,
  });
  onTestFinished(() => account.close());
  await until('the account is ready', () => account.state.phase === 'ready');
  const document = (bytes: Buffer, name: string): OutgoingFile => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    const mimeType = 'application/octet-stream';
    return outgoingFile({ name, sizeBytes: bytes.length, mimeType, kind: 'document' }, file);
  };
  return { sandbox, account, gates, document };
}

const messageOf = (...files: OutgoingFile[]): Outgoing => ({
  method: sendMethods[Math.min(files.length, 2)]!,
  randomIds: files.map((_, index) => String(index + 1)),
  text: { text: '', entities: [] },
  files,
  options: {},
});
const send = async (account: OpenAccount, message: Outgoing) =>
  account.send(self, message, await account.upload(self, message));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an upload', () => {
  it('waits in place whenever Telegram asks for it, and sends each part of a large file through once', async () => {
    const { sandbox, account, document } = await startAccount();
    const limit = { count: 8, per_seconds: 1, wait_seconds: 1 };
    await sandbox.post('/limits', { methods: { 'upload.saveBigFilePart': limit } });
    const bytes = randomBytes(22 * partBytes + 5);
    await send(account, messageOf(document(bytes, 'large.bin')));
    const { delivered, rpc, errors, flood_violations } = await sandbox.report();
    expect(delivered).toMatchObject([{ media: { size: bytes.length, sha256: sha256(bytes) } }]);
    expect(errors.FLOOD_WAIT).toBeGreaterThanOrEqual(2);
    expect(rpc['upload.saveBigFilePart']).toBe(23 + errors.FLOOD_WAIT!);
    expect(flood_violations).toBe(0);
  });

  it('of many files at once, of all sizes, mixes up none of their parts', async () => {
    const { sandbox, account, document } = await startAccount();
    const sizes = [
      1,
      2,
      3,
      4,
      253,
      254,
      255,
      1000,
      partBytes,
      partBytes + 1,
      21 * partBytes,
      20 * partBytes + 254,
    ];
    const files = sizes.map((size) => randomBytes(size));
    await Promise.all(
      files.map((bytes, index) =>
        send(account, { ...messageOf(document(bytes, `${index}.bin`)), randomIds: [String(index + 1)] }),
      ),
    );
    const arrived = (await sandbox.report()).delivered.map(({ media }) => media!.sha256);
    expect(arrived.sort()).toEqual(files.map(sha256).sort());
  });

  it('goes beside texts, albums and a link that is to be introduced again, and costs the session nothing', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', forget_init: true, times: 2 }]);
    const files = [1, 2, 3].map((number) => document(randomBytes(4 * partBytes), `${number}.bin`));
    const album = send(account, messageOf(...files));
    let lastId = 10n;
    let texts = 0;
    for (let isOver = false; !isOver; texts++) {
      const text = { text: `${texts}`, entities: [] };
      await send(account, { ...messageOf(), randomIds: [String(++lastId)], text });
      isOver = await Promise.race([album.then(() => true), systemClock.sleep(20).then(() => false)]);
    }
    const { errors, delivered_total, rpc } = await sandbox.report();
    expect(Object.keys(errors)).toEqual(['CONNECTION_NOT_INITED']);
    expect(delivered_total).toBe(3 + texts);
    expect(rpc['upload.saveFilePart']).toBeLessThanOrEqual(12 + 2 * 8);
  });

  it('that finds the session ended signs the account out at once', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', error: 'SESSION_REVOKED' }]);
    const sending = send(account, messageOf(document(randomBytes(100), 'small.bin')));
    await expect(sending).rejects.toThrow('SESSION_REVOKED');
    expect(account.state).toMatchObject({
      phase: 'signed_out',
      reason: expect.stringContaining('sign in again with npm run login'),
    });
  });

  it('waits as an account without Premium is made to, also with a small file', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [
      { method: 'upload.saveFilePart', error: 'FLOOD_PREMIUM_WAIT_1', times: 2 },
    ]);
    const bytes = randomBytes(6 * partBytes);
    await send(account, messageOf(document(bytes, 'small.bin')));
    expect(await sandbox.report()).toMatchObject({
      delivered: [{ media: { sha256: sha256(bytes) } }],
      rpc: { 'upload.saveFilePart': 6 + 2 },
      flood_violations: 0,
    });
  });

  it('of an album waits with the single items too, and uploads none of them again', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'messages.uploadMedia', error: 'FLOOD_WAIT_1', times: 1 }]);
    const items = ['a.bin', 'b.bin'].map((name) => document(randomBytes(100), name));
    await send(account, messageOf(...items));
    const report = await sandbox.report();
    expect(report).toMatchObject({
      rpc: { 'upload.saveFilePart': 2, 'messages.uploadMedia': 3, 'messages.sendMultiMedia': 1 },
      flood_violations: 0,
    });
    expect(report.delivered).toHaveLength(2);
  });

  it('goes on over another connection when its own is lost while it waits', async () => {
    const { sandbox, account, gates, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', error: 'FLOOD_WAIT_3', times: 1 }]);
    const sent = send(account, messageOf(document(randomBytes(10), 'a.bin')));
    await expect.poll(() => gates.closed(Date.now())).toHaveLength(1);
    await sandbox.restart();
    await sent;
    expect(await sandbox.report()).toMatchObject({
      rpc: { 'upload.saveFilePart': 1 },
      delivered: [{ media: { size: 10 } }],
    });
  });

  it('sends only those parts again that met a failure of the server or a cut', async () => {
    const { sandbox, account, document } = await startAccount();
    const method = 'upload.saveBigFilePart';
    await sandbox.post('/faults', [
      { method, error: 'RPC_CALL_FAIL', probability: 0.01 },
      { method, error: 'Timeout', probability: 0.01 },
      { method, drop: 'before', probability: 0.01 },
      { method, drop: 'after', probability: 0.01 },
    ]);
    const bytes = randomBytes(200 * partBytes + 7);
    await send(account, messageOf(document(bytes, 'large.bin')));
    const { delivered, rpc, errors } = await sandbox.report();
    expect(delivered).toMatchObject([{ media: { size: bytes.length, sha256: sha256(bytes) } }]);
    expect(errors).toMatchObject({ RPC_CALL_FAIL: expect.any(Number), Timeout: expect.any(Number) });
    expect(rpc[method]).toBeGreaterThan(201);
    expect(rpc[method]).toBeLessThanOrEqual(1.2 * 201);
  }, 30_000);

  it('goes on where Telegram was away in the middle of it and lost what it had', async () => {
    const { sandbox, account, document } = await startAccount();
    const method = 'upload.saveBigFilePart';
    await sandbox.post('/faults', [{ method, delay_ms: 100 }]);
    const bytes = randomBytes(24 * partBytes);
    const sent = send(account, messageOf(document(bytes, 'large.bin')));
    await sandbox.untilReport(({ rpc }) => (rpc[method] ?? 0) >= 5);
    await sandbox.restart();
    await sent;
    expect((await sandbox.report()).delivered).toMatchObject([{ media: { sha256: sha256(bytes) } }]);
  }, 30_000);

  it.each([
    ['a small file', 'upload.saveFilePart', 3],
    ['a large file', 'upload.saveBigFilePart', 21],
  ])(
    'of %s replaces a part that Telegram misses, and makes the same call again',
    async (_, method, parts) => {
      const { sandbox, account, document } = await startAccount();
      await sandbox.post('/faults', [{ method, lose_part: true, times: 2 }]);
      const bytes = randomBytes(parts * partBytes);
      await send(account, messageOf(document(bytes, 'a.bin')));
      const { delivered, rpc, duplicates } = await sandbox.report();
      expect(delivered).toMatchObject([{ media: { sha256: sha256(bytes) } }]);
      expect(rpc).toMatchObject({ [method]: parts + 2, 'messages.sendMedia': 3 });
      expect(duplicates).toBe(0);
    },
  );

  it('of an album replaces missing parts before the album is sent', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', lose_part: true, times: 1 }]);
    const items = ['a.bin', 'b.bin'].map((name) => document(randomBytes(100), name));
    await send(account, messageOf(...items));
    const { delivered, rpc } = await sandbox.report();
    expect(delivered).toHaveLength(2);
    expect(rpc).toMatchObject({
      'upload.saveFilePart': 3,
      'messages.uploadMedia': 3,
      'messages.sendMultiMedia': 1,
    });
  });

  it.each([
    ['messages.sendMedia', ['a.bin']],
    ['messages.uploadMedia', ['a.bin', 'b.bin']],
  ])(
    'gives Telegram time to put a file together in %s, while texts go on',
    async (method, names) => {
      const { sandbox, account, document } = await startAccount({
        timeouts: { textMs: 1_000, mediaMs: 20_000 },
      });
      const phases: string[] = [];
      account.onChange(() => phases.push(account.state.phase));
      await sandbox.post('/faults', [{ method, delay_ms: 3_000 }]);
      const sent = send(account, messageOf(...names.map((name) => document(randomBytes(100), name))));
      await sandbox.untilReport(({ rpc }) => rpc[method] === 1);
      await send(account, {
        ...messageOf(),
        randomIds: ['100'],
        text: { text: 'between', entities: [] },
      });
      await sent;
      const { delivered, rpc } = await sandbox.report();
      expect(delivered.map(({ text }) => text)).toEqual(['between', ...names.map(() => '')]);
      expect(rpc[method]).toBe(names.length);
      expect(phases).toEqual([]);
    },
    30_000,
  );

  it('that failed goes on in the next attempt, with the parts that Telegram has', async () => {
    const open: GateStore = { close: () => {}, closed: () => [], closedFor: () => undefined };
    const { sandbox, account, document } = await startAccount({ gates: open });
    const method = 'upload.saveBigFilePart';
    const bytes = randomBytes(24 * partBytes);
    const message = messageOf(document(bytes, 'large.bin'));
    const limit = { count: 12, per_seconds: 600, wait_seconds: 400 };
    await sandbox.post('/limits', { methods: { [method]: limit } });
    await expect(send(account, message)).rejects.toThrow('FLOOD_WAIT_400');
    await sandbox.post('/limits', {});
    await sandbox.post('/faults', [{ method: 'messages.sendMedia', error: 'RPC_CALL_FAIL', times: 1 }]);
    await expect(send(account, message)).rejects.toThrow('RPC_CALL_FAIL');
    await send(account, message);
    const { delivered, rpc } = await sandbox.report();
    expect(delivered).toMatchObject([{ media: { sha256: sha256(bytes) } }]);
    const inFlight = 4;
    expect(rpc[method]).toBeLessThanOrEqual(24 + 2 * inFlight);
  });

  it('ends with a file that is missing as a whole, in calls that have an end', async () => {
    const { sandbox, account, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', lose_part: true }]);
    const sent = send(account, messageOf(document(randomBytes(100), 'a.bin')));
    await expect(sent).rejects.toThrow('FILE_PART_0_MISSING');
    expect((await sandbox.report()).rpc['messages.sendMedia']).toBe(17);
  });

  it('ends with a wait that is long, and begins no call while that lasts', async () => {
    const { sandbox, account, gates, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', error: 'FLOOD_WAIT_301', times: 1 }]);
    const message = messageOf(document(randomBytes(10), 'a.bin'));
    await expect(send(account, message)).rejects.toThrow('FLOOD_WAIT_301');
    expect(gates.closed(Date.now())).toMatchObject([{ scope: 'method:upload.saveFilePart' }]);
    await expect(send(account, message)).rejects.toBeInstanceOf(GateClosed);
    const { rpc, flood_violations } = await sandbox.report();
    expect(rpc['upload.saveFilePart']).toBe(1);
    expect(flood_violations).toBe(0);
  });

  it('that waits ends when the account is closed, as not sent', async () => {
    const { sandbox, account, gates, document } = await startAccount();
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', error: 'FLOOD_WAIT_200' }]);
    const sent = send(account, messageOf(document(randomBytes(5 * partBytes), 'a.bin')));
    const ended = expect(sent).rejects.toBeInstanceOf(Unreached);
    await expect.poll(() => gates.closed(Date.now())).toHaveLength(1);
    await account.close();
    await ended;
  });
});
