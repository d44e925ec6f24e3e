/** Parts of files over a link, from the first packet on. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { Api } from 'telegram/tl/index.js';
import { expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../testkit/sandbox.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { uploadPartBytes } from '../model/telegram-limits.ts';
import { FilePart } from './file-part.ts';
import { openLink } from './link.ts';
import { long } from './peers.ts';
import { trustServerKey } from './library/server-key.ts';
import { direct } from './mtproto/transport.ts';

const log = pino({ level: 'silent' });

async function openFileLink() {
  const sandbox = await startSandbox();
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  const link = await openLink({
    dcId: 2,
    address: { host: '127.0.0.1', port: sandbox.port },
    wayOut: direct,
    apiId: 1,
    log,
    connectTimeoutMs: 5_000,
  });
  onTestFinished(() => link.close());
  return { sandbox, link };
}

async function partsOf(bytes: Buffer, fileTotalParts: number): Promise<FilePart[]> {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, bytes);
  const file = await open(path);
  onTestFinished(() => file.close());
  return Promise.all(
    Array.from({ length: fileTotalParts }, async (_, filePart) => {
      const part = new FilePart();
      const whole = { fileId: long('7'), fileTotalParts, filePart, bytes: Buffer.alloc(0) };
      const position = filePart * uploadPartBytes;
      const length = Math.min(uploadPartBytes, bytes.length - position);
      await part.fill(new Api.upload.SaveBigFilePart(whole), file, position, length);
      return part;
    }),
  );
}

it('takes parts before it knows the salt of the server, sends them again with it, and small calls beside them', async () => {
  const { sandbox, link } = await openFileLink();
  const parts = await partsOf(randomBytes(4 * uploadPartBytes + 3), 5);
  const self = new Api.users.GetUsers({ id: [new Api.InputUserSelf()] });
  const calls = [...parts.map((part) => link.call(part, 20_000)), link.call<unknown[]>(self, 20_000)];
  const answers = await Promise.all(calls);
  expect(answers.slice(0, -1)).toEqual(parts.map(() => true));
  expect(answers.at(-1)).toMatchObject([{ self: true }]);
  await link.ping(5_000);
  expect((await sandbox.report()).rpc).toMatchObject({ 'upload.saveBigFilePart': 5, 'users.getUsers': 1 });
});

it('is the request that the library would have made of it', async () => {
  for (const length of [1, 2, 253, 254, 255, uploadPartBytes]) {
    const bytes = randomBytes(length);
    const [part] = await partsOf(bytes, 1);
    const whole = { fileId: long('7'), fileTotalParts: 1, filePart: 0, bytes };
    const query = new Api.upload.SaveBigFilePart(whole);
    expect(part!.getBytes().equals(new Api.InvokeWithoutUpdates({ query }).getBytes())).toBe(true);
  }
});

it('fails where the file has become shorter than it was', async () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, 'short');
  const file = await open(path);
  onTestFinished(() => file.close());
  const request = new Api.upload.SaveFilePart({ fileId: long('7'), filePart: 0, bytes: Buffer.alloc(0) });
  await expect(new FilePart().fill(request, file, 0, 9)).rejects.toThrow('ends 4 bytes too early');
});
