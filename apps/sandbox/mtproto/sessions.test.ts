/** Sessions that outlive their connections, and what the server says of the messages in them. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { foreignClient } from '../../testkit/mtcute.ts';
import { answeredBy, type RawClient, type Received } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';

const getState = bytesOf({ _: 'updates.getState' });
const wholeHistory: TlObject = {
  _: 'messages.getHistory',
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
};
const second = 1n << 32n;
const received = 4;
const alreadyAnswered = received + 32 + 64;

let sandbox: TestSandbox;
let client: RawClient;
beforeEach(async () => {
  sandbox = await startSandbox({ takesParallelCalls: true });
  client = await sandbox.connectRaw();
});

const sendText = (randomId: bigint, message = 'x'): Buffer =>
  bytesOf({ _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message, randomId });
const answered = (id: bigint) => (message: Received) => answeredBy(message) === id;
const named = (name: string) => (message: Received) => message.name === name;

/** The same session over a new connection; its ids go on above those of the connection before. */
function back(): Promise<RawClient> {
  return sandbox.connectRaw({ sessionId: client.sessionId });
}

async function statesOf(asking: RawClient, msgIds: bigint[]): Promise<number[]> {
  const id = asking.send(bytesOf({ _: 'msgsStateReq', msgIds }), {}, false);
  const { object } = await asking.next(({ object: state }) => state?.reqMsgId === id);
  return [...Buffer.from(object!.info as string, 'latin1')];
}

describe('a call whose connection is cut', () => {
  it('before it is taken in was not received, and can be sent again', async () => {
    const early = client.send(getState);
    await client.next(answered(early));
    await sandbox.post('/faults', [{ drop: 'before', times: 1 }]);
    const lost = client.send(sendText(1n));
    await once(client.socket, 'close');
    const returned = await back();
    const next = returned.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
    expect(await statesOf(returned, [early, lost, next])).toEqual([alreadyAnswered, 2, received]);
    returned.send(sendText(1n), { id: lost, sequence: 3 });
    await returned.next(answered(lost));
    expect(await sandbox.report()).toMatchObject({ delivered_total: 1, duplicates: 0 });
  });

  it('after it is carried out was received, and is answered when the session is back', async () => {
    await sandbox.post('/faults', [{ drop: 'after', times: 1 }]);
    const call = client.send(sendText(1n));
    await once(client.socket, 'close');
    const returned = await back();
    expect(await statesOf(returned, [call])).toEqual([alreadyAnswered]);
    const names = returned.received.map((message) => answeredBy(message) ?? message.name);
    expect(names.indexOf(call)).toBeGreaterThan(-1);
    expect(names.indexOf(call)).toBeLessThan(names.indexOf('msgsStateInfo'));
    expect(await sandbox.report()).toMatchObject({ delivered_total: 1, duplicates: 0 });
  });

  it.each(['before', 'after'])(
    '%s it is carried out ends for mtcute as if nothing had happened',
    async (drop) => {
      const foreign = await foreignClient(sandbox);
      await foreign.start();
      await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop, times: 1 }]);
      await foreign.sendText('vestnik_demo', 'once');
      expect(await sandbox.report()).toMatchObject({ delivered_total: 1, duplicates: 0 });
    },
  );
});

