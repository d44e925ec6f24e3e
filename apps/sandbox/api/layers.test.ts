import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryStorage } from '@mtcute/node';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answeredBy, type RawClient } from '../../testkit/raw-client.ts';
import { foreignClient } from '../../testkit/mtcute.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { defaultAccountId } from '../world/accounts.ts';
import { saltOf } from '../mtproto/salts.ts';
import { TlReader } from '../tl/reader.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';

/** What mtcute announces. */
const foreignLayer = 227;
const getState: TlObject = { _: 'updates.getState' };
const getSelf: TlObject = { _: 'users.getFullUser', id: { _: 'inputUserSelf' } };

/** From each layer on: the number of a constructor, as TDLib, Telethon, kurigram, grammers and teleproto have it. */
const layerNumbers: Record<string, Record<number, number>> = {
  user: { 225: 0x31774388, 228: 0xb1b8cc83 },
  userFull: { 225: 0x06cbe645, 232: 0xb90c2afd },
  channel: { 225: 0x1c32b11c, 228: 0xd49f34c6, 232: 0x7ad15240 },
  channelFull: { 225: 0xe4e0b29d, 227: 0xa04e8d3a, 232: 0xc4c4dd40 },
  message: { 225: 0x95ef6f2b, 227: 0x7600b9d3 },
  messageReplyHeader: { 225: 0x1b97dd66, 232: 0xddb5ab75 },
  inputReplyToMessage: { 225: 0x3bd4b7c2, 232: 0x75c1ad70 },
  'messages.sendMessage': { 225: 0x545cd15a, 227: 0xfef48f62 },
};

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ takesParallelCalls: true });
});

describe.each([225, 226, 227, 228, 229, 230, 231, 232])('a client of layer %i', (layer) => {
  const ask = async (client: RawClient, query: TlObject, announced?: number) => {
    const asked = announced === undefined ? bytesOf(query, layer) : announcement(announced, query, layer);
    return answerTo(client, asked);
  };

  it('speaks with the numbers of its layer: in calls, answers and updates', async () => {
    const client = await sandbox.connectRaw();
    const resolve = { _: 'contacts.resolveUsername', username: 'vestnik_demo' };
    const demo = inputChannelIn((await ask(client, resolve, layer)).object);
    const peer = { ...demo, _: 'inputPeerChannel' };
    const first = await ask(client, { _: 'messages.sendMessage', peer, message: 'first', randomId: 1n });
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: messageIdIn(first.object) };
    const reply = await ask(client, {
      _: 'messages.sendMessage',
      peer,
      replyTo,
      message: 're',
      randomId: 2n,
    });
    expectNumbers(reply.body, layer, ['channel', 'user', 'message', 'messageReplyHeader']);

    const full = await ask(client, { _: 'channels.getFullChannel', channel: demo });
    expectNumbers(full.body, layer, ['channel', 'channelFull']);
    const self = await ask(client, getSelf);
    expectNumbers(self.body, layer, ['user', 'userFull']);
    const history = await ask(client, { _: 'messages.getHistory', peer, ...page });
    expectNumbers(history.body, layer, ['channel', 'message', 'messageReplyHeader']);

    await sandbox.post('/incoming', { chat_id: '777000', text: 'news' });
    const pushed = await client.next(({ name }) => name === 'updates');
    expectNumbers(pushed.body, layer, ['user', 'message']);
  });
});

describe('a layer that is not served', () => {
  it.each([144, 158, 224, 233])('is refused, and named in log and inbox: %i', async (layer) => {
    const lines = vi.fn<(line: string) => void>();
    const warned = await startSandbox({ log: pino({ level: 'warn' }, { write: lines }) });
    const client = await warned.connectRaw();
    const { object } = await answerTo(client, announcement(layer, getState));
    expect(object).toEqual({ _: 'rpcError', errorCode: 400, errorMessage: 'CONNECTION_LAYER_INVALID' });
    expect(lines.mock.calls.map(([line]) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ layer, served: '225 to 232' }),
    ]);
    expect(await warned.get('/api/chats/777000/messages')).toMatchObject({
      lines: [
        {
          method: 'invokeWithLayer',
          text: `CONNECTION_LAYER_INVALID: layer ${layer}, served 225 to 232`,
        },
      ],
    });
  });

  it('is refused as such where its call has a number that no served layer knows', async () => {
    const client = await sandbox.connectRaw();
    const known = announcement(144, getState);
    known.writeUInt32LE(0x12345678, known.length - 4);
    expect((await answerTo(client, known)).object.errorMessage).toBe('CONNECTION_LAYER_INVALID');
    const served = announcement(229, getState);
    served.writeUInt32LE(0x12345678, served.length - 4);
    expect((await answerTo(client, served)).object.errorMessage).toBe('INPUT_METHOD_INVALID_305419896_0');
  });

  it('leaves the layer that was announced before as it was', async () => {
    const client = await sandbox.connectRaw();
    await answerTo(client, announcement(227, getState));
    await answerTo(client, announcement(300, getState));
    const { body } = await answerTo(client, bytesOf(getSelf));
    expectNumbers(body, 227, ['user']);
  });
});

