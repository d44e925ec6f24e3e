/** One key on two connections, over real TCP. */
import { once } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { answeredBy, type RawClient } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { bytesOf } from '../tl/writer.ts';

const anyCall = bytesOf({ _: 'updates.getState' });
const config = bytesOf({ _: 'help.getConfig' });
const part = bytesOf({ _: 'upload.saveFilePart', fileId: 1n, filePart: 0, bytes: Buffer.from('a') });

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
  expect(await call(first, anyCall)).toBe('updates.state');
  const second = await sandbox.connectRaw();
  expect(await call(second, anyCall)).toBe('AUTH_KEY_DUPLICATED');
  for (const client of [first, second]) expect(await call(client, anyCall)).toBe('AUTH_KEY_DUPLICATED');
});

it('takes files, the configuration and pings over as many connections as there are', async () => {
  expect(await call(first, anyCall)).toBe('updates.state');
  const others = [await sandbox.connectRaw(), await sandbox.connectRaw()];
  for (const other of others) {
    other.send(bytesOf({ _: 'ping', pingId: 1n }), {}, false);
    expect(await call(other, config)).toBe('config');
    await call(other, part);
  }
  expect(await call(first, anyCall)).toBe('updates.state');
});

it.each(['end', 'resetAndDestroy'] as const)(
  'goes on with a client that left its connection by %s',
  async (leave) => {
    expect(await call(first, anyCall)).toBe('updates.state');
    first.socket[leave]();
    await once(first.socket, 'close');
    expect(await call(await sandbox.connectRaw(), anyCall)).toBe('updates.state');
  },
);

it('takes files at the address for them, over several connections, and nothing else', async () => {
  expect(await call(first, anyCall)).toBe('updates.state');
  const media = [1, 2].map(() => sandbox.connectRaw({ port: sandbox.mediaPort }));
  for (const client of await Promise.all(media)) {
    await call(client, part);
    expect(await call(client, anyCall)).toBe('METHOD_INVALID');
  }
  expect(await call(first, anyCall)).toBe('updates.state');
});
