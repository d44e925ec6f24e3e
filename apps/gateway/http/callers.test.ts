/** What belongs to a caller: the name of its token, whatever its secret. */
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoChat, startTestGateway, type TestGateway } from '../../testkit/stack.ts';
import { shared } from '../../testkit/when-done.ts';
import { databaseFile } from '../storage/data-dir.ts';
import { migrations } from '../storage/sqlite/migrations.ts';

const bearer = { a: 'a-secret-of-token-a', b: 'a-secret-of-token-b', ops: 'a-secret-of-operators' };
const tokens = (a = bearer.a) => `a:send+read:${a},b:send+read:${bearer.b},ops:read+control:${bearer.ops}`;
type Item = Record<string, unknown>;

let sandbox: TestSandbox;
beforeAll(shared(async (whenDone) => void (sandbox = await startSandbox({}, whenDone))));
beforeEach(() => sandbox.post('/reset', {}));

async function start(dataDir: string, API_TOKENS?: string) {
  const gateway = await startTestGateway('text', sandbox, dataDir, { ...(API_TOKENS && { API_TOKENS }) });
  await gateway.untilWarm();
  return gateway;
}

/** What one caller sends and asks. */
function as({ url }: TestGateway, token?: string) {
  const call = async (method: string, path: string, body?: Item, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Item };
  };
  return {
    call,
    send: (text: string, key: string, more: Item = {}) =>
      call('POST', '/send', { chat_id: demoChat, text, ...more }, { 'idempotency-key': key }),
    listed: async () =>
      ((await call('GET', '/messages')).body.messages as Item[]).map(({ id, caller }) => [id, caller]),
  };
}

const textsDelivered = async () => (await sandbox.report()).delivered.map(({ text }) => text);

