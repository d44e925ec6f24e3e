import { Api } from 'telegram/tl/index.js';
import { beforeEach, expect, it } from 'vitest';
import { foreignClient } from '../../testkit/mtcute.ts';
import { answeredBy, type RawClient } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { until } from '../../testkit/until.ts';
import { saltOf } from '../mtproto/salts.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';

const getState: TlObject = { _: 'updates.getState' };
const getConfig: TlObject = { _: 'help.getConfig' };
const savePart: TlObject = { _: 'upload.saveFilePart', fileId: 1n, filePart: 0, bytes: Buffer.alloc(1024) };
const send: TlObject = {
  _: 'messages.sendMessage',
  peer: { _: 'inputPeerSelf' },
  message: 'a note',
  randomId: 71n,
};

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ takesParallelCalls: true });
});

it('an update goes to the session of a key that called last', async () => {
  const [first, second] = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  for (const client of [first, second, first]) await call(client, getState);
  await write('for the first');
  await call(second, getState);
  await write('for the second');
  expect([await textsOf(first), await textsOf(second)]).toEqual([['for the first'], ['for the second']]);
});

it('an update goes to the session that called before, where the last one is gone', async () => {
  const [first, second] = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  for (const client of [first, second]) await call(client, getState);
  await second.close();
  await until('the first session has it', async () => {
    await write('for whoever is left');
    return (await textsOf(first)).length > 0;
  });
});

it('a session that only moves files, asks for the configuration or pings gets no update', async () => {
  const main = await sandbox.connectRaw();
  await call(main, getState);
  const files = await sandbox.connectRaw();
  for (const query of [getConfig, savePart, { _: 'invokeWithoutUpdates', query: getState }]) {
    await call(files, query);
  }
  await write('for the main session');
  expect([await textsOf(main), await textsOf(files)]).toEqual([['for the main session'], []]);
});

it('a call without updates does not end those of its session', async () => {
  const client = await sandbox.connectRaw();
  await call(client, getState);
  await call(client, { _: 'invokeWithoutUpdates', query: getState });
  await write('still there');
  expect(await textsOf(client)).toEqual(['still there']);
});

it('a message is news for other keys of its account, and for no session of the key that sent it', async () => {
  const [sender, beside] = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  const other = await anotherKey();
  for (const client of [sender, other, beside]) await call(client, getState);
  await call(sender, send);
  expect(await Promise.all([sender, beside, other].map(textsOf))).toEqual([[], [], ['a note']]);
});

it('a session at another data centre gets no update', async () => {
  const home = await sandbox.connectRaw();
  await call(home, getState);
  const elsewhere = await sandbox.connectSecond();
  const main = await sandbox.connect();
  const exported = await main.callBare<Api.auth.ExportedAuthorization>(
    new Api.auth.ExportAuthorization({ dcId: 4 }),
  );
  await elsewhere.callBare(new Api.auth.ImportAuthorization({ ...exported }));
  const key = elsewhere.session.getAuthKey(2)!.getKey()!;
  const there = await sandbox.connectRaw({ port: sandbox.secondPort, key, salt: saltOf(key) });
  await call(there, savePart);
  await call(there, getState);
  await write('at home');
  expect([await textsOf(home), await textsOf(there)]).toEqual([['at home'], []]);
});

it('a revoked key gets no update', async () => {
  const client = await sandbox.connectRaw();
  await call(client, getState);
  await sandbox.post('/sessions/revoke', { phone: '9996620001' });
  await write('for nobody');
  expect(await textsOf(client)).toEqual([]);
});

it('a client with temporary keys gets each update once', async () => {
  const client = await foreignClient(sandbox, { network: { usePfs: true } });
  const texts: string[] = [];
  client.onNewMessage.add(({ text }) => void texts.push(text));
  await client.start();
  await sandbox.untilReport(({ rpc }) => rpc['updates.getState'] !== undefined);
  await client.uploadFile({ file: Buffer.alloc(600_000) });
  for (const text of ['one', 'two']) await write(text);
  await until('both came', () => texts.length >= 2);
  expect(texts).toEqual(['one', 'two']);
});

async function anotherKey(): Promise<RawClient> {
  const { session, client } = await sandbox.connect();
  await client.disconnect();
  const key = session.getAuthKey(2)!.getKey()!;
  return sandbox.connectRaw({ key, salt: saltOf(key) });
}

async function call(client: RawClient, query: TlObject): Promise<void> {
  const id = client.send(bytesOf(query));
  await client.next((message) => answeredBy(message) === id);
}

function write(text: string): Promise<unknown> {
  return sandbox.post('/incoming', { chat_id: '777000', text });
}

/** The texts of the updates that came before the answer to a ping. */
async function textsOf(client: RawClient): Promise<string[]> {
  const pingId = BigInt(client.received.length + 1);
  client.send(bytesOf({ _: 'ping', pingId }));
  await client.next(({ object }) => object?._ === 'pong' && object.pingId === pingId);
  return client.received.flatMap(({ name, object }) => {
    const updates = name === 'updates' ? (object!.updates as TlObject[]) : [];
    return updates.map(({ message }) => (message as TlObject).message as string);
  });
}