describe('a key with which no layer was announced yet', () => {
  const key = randomBytes(256);
  const connect = () => sandbox.connectRaw({ key, salt: saltOf(key) });
  beforeEach(async () => {
    const dataDir = temporaryFolder();
    await writeFile(join(dataDir, 'auth-keys'), `${key.toString('hex')} ${defaultAccountId} 2\n`);
    sandbox = await startSandbox({ dataDir, takesParallelCalls: true });
  });

  it('carries no call until one is', async () => {
    const client = await connect();
    const { object } = await answerTo(client, bytesOf(getState));
    expect(object).toEqual({ _: 'rpcError', errorCode: 400, errorMessage: 'CONNECTION_NOT_INITED' });
    await answerTo(client, announcement(229, getState));
    expect((await answerTo(client, bytesOf(getState))).object._).toBe('updates.state');
  });

  it('keeps the layer for sessions that announce none, and over a restart', async () => {
    await answerTo(await connect(), announcement(227, getState));
    expectNumbers((await answerTo(await connect(), bytesOf(getSelf))).body, 227, ['user']);
    await sandbox.restart();
    expectNumbers((await answerTo(await connect(), bytesOf(getSelf))).body, 227, ['user']);
  });
});

it('a temporary key shares the layer of the key that it stands for', async () => {
  const storage = new MemoryStorage();
  const foreign = await foreignClient(sandbox, { storage, network: { usePfs: true } });
  await foreign.start();
  const key = Buffer.from(storage.authKeys.get(2)!);
  const client = await sandbox.connectRaw({ key, salt: saltOf(key) });
  const { body } = await answerTo(client, bytesOf(getSelf));
  expectNumbers(body, foreignLayer, ['user']);
});

const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: 0n };

/** A call as the first one of a client. */
function announcement(layer: number, query: TlObject, written = 229): Buffer {
  const words = { systemLangCode: 'en', langPack: '', langCode: 'en' };
  const device = { apiId: 1, deviceModel: 'raw', systemVersion: '1', appVersion: '1' };
  return bytesOf(
    { _: 'invokeWithLayer', layer, query: { _: 'initConnection', ...device, ...words, query } },
    written,
  );
}

/** The result of a call, unpacked, with its bytes; it must be read to its last byte. */
async function answerTo(client: RawClient, query: Buffer): Promise<{ object: TlObject; body: Buffer }> {
  const id = client.send(query);
  const { body } = await client.next((message) => answeredBy(message) === id);
  const reader = new TlReader(body, 12);
  const object = reader.tlObject();
  expect(reader.offset).toBe(body.length);
  return { object, body };
}

/** Checks that bytes hold each of the constructors under the number of the layer, and under no other. */
function expectNumbers(body: Buffer, layer: number, names: readonly string[]): void {
  for (const name of names) {
    const numbers = Object.values(layerNumbers[name]!);
    const found = numbers.filter((number) => body.includes(numberBytes(number)));
    expect([name, ...found]).toEqual([name, since(layerNumbers[name]!, layer)]);
  }
}

function since(numbers: Record<number, number>, layer: number): number {
  const newest = Object.keys(numbers).filter((first) => Number(first) <= layer);
  return numbers[Number(newest.at(-1))]!;
}

function numberBytes(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

function inputChannelIn({ chats }: TlObject): TlObject {
  const [{ id, accessHash }] = chats as [TlObject];
  return { _: 'inputChannel', channelId: id, accessHash };
}

function messageIdIn({ updates }: TlObject): number {
  return (updates as TlObject[]).find(({ _ }) => _ === 'updateMessageID')!.id as number;
}
