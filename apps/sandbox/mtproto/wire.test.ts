import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { ConnectionTCPFull, ConnectionTCPObfuscated } from 'telegram/network/index.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gzipPacked } from '../tl/reader.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf, TlWriter } from '../tl/writer.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { answeredBy, isPacked, RawClient, type RawOptions, type Received } from '../../testkit/raw-client.ts';
import { authKeyId } from './auth-keys.ts';
import { saltOf } from './salts.ts';
import { detectTransport, type Transport } from './transports.ts';

const getState = bytesOf({ _: 'updates.getState' });
const ping = bytesOf({ _: 'ping', pingId: 1n });
const second = 1n << 32n;

let sandbox: TestSandbox;
let key: Buffer;
let client: RawClient;
const clients: RawClient[] = [];
beforeEach(async () => {
  sandbox = await startSandbox({ takesParallelCalls: true });
  const { session, client: library } = await sandbox.connect();
  key = session.getAuthKey(2)!.getKey()!;
  await library.disconnect();
  client = connect();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((open) => open.close()));
  await sandbox.dispose();
});

it.each([
  ['full', ConnectionTCPFull],
  ['obfuscated', ConnectionTCPObfuscated],
])('the %s transport carries a client from its key exchange on', async (_, connection) => {
  const { call } = await sandbox.connect(undefined, { connection });
  await expect(call(new Api.updates.GetState())).resolves.toBeDefined();
});

describe('a message is refused', () => {
  const problem = (code: number, id: bigint) => (message: Received) =>
    message.object?._ === 'badMsgNotification' &&
    message.object.errorCode === code &&
    message.object.badMsgId === id;

  it.each([
    [16, 'whose id is too old', (id: bigint) => ({ id: id - 400n * second })],
    [17, 'whose id is of the future', (id: bigint) => ({ id: id + 60n * second })],
    [18, 'whose id is no multiple of four', (id: bigint) => ({ id: id + 1n })],
    [35, 'that is a call, with an even sequence', (id: bigint) => ({ id, sequence: 2 })],
  ])('with code %i: one %s', async (code, _, deviation) => {
    const id = client.send(getState, deviation(client.nextId()));
    await client.next(problem(code, id));
  });

  it('with code 34, 19 or 64: a container with an odd sequence, a repeated one, and one older than what it holds', async () => {
    const inner = () => ({ id: client.nextId(), sequence: 1, body: getState });
    const odd = client.sendContainer([inner()], { sequence: 3 });
    await client.next(problem(34, odd));
    const good = client.sendContainer([inner()]);
    client.sendContainer([inner()], { id: good });
    await client.next(problem(19, good));
    const id = client.nextId();
    client.sendContainer([inner()], { id });
    await client.next(problem(64, id));
  });

  it('with code 64: a container within a container, and one whose messages do not fit', async () => {
    const inner = { id: client.nextId(), sequence: 0, body: containerOf(0, Buffer.alloc(0)) };
    const nested = client.sendContainer([inner]);
    await client.next(problem(64, nested));
    const cut = client.send(containerOf(2, Buffer.alloc(8)), {}, false);
    await client.next(problem(64, cut));
  });

  it('with code 32 or 33: a call whose sequence is too low or too high beside that of another', async () => {
    const [early, late] = [client.nextId(), client.nextId()];
    const good = client.send(getState, { sequence: 11 });
    await client.next((message) => answeredBy(message) === good);
    const low = client.send(getState, { sequence: 11 });
    await client.next(problem(32, low));
    const high = client.send(getState, { id: late, sequence: 13 });
    await client.next(problem(33, high));
    client.send(getState, { id: late, sequence: 9 });
    await client.next((message) => answeredBy(message) === late);
    const between = client.send(getState, { id: early, sequence: 11 });
    await client.next(problem(33, between));
    expect((await sandbox.report()).rpc['updates.getState']).toBe(2);
  });

  it('with code 20: one of which nobody knows any more whether it came', async () => {
    const old = client.nextId();
    for (let sent = 0; sent < 5000; sent++) client.send(ping, { sequence: 0 }, false);
    client.send(getState, { id: old, sequence: 1 });
    await client.next(problem(20, old));
  });

  it('not for calls that overtake one another, in containers and alone', async () => {
    const ids = Array.from({ length: 6 }, () => client.nextId());
    const call = (index: number) => ({ id: ids[index]!, sequence: index * 2 + 1, body: getState });
    client.sendContainer([call(4), call(2)], { sequence: 12 });
    client.send(getState, call(5));
    client.send(getState, call(0));
    client.sendContainer([call(1), call(3)], { sequence: 12 });
    for (const id of ids) await client.next((message) => answeredBy(message) === id);
    expect(client.received.map(({ name }) => name)).not.toContain('badMsgNotification');
  });

  it('with the right salt: one with a wrong salt', async () => {
    const id = client.send(getState, { salt: 5n });
    const { object } = await client.next(({ name }) => name === 'badServerSalt');
    expect(object).toMatchObject({ badMsgId: id, errorCode: 48, newServerSalt: saltOf(key) });
  });
});