describe('a session that is back on another connection', () => {
  it('gets answers and updates again that it did not acknowledge, and no others', async () => {
    const calls = [client.send(getState), client.send(getState)] as const;
    const [kept, read] = [await client.next(answered(calls[0])), await client.next(answered(calls[1]))];
    await sandbox.post('/incoming', { chat_id: '777000', text: 'news' });
    const update = await client.next(named('updates'));
    client.send(bytesOf({ _: 'msgsAck', msgIds: [read.id] }), {}, false);
    await statesOf(client, []);
    await client.close();
    const returned = await back();
    await statesOf(returned, []);
    const ids = returned.received.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([kept.id, update.id]));
    expect(ids).not.toContain(read.id);
    const again = returned.received.find(({ id }) => id === kept.id)!;
    expect(again.sequence).toBe(kept.sequence);
    expect(again.containerId).toBeGreaterThan(kept.id);
  });

  it('gets the notice of a large answer, and the answer when it asks for it', async () => {
    for (let random = 1n; random < 12n; random++) {
      const sent = client.send(sendText(random, randomBytes(2000).toString('base64')));
      await client.next(answered(sent));
    }
    const call = client.send(bytesOf({ ...wholeHistory, peer: { _: 'inputPeerSelf' } }));
    const answer = await client.next(answered(call));
    expect(answer.body.length).toBeGreaterThan(16 * 1024);
    await client.close();
    const returned = await back();
    returned.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
    const { object } = await returned.next(named('msgDetailedInfo'));
    const { length: bytes } = answer.body;
    expect(object).toMatchObject({ msgId: call, answerMsgId: answer.id, bytes, status: 0 });
    returned.send(bytesOf({ _: 'msgResendReq', msgIds: [answer.id] }), {}, false);
    expect((await returned.next(answered(call))).id).toBe(answer.id);
  });

  it('gets the updates of the meantime, and of too many the notice to ask for them', async () => {
    await client.next(answered(client.send(getState)));
    const news = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => sandbox.post('/incoming', { chat_id: '777000', text: 'news' })),
      );
    const comeBack = async () => {
      const returned = await back();
      await statesOf(returned, []);
      const names = returned.received.map(({ name }) => name);
      const ids = returned.received.filter(({ sequence }) => sequence % 2 === 1).map(({ id }) => id);
      returned.send(bytesOf({ _: 'msgsAck', msgIds: ids }), {}, false);
      await statesOf(returned, []);
      await returned.close();
      return [names.filter((name) => name === 'updates').length, names.includes('updatesTooLong')];
    };
    await client.close();
    await news(3);
    expect(await comeBack()).toEqual([3, false]);
    await news(103);
    expect(await comeBack()).toEqual([100, true]);
    expect(await comeBack()).toEqual([0, false]);
  });

  it('gets the answer of a call that was running when its connection ended', async () => {
    await sandbox.post('/faults', [{ delay_ms: 100, times: 1 }]);
    const call = client.send(getState);
    expect(await statesOf(client, [call])).toEqual([received + 32]);
    await client.close();
    const returned = await back();
    returned.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
    await returned.next(answered(call));
  });
});

it('knows of each message whether it came: not yet, not at all, or nobody knows', async () => {
  const [first, hole, last] = [client.nextId(), client.nextId(), client.nextId()];
  client.send(getState, { id: first, sequence: 1 });
  client.send(getState, { id: last, sequence: 5 });
  await client.next(answered(last));
  const asked = [first - 4n, first, first + 1n, hole, last, last + second];
  expect(await statesOf(client, asked)).toEqual([1, alreadyAnswered, 1, 2, alreadyAnswered, 3]);
  for (let sent = 0; sent < 6000; sent++)
    client.send(bytesOf({ _: 'ping', pingId: 2n }), { sequence: 0 }, false);
  expect(await statesOf(client, [first, hole])).toEqual([1, 1]);
});

it('sends answers again that are asked for by their calls', async () => {
  const call = client.send(getState);
  const answer = await client.next(answered(call));
  client.received.length = 0;
  const id = client.send(bytesOf({ _: 'msgResendAnsReq', msgIds: [call] }), {}, false);
  await client.next(({ object }) => object?.reqMsgId === id);
  expect(client.received.map((message) => message.id)).toContain(answer.id);
});

it('answers for all messages that are to be sent again where one is unknown', async () => {
  const answer = await client.next(answered(client.send(getState)));
  const id = client.send(bytesOf({ _: 'msgResendReq', msgIds: [answer.id, answer.id + 4n] }), {}, false);
  const { object } = await client.next(({ object: state }) => state?.reqMsgId === id);
  expect(object!.info).toHaveLength(2);
});

it('names the first message of a container as that which began the session', async () => {
  const [ping, call] = [client.nextId(), client.nextId()];
  const container = client.sendContainer([
    { id: call, sequence: 1, body: getState },
    { id: ping, sequence: 0, body: bytesOf({ _: 'ping', pingId: 1n }) },
  ]);
  const { object } = await client.next(named('newSessionCreated'));
  expect(object!.firstMsgId).toBe(ping);
  expect(ping).toBeLessThan(container);
});

it('refuses messages in frames of their own', async () => {
  await client.next(answered(client.send(getState)));
  client.received.length = 0;
  client.socket.cork();
  const good = client.send(getState);
  const [salt, old] = [client.send(getState, { salt: 5n }), client.send(getState, { id: 4n })];
  const last = client.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
  client.socket.uncork();
  await client.next(({ object }) => object?._ === 'pong' && object.msgId === last);
  const refusals = client.received.filter(({ object }) => object?.badMsgId !== undefined);
  expect(refusals.map(({ object }) => object!.badMsgId)).toEqual([salt, old]);
  expect(refusals.map(({ containerId }) => containerId)).toEqual([undefined, undefined]);
  expect(client.received.some(answered(good))).toBe(true);
});

it('says that a key is destroyed in a message of its own, not as the result of a call', async () => {
  client.send(bytesOf({ _: 'destroyAuthKey' }));
  await client.next(named('destroyAuthKeyOk'));
  client.send(getState);
  await once(client.socket, 'close');
  expect(client.transportError).toBe(-404);
});
