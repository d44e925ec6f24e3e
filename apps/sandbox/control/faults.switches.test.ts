/** What a server does to sessions, containers and connections now and then, each by one fault, over real TCP. */
import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { foreignClient } from '../../testkit/mtcute.ts';
import { answeredBy, type RawClient, type Received } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { newestLayer } from '../tl/layers.ts';
import { constructorsById } from '../tl/schema.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';

const getState = bytesOf({ _: 'updates.getState' });
const send = 'messages.sendMessage';
const self = { _: 'inputPeerSelf' };
const text = (randomId: bigint) => bytesOf({ _: send, peer: self, message: 'x', randomId });
const introduced = (query: TlObject) => {
  const app = { apiId: 1, deviceModel: 'raw', systemVersion: '', appVersion: '', langPack: '' };
  const init = { _: 'initConnection', ...app, systemLangCode: 'en', langCode: 'en', query };
  return bytesOf({ _: 'invokeWithLayer', layer: newestLayer, query: init });
};
const ping = (pingId = 1n) => bytesOf({ _: 'ping', pingId });

let sandbox: TestSandbox;
let client: RawClient;
beforeEach(async () => {
  sandbox = await startSandbox({ takesParallelCalls: true });
  client = await sandbox.connectRaw();
  await answerTo(client, client.send(getState));
});

const answerTo = (asking: RawClient, id: bigint) => asking.next((message) => answeredBy(message) === id);
const faults = (...list: object[]) => sandbox.post('/faults', list);

async function statesOf(msgIds: bigint[]): Promise<number[]> {
  const id = client.send(bytesOf({ _: 'msgsStateReq', msgIds }), {}, false);
  const { object } = await client.next(({ object: state }) => state?.reqMsgId === id);
  return [...Buffer.from(object!.info as string, 'latin1')];
}

describe('a session that the server forgets', () => {
  const forgotten = (id: bigint) => (message: Received) =>
    message.name === 'newSessionCreated' && (message.object!.firstMsgId as bigint) > id;

  it.each([
    ['before', 0],
    ['after', 1],
  ])(
    '%s a call begins anew above it on the living connection, and leaves it unanswered',
    async (when, count) => {
      await faults(
        { method: send, delay_ms: 200, times: 1 },
        { method: send, forget_session: when, times: 1 },
      );
      const [running, last] = [client.send(text(1n)), client.send(text(2n))];
      const { object } = await client.next(forgotten(last));
      expect(await statesOf([running, last, object!.firstMsgId as bigint])).toEqual([1, 1, 2]);
      await sandbox.untilReport(({ delivered_total: total }) => total === count + 1);
      await answerTo(client, client.send(getState));
      expect(client.received.map(answeredBy)).not.toContain(running);
      expect(client.received.map(answeredBy)).not.toContain(last);
    },
  );

  it('is taken up again by mtcute, which sends the call once more', async () => {
    const foreign = await foreignClient(sandbox);
    await foreign.start();
    await foreign.resolvePeer('vestnik_demo');
    await faults({ method: send, forget_session: 'after', times: 1 });
    await foreign.sendText('vestnik_demo', 'once');
    expect(await sandbox.report()).toMatchObject({ delivered_total: 1, duplicates: 1 });
  });
});

describe('a session that forgets its initConnection', () => {
  it('takes no call, over no connection, until another comes', async () => {
    const refusal = { errorCode: 400, errorMessage: 'CONNECTION_NOT_INITED' };
    await faults({ method: send, forget_init: true, times: 1 });
    for (const call of [text(1n), getState])
      expect((await answerTo(client, client.send(call))).object).toMatchObject(refusal);
    const { sessionId } = client;
    await client.close();
    const back = await sandbox.connectRaw({ sessionId });
    expect((await answerTo(back, back.send(getState, { sequence: 101 }))).object).toMatchObject(refusal);
    await answerTo(back, back.send(introduced({ _: 'updates.getState' }), { sequence: 103 }));
    expect((await answerTo(back, back.send(text(1n), { sequence: 105 }))).object?._).toMatch(/^update/);
  });
});

describe('an account that moves to another data centre', () => {
  it.each([
    [undefined, 'USER_MIGRATE_4'],
    ['NETWORK_MIGRATE_4', 'NETWORK_MIGRATE_4'],
  ])(
    'in mid-session, where the fault says %s, is answered %s, and then USER_MIGRATE_4',
    async (error, name) => {
      await faults({ method: send, move_to: 4, times: 1, ...(error && { error }) });
      const first = await answerTo(client, client.send(text(1n)));
      expect(first.object).toMatchObject({ errorCode: 303, errorMessage: name });
      const second = await answerTo(client, client.send(text(2n)));
      expect(second.object).toMatchObject({ errorCode: 303, errorMessage: 'USER_MIGRATE_4' });
      expect(await sandbox.get('/accounts')).toMatchObject([{ dc: 4 }, {}, {}, {}]);
    },
  );
});