describe('a large frame', () => {
  const part = (filePart: number) =>
    bytesOf({ _: 'upload.saveFilePart', fileId: 5n, filePart, bytes: Buffer.alloc(400_000, filePart) });

  it('keeps its place among small ones', async () => {
    const large = () => bytesOf({ _: 'msgsStateReq', msgIds: Array.from({ length: 10_000 }, () => 4n) });
    const named = ['msgsStateInfo', 'pong'];
    for (const body of [large(), ping, large(), large(), ping]) client.send(body, {}, false);
    const told = () => client.received.map(({ name }) => name).filter((name) => named.includes(name));
    await client.next(() => told().length === 5);
    expect(told()).toEqual(['msgsStateInfo', 'pong', 'msgsStateInfo', 'msgsStateInfo', 'pong']);
  });

  it('is answered as any other', async () => {
    const ids = [0, 1, 2, 3].map((index) => client.send(part(index)));
    for (const id of ids) await client.next((message) => answeredBy(message) === id);
    expect((await sandbox.report()).rpc['upload.saveFilePart']).toBe(4);
  });

  it('closes the connection where its key does not open it', async () => {
    const frame = Buffer.concat([authKeyId(key), randomBytes(16 + 400_000)]);
    client.socket.write((detectTransport(Buffer.of(0xef)) as Transport).frame(frame));
    await once(client.socket, 'close');
  });

  it('is of no harm where its connection ends meanwhile', async () => {
    client.send(part(0));
    await client.close();
    const again = connect();
    const id = again.send(getState);
    await again.next((message) => answeredBy(message) === id);
  });
});

it('a replayed call is not carried out again, and gets its answer again', async () => {
  const id = client.send(getState);
  await client.next((message) => answeredBy(message) === id);
  client.received.length = 0;
  client.send(getState, { id, sequence: 1 });
  await client.next((message) => answeredBy(message) === id);
  expect((await sandbox.report()).rpc['updates.getState']).toBe(1);
});

it('tells the state of messages, and sends again what is asked for', async () => {
  const id = client.send(getState);
  const answer = await client.next((message) => answeredBy(message) === id);
  client.send(bytesOf({ _: 'msgsStateReq', msgIds: [id, id - second, id + second] }));
  const { object } = await client.next(({ name }) => name === 'msgsStateInfo');
  expect([...Buffer.from(object!.info as string, 'latin1')]).toEqual([4 + 32 + 64, 1, 3]);
  client.received.length = 0;
  client.send(bytesOf({ _: 'msgResendReq', msgIds: [answer.id] }));
  await client.next((message) => message.id === answer.id);
});

