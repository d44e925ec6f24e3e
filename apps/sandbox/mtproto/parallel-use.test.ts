/** One key on two connections, over real TCP. */
import { once } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { answeredBy, type RawClient } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { bytesOf } from '../tl/writer.ts';

const CALL = bytesOf({ _: 'updates.getState' });
const CONFIG = bytesOf({ _: 'help.getConfig' });
const PART = bytesOf({ _: 'upload.saveFilePart', fileId: 1n, filePart: 0, bytes: Buffer.from('a') });

let sandbox: TestSandbox;
let first: RawClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  first = await sandbox.connectRaw();
});

async function call(client: RawClient, body: Buffer) {
  const id = client.send(body);
  const { object, body: answer } = await client.next((message) => answeredBy(message) === id);
  return object?.errorMessage ?? object?._ ?? answer.readUInt32LE(12);
}

it('loses a key that calls over two open connections within 5 s', async () => {
  expect(await call(first, CALL)).toBe('updates.state');
  const second = await sandbox.connectRaw();
  expect(await call(second, CALL)).toBe('AUTH_KEY_DUPLICATED');
  for (const client of [first, second]) expect(await call(client, CALL)).toBe('AUTH_KEY_DUPLICATED');
});

it('takes files, the configuration and pings over as many connections as there are', async () => {
  expect(await call(first, CALL)).toBe('updates.state');
  const others = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  for (const other of others) {
    other.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
    expect(await call(other, CONFIG)).toBe('config');
    await call(other, PART);
  }
  expect(await call(first, CALL)).toBe('updates.state');
});

it.each(['end', 'resetAndDestroy'] as const)(
  'goes on with a client that left its connection by %s',
  async (leave) => {
    expect(await call(first, CALL)).toBe('updates.state');
    first.socket[leave]();
    await once(first.socket, 'close');
    expect(await call(await sandbox.connectRaw(), CALL)).toBe('updates.state');
  },
);

it('takes files at the address for them, over several connections, and nothing else', async () => {
  expect(await call(first, CALL)).toBe('updates.state');
  const media = [1, 2].map(() => sandbox.connectRaw({ port: sandbox.mediaPort }));
  for (const client of await Promise.all(media)) {
    await call(client, PART);
    expect(await call(client, CALL)).toBe('METHOD_INVALID');
  }
  expect(await call(first, CALL)).toBe('updates.state');
});