describe('an object that no layer has', () => {
  it('is pushed beside the answer in one container', async () => {
    await faults({ unknown_constructor: 'push', times: 1 });
    const id = client.send(getState);
    const answer = await answerTo(client, id);
    const [unknown] = client.received.filter(({ containerId }) => containerId === answer.containerId);
    expect(answer.containerId).toBeDefined();
    expect(unknown!.sequence % 2).toBe(1);
    expect(constructorsById.has(unknown!.body.readUInt32LE())).toBe(false);
    expect(answer.object?._).toBe('updates.state');
  });

  it('is the result of a call that was carried out', async () => {
    await faults({ unknown_constructor: 'result', times: 1 });
    const answer = await answerTo(client, client.send(text(1n)));
    expect(constructorsById.has(answer.body.readUInt32LE(12))).toBe(false);
    expect((await sandbox.report()).delivered_total).toBe(1);
  });
});

describe('an error that is answered after the call was carried out', () => {
  it('has the code that was named, and comes as often as was asked for', async () => {
    await faults({ method: send, error: 'SOMETHING_NEW', error_code: 502, carry_out: true, times: 1 });
    const { object } = await answerTo(client, client.send(text(1n)));
    expect(object).toMatchObject({ errorCode: 502, errorMessage: 'SOMETHING_NEW' });
    await faults({ method: send, error: 'RANDOM_ID_DUPLICATE', carry_out: true });
    for (let attempt = 0; attempt < 3; attempt++) {
      const again = await answerTo(client, client.send(text(1n)));
      expect(again.object).toMatchObject({ errorCode: 500, errorMessage: 'RANDOM_ID_DUPLICATE' });
    }
    expect(await sandbox.report()).toMatchObject({ delivered_total: 1, duplicates: 3 });
  });
});

it('a server that drains refuses calls of the connections that it had, answers their pings, and serves new ones', async () => {
  await faults({ connection: 'drain' });
  expect((await answerTo(client, client.send(getState))).object).toMatchObject({
    errorCode: 500,
    errorMessage: 'INTERNAL',
  });
  client.send(ping(7n), {}, false);
  await client.next(({ object }) => object?.pingId === 7n);
  const fresh = await sandbox.connectRaw();
  expect((await answerTo(fresh, fresh.send(getState))).object?._).toBe('updates.state');
});

it.each([-429, -404])(
  'the transport error %i ends as many new connections as was asked for, and no old one',
  async (code) => {
    await faults({ transport_error: code, times: 2 });
    for (let count = 0; count < 2; count++) {
      const refused = await sandbox.connectRaw();
      refused.send(ping(), {}, false);
      await once(refused.socket, 'close');
      expect([refused.transportError, refused.received]).toEqual([code, []]);
    }
    const good = await sandbox.connectRaw();
    await answerTo(good, good.send(getState));
    await answerTo(client, client.send(getState));
    expect(await sandbox.get('/faults')).toMatchObject([{ hits: 2, left: 0 }]);
  },
);

it.each([3600, -3600])(
  'a clock that steps by %i s on a living connection refuses messages until the client follows',
  async (skew) => {
    await faults({ clock_skew_seconds: skew });
    const id = client.send(getState);
    const refusal = await client.next(({ object }) => object?.badMsgId === id);
    const now = BigInt(Math.floor(Date.now() / 1000) + skew);
    if (refusal.name === 'badServerSalt') expect(refusal.object?.newServerSalt).toBeDefined();
    else expect(refusal.object?.errorCode).toBe(skew > 0 ? 16 : 17);
    expect(Math.abs(Number((refusal.id >> 32n) - now))).toBeLessThan(5);
  },
);

it('the report counts new connections by second and account', async () => {
  await sandbox.post('/reset');
  const clients = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  for (const one of clients) await answerTo(one, one.send(getState));
  const unknown = await sandbox.connectRaw({ key: Buffer.alloc(256, 9) });
  unknown.send(ping(), {}, false);
  await once(unknown.socket, 'close');
  const { connections } = await sandbox.report();
  const [{ id }] = await sandbox.get<[{ id: string }]>('/accounts');
  const countOf = (account: string | null) =>
    connections.filter((one) => one.account === account).reduce((sum, { count }) => sum + count, 0);
  expect([countOf(id), countOf(null)]).toEqual([2, 1]);
  expect(Math.abs(Date.parse(connections[0]!.at) - Date.now())).toBeLessThan(60_000);
});

it.each([
  [{ omit_item: 0 }, 'omit_item'],
  [{ transport_error: 404 }, 'transport_error'],
  [{ forget_session: 'now' }, 'forget_session'],
  [{ unknown_constructor: 'both' }, 'unknown_constructor'],
  [{ forget_init: false }, 'forget_init'],
  [{ move_to: 3 }, 'move_to'],
  [{ carry_out: true }, 'carry_out'],
  [{ error_code: 500 }, 'error_code'],
  [{ clock_skew_seconds: 5, clock_drifts_back: true }, 'clock_drifts_back'],
])('a fault such as %j is refused by the name of its field', async (fault, field) => {
  await expect(faults(fault)).rejects.toThrow(`faults.0.${field}`);
});

describe('random ids that are forgotten', () => {
  it('make new messages of repeated sends, for as long as the fault holds', async () => {
    await faults({ method: send, forget_random_ids: true, times: 2 });
    for (let repeat = 0; repeat < 3; repeat++) await answerTo(client, client.send(text(7n)));
    expect(await sandbox.report()).toMatchObject({ delivered_total: 2, duplicates: 1 });
  });
});