it('answers pings, salts and the end of sessions', async () => {
  client.send(bytesOf({ _: 'ping', pingId: 7n }));
  expect((await client.next(({ name }) => name === 'pong')).object).toMatchObject({ pingId: 7n });
  client.send(bytesOf({ _: 'getFutureSalts', num: 3 }));
  const { object } = await client.next(({ name }) => name === 'futureSalts');
  expect(object!.salts).toHaveLength(3);
  const other = connect();
  other.send(bytesOf({ _: 'ping', pingId: 1n }));
  await other.next(({ name }) => name === 'pong');
  client.send(bytesOf({ _: 'destroySession', sessionId: other.sessionId }));
  await client.next(({ name }) => name === 'destroySessionOk');
  client.send(bytesOf({ _: 'httpWait', maxDelay: 0, waitAfter: 0, maxWait: 100 }));
  client.send(bytesOf({ _: 'ping', pingId: 8n }));
  await client.next(({ object: pong }) => pong?.pingId === 8n);
});

it('tells a client that drops an answer whether there was one, and whether it still would have come', async () => {
  const drop = async (reqMsgId: bigint) => {
    const id = client.send(bytesOf({ _: 'rpcDropAnswer', reqMsgId }));
    return (await client.next((message) => answeredBy(message) === id)).object;
  };
  await sandbox.post('/faults', [{ delay_ms: 60, times: 1 }]);
  const running = client.send(getState);
  expect(await drop(running)).toMatchObject({ _: 'rpcAnswerDroppedRunning' });
  const answersTo = (id: bigint) => client.received.filter((message) => answeredBy(message) === id);
  const answered = client.send(getState);
  const { id, sequence } = await client.next((message) => answeredBy(message) === answered);
  expect(await drop(answered)).toMatchObject({ _: 'rpcAnswerDropped', msgId: id, seqNo: sequence });
  expect(await drop(answered)).toMatchObject({ _: 'rpcAnswerUnknown' });
  await sandbox.post('/faults', [{ delay_ms: 120, times: 1 }]);
  const later = client.send(getState);
  await client.next((message) => answeredBy(message) === later);
  expect(answersTo(running).map(({ object }) => object?._)).toEqual(['rpcAnswerDroppedRunning']);
});

it('takes packed calls and packs long answers', async () => {
  const getDialogs: TlObject = {
    _: 'messages.getDialogs',
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 100,
    hash: 0n,
  };
  const packed = new TlWriter()
    .uint(gzipPacked)
    .bytes(gzipSync(bytesOf(getDialogs)))
    .finish();
  const id = client.send(packed);
  const answer = await client.next((message) => answeredBy(message) === id);
  expect([isPacked(answer), answer.object?._]).toEqual([true, 'messages.dialogs']);
});

it('pushes updates to the sessions that asked, and to no other', async () => {
  const silent = connect();
  const quiet = silent.send(bytesOf({ _: 'invokeWithoutUpdates', query: { _: 'updates.getState' } }));
  await silent.next((message) => answeredBy(message) === quiet);
  const id = client.send(getState);
  await client.next((message) => answeredBy(message) === id);
  await sandbox.post('/incoming', { chat_id: '777000', text: 'news' });
  await client.next(({ name }) => name === 'updates');
  silent.send(bytesOf({ _: 'ping', pingId: 1n }));
  await silent.next(({ name }) => name === 'pong');
  expect(silent.received.map(({ name }) => name)).not.toContain('updates');
});

it('gives a key up that is used from two addresses at once', async () => {
  const id = client.send(getState);
  await client.next((message) => answeredBy(message) === id);
  const elsewhere = connect({ localAddress: '127.0.0.2' });
  const other = elsewhere.send(getState);
  const { object } = await elsewhere.next((message) => answeredBy(message) === other);
  expect(object).toMatchObject({ errorCode: 406, errorMessage: 'AUTH_KEY_DUPLICATED' });
});

/** A container with these bytes for its messages. */
function containerOf(count: number, messages: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x73f1f8dc);
  head.writeInt32LE(count, 4);
  return Buffer.concat([head, messages]);
}

function connect(options: Partial<RawOptions> = {}): RawClient {
  const made = new RawClient({ port: sandbox.port, key, salt: saltOf(key), ...options });
  clients.push(made);
  return made;
}