describe('a key of idempotency', () => {
  it('is one of its token: the same key of another sends another message', async () => {
    const dataDir = temporaryFolder();
    const gateway = await start(dataDir, tokens());
    const [a, b] = [as(gateway, bearer.a), as(gateway, bearer.b)];
    const [first, other, again] = [
      await a.send('Of a', 'order-1'),
      await b.send('Of b', 'order-1'),
      await a.send('Of a', 'order-1'),
    ];
    const sameText = await b.send('Of a', 'order-2');
    expect([first, other, again, sameText].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(other.body.id).not.toBe(first.body.id);
    expect(await textsDelivered()).toEqual(['Of a', 'Of b', 'Of a']);
    expect((await b.send('Of a', 'order-1')).body).toMatchObject({
      class: 'idempotency_conflict',
      id: other.body.id,
    });
    await gateway.close();

    const rotated = as(await start(dataDir, tokens('another-secret-of-a')), 'another-secret-of-a');
    expect((await rotated.send('Of a', 'order-1')).body.id).toBe(first.body.id);
    expect(await textsDelivered()).toHaveLength(3);
  });

  it('makes random ids of the caller, so that the same key and text of two are two messages for Telegram', async () => {
    const dataDir = temporaryFolder();
    const gateway = await start(dataDir, tokens());
    for (const token of [bearer.a, bearer.b]) await as(gateway, token).send('The same', 'order-1');
    const { delivered, duplicates } = await sandbox.report();
    expect([delivered.length, duplicates]).toEqual([2, 0]);
    expect(new Set(delivered.map(({ random_id }) => random_id)).size).toBe(2);
    await gateway.close();

    const withoutDisk = await start(temporaryFolder(), tokens());
    await as(withoutDisk, bearer.a).send('The same', 'order-1');
    expect(await sandbox.report()).toMatchObject({ duplicates: 1, delivered: { length: 2 } });
  });

  it('derives random ids without tokens as it always did', async () => {
    await as(await start(temporaryFolder())).send('Of nobody', 'order-1');
    // 63 bits of the SHA-256 of ["main","text","order-1",0].
    expect((await sandbox.report()).delivered).toMatchObject([{ random_id: '3506469684174151867' }]);
  });

  it('that an older version stored is that of whoever repeats the request', async () => {
    const ofBefore = temporaryFolder();
    const before = await start(ofBefore);
    const kept = (await as(before).send('Of before', 'order-1')).body.id;
    await before.close();
    const gateway = await start(olderVersionOf(ofBefore), tokens());
    const [a, b, ops] = [as(gateway, bearer.a), as(gateway, bearer.b), as(gateway, bearer.ops)];
    for (const caller of [a, b]) {
      expect((await caller.send('Of before', 'order-1')).body.id).toBe(kept);
      expect((await caller.call('GET', `/messages/${kept}`)).body).toMatchObject({ status: 'sent' });
    }
    expect(await textsDelivered()).toEqual(['Of before']);
    const own = await b.send('Another', 'order-1');
    expect(own.status).toBe(200);
    expect((await b.send('Another', 'order-1')).body.id).toBe(own.body.id);
    expect((await a.send('Of before', 'order-1')).body.id).toBe(kept);
    expect(await b.listed()).toEqual([[own.body.id, 'b']]);
    expect(await ops.listed()).toEqual([
      [own.body.id, 'b'],
      [kept, undefined],
    ]);
  });
});

describe('a token of send and read', () => {
  it('sees, retries and cancels what it sent, and one of control what everybody did', async () => {
    const gateway = await start(temporaryFolder(), tokens());
    const [a, b, ops] = [as(gateway, bearer.a), as(gateway, bearer.b), as(gateway, bearer.ops)];
    await ops.call('POST', '/pause');
    const ofA = (await a.send('Of a', 'k', { wait: 0 })).body.id;
    const ofB = (await b.send('Of b', 'k', { wait: 0 })).body.id;
    expect(await a.listed()).toEqual([[ofA, 'a']]);
    expect(await b.listed()).toEqual([[ofB, 'b']]);
    expect(await ops.listed()).toEqual([
      [ofB, 'b'],
      [ofA, 'a'],
    ]);
    expect((await b.call('GET', `/messages?status=queued&chat_id=${demoChat}`)).body).toMatchObject({
      messages: [{ id: ofB }],
    });
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/retry'],
    ] as const) {
      const ofAnother = await b.call(method, `/messages/${String(ofA)}${path}`);
      expect(ofAnother).toMatchObject({ status: 404, body: { class: 'not_found' } });
      const unknown = await b.call(method, `/messages/none${path}`);
      expect(String(ofAnother.body.detail)).toBe(String(unknown.body.detail).replace('none', String(ofA)));
    }
    expect((await b.call('DELETE', `/messages/${String(ofB)}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await ops.call('GET', `/messages/${String(ofA)}`)).body).toMatchObject({ status: 'queued' });
    expect((await ops.call('DELETE', `/messages?chat_id=${demoChat}`)).body).toMatchObject({ cancelled: 1 });
    expect((await a.call('GET', `/messages/${String(ofA)}`)).body).toMatchObject({ status: 'cancelled' });
  });
});

describe('the numbers of each caller', () => {
  it('are told by /stats and /metrics, from 0 on', async () => {
    const gateway = await start(temporaryFolder(), tokens());
    const [a, ops] = [as(gateway, bearer.a), as(gateway, bearer.ops)];
    await a.send('First', 'k');
    await a.send('First', 'k');
    expect((await a.send('Another', 'k')).status).toBe(409);
    expect((await a.send('', 'empty')).status).toBe(422);
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', error: 'USER_BANNED_IN_CHANNEL', times: 1 },
    ]);
    expect((await a.send('Not there', 'banned')).status).toBe(403);
    expect((await as(gateway, 'a-token-that-is-none').send('Nobody', 'k')).status).toBe(401);
    const none = { accepted: 0, sent: 0, failed: 0, refused: 0, last_at: null };
    expect((await ops.call('GET', '/stats')).body.callers).toEqual([
      { ...none, name: 'a', accepted: 2, sent: 1, failed: 1, refused: 2, last_at: expect.any(String) },
      { ...none, name: 'anonymous', refused: 1, last_at: expect.any(String) },
      { ...none, name: 'b' },
      { ...none, name: 'ops' },
    ]);
    const scraped = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${bearer.ops}` },
    });
    const name = 'telegram_gateway_caller_messages_total';
    expect((await scraped.text()).split('\n')).toEqual(
      expect.arrayContaining([
        `${name}{caller="a",outcome="accepted"} 2`,
        `${name}{caller="a",outcome="refused"} 2`,
        `${name}{caller="b",outcome="sent"} 0`,
      ]),
    );
  });
});

/** A DATA_DIR as the version before callers were told apart left it, with the messages of another. */
function olderVersionOf(dataDir: string): string {
  const folder = temporaryFolder();
  const old = new DatabaseSync(databaseFile(folder));
  const before = migrations.findIndex((step) => step.includes('ADD COLUMN caller'));
  for (const step of migrations.slice(0, before)) old.exec(step);
  const columns = old.prepare(`SELECT group_concat(name) AS names FROM pragma_table_info('messages')`).get();
  const names = String(columns!.names);
  expect(names).toContain('request_id');
  expect(names).not.toContain('caller');
  old.prepare('ATTACH ? AS newer').run(databaseFile(dataDir));
  old.exec(`INSERT INTO messages (${names}) SELECT ${names} FROM newer.messages;
            INSERT INTO origin SELECT * FROM newer.origin; DETACH newer; PRAGMA user_version = ${before}`);
  old.close();
  return folder;
}
