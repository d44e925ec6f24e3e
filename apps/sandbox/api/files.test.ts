import { createHash, randomBytes } from 'node:crypto';
import type { TelegramClient } from '@mtcute/node';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { foreignClient } from '../../testkit/mtcute.ts';
import { answeredBy } from '../../testkit/raw-client.ts';
import { ONE_PIXEL_PNG, uploadAll } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { until } from '../../testkit/until.ts';
import { shared } from '../../testkit/when-done.ts';
import { saltOf } from '../mtproto/salts.ts';

const kb = 1024;
const mb = 1024 * kb;
const phones = { 1: '9996610001', 2: '9996620001', 4: '9996640001' } as const;
type Dc = keyof typeof phones;

it.each([
  [4, 2],
  [1, 2],
  [2, 4],
  [1, 4],
  [2, 1],
  [4, 1],
] as [Dc, Dc][])(
  'a file that was uploaded in data centre %i is fetched from there in %i',
  async (from, to) => {
    const sandbox = await startSandbox({ signIn: 'required' });
    const [sender, reader] = await Promise.all([signedIn(sandbox, from), signedIn(sandbox, to)]);
    const content = randomBytes(200_000);
    await sender.sendMedia(await sender.resolvePhoneNumber(phones[to]), {
      type: 'document',
      file: content,
      fileName: 'chart.bin',
    });
    const { id } = await sender.getMe();
    const { media } = await until('the message is there', async () => {
      await reader.findDialogs([id]);
      return (await reader.getHistory(id, { limit: 1 }))[0];
    });
    if (media?.type !== 'document') throw new Error(`the message has ${media?.type ?? 'no media'}`);
    expect(media.raw.dcId).toBe(from);
    expect(Buffer.from(await reader.downloadAsBuffer(media)).equals(content)).toBe(true);
    const sessions = await sandbox.get<{ phone: string; dc: number }[]>('/sessions');
    expect(sessions).toContainEqual(expect.objectContaining({ phone: phones[to], dc: from }));
  },
);

describe('upload.getFile refuses', () => {
  let client: TestClient;
  let document: Api.Document;
  beforeAll(
    shared(async (whenDone) => {
      client = await (await startSandbox({}, whenDone)).connect();
      document = await sendDocument(client, Buffer.alloc(mb + 100, 'x'));
    }),
  );

  it.each([
    ['an offset that 4 KB do not divide', { offset: 1 }, 'OFFSET_INVALID'],
    ['an offset below 0', { offset: -4 * kb }, 'OFFSET_INVALID'],
    ['a precise offset that 1 KB does not divide', { offset: 512, precise: true }, 'OFFSET_INVALID'],
    ['a limit that 4 KB do not divide', { limit: 1000 }, 'LIMIT_INVALID'],
    ['a limit that does not divide 1 MB', { limit: 12 * kb }, 'LIMIT_INVALID'],
    ['no limit', { limit: 0 }, 'LIMIT_INVALID'],
    ['more than 1 MB', { limit: 2 * mb }, 'LIMIT_INVALID'],
    ['a precise limit that 1 KB does not divide', { limit: 1000, precise: true }, 'LIMIT_INVALID'],
    ['a part that lies in two MB', { offset: mb - 4 * kb, limit: 8 * kb }, 'LIMIT_INVALID'],
    [
      'a precise part that lies in two MB',
      { offset: mb - kb, limit: 2 * kb, precise: true },
      'LIMIT_INVALID',
    ],
    ['an empty reference', { fileReference: Buffer.alloc(0) }, 'FILE_REFERENCE_EMPTY'],
    ['another reference', { fileReference: Buffer.from('another') }, 'FILE_REFERENCE_INVALID'],
    ['an unknown id', { id: returnBigInt(1) }, 'FILE_ID_INVALID'],
    ['another access hash', { accessHash: returnBigInt(1) }, 'FILE_ID_INVALID'],
    ['a size that is not listed', { thumbSize: 'y' }, 'LOCATION_INVALID'],
  ])('%s', async (_, change, error) => {
    await expect(client.call(getFile(document, change))).rejects.toMatchObject({ errorMessage: error });
  });
});

describe('upload.getFile', () => {
  it('answers a part, the last one short, and nothing beyond the end', async () => {
    const content = randomBytes(mb + 5000);
    const { client, document } = await withDocument(content);
    const part = async (change: Change) =>
      (await client.call<Api.upload.File>(getFile(document, change))).bytes;
    expect((await part({ offset: 0, limit: mb })).equals(content.subarray(0, mb))).toBe(true);
    expect((await part({ offset: mb, limit: 8 * kb })).equals(content.subarray(mb))).toBe(true);
    expect(
      (await part({ offset: 5 * kb, limit: 3 * kb, precise: true })).equals(content.subarray(5 * kb, 8 * kb)),
    ).toBe(true);
    expect(await part({ offset: 2 * mb, limit: 4 * kb })).toHaveLength(0);
  });

  it('answers a photo by the size that it lists, and the picture of a document by its own', async () => {
    const sandbox = await startSandbox();
    const client = await sandbox.connect();
    const file = await uploadAll(client, ONE_PIXEL_PNG, 'dot.png');
    const sent = await send(client, new Api.InputMediaUploadedPhoto({ file }));
    const { photo } = sent as Api.MessageMediaPhoto & { photo: Api.Photo };
    const read = async (location: Api.TypeInputFileLocation) => {
      const request = new Api.upload.GetFile({ location, offset: returnBigInt(0), limit: 4 * kb });
      return (await client.call<Api.upload.File>(request)).bytes;
    };
    for (const { type } of photo.sizes as Api.PhotoSize[]) {
      const { id, accessHash, fileReference } = photo;
      const location = new Api.InputPhotoFileLocation({ id, accessHash, fileReference, thumbSize: type });
      expect((await read(location)).equals(ONE_PIXEL_PNG)).toBe(true);
    }
    const thumb = await uploadAll(client, ONE_PIXEL_PNG, 'poster.png');
    const document = await sendDocument(client, Buffer.from('a film'), thumb);
    expect((await read(locationOf(document, {}))).toString()).toBe('a film');
    for (const { type } of document.thumbs as Api.PhotoSize[]) {
      expect((await read(locationOf(document, { thumbSize: type }))).equals(ONE_PIXEL_PNG)).toBe(true);
    }
  });

  it('sends a client to the data centre where the file lives', async () => {
    const { sandbox, client, document } = await withDocument(Buffer.from('at home'));
    const exported = await client.call<Api.auth.ExportedAuthorization>(
      new Api.auth.ExportAuthorization({ dcId: 4 }),
    );
    const elsewhere = await sandbox.connectSecond();
    await elsewhere.call(new Api.auth.ImportAuthorization({ ...exported }));
    const key = elsewhere.session.getAuthKey(2)!.getKey()!;
    const raw = await sandbox.connectRaw({ port: sandbox.secondPort, key, salt: saltOf(key) });
    const asked = raw.send(getFile(document, {}).getBytes());
    const { object } = await raw.next((message) => answeredBy(message) === asked);
    expect(object).toMatchObject({ _: 'rpcError', errorCode: 303, errorMessage: 'FILE_MIGRATE_2' });
  });
});

it('upload.getFileHashes covers the file in parts of 128 KB', async () => {
  const content = randomBytes(300 * kb);
  const { client, document } = await withDocument(content);
  const location = locationOf(document, {});
  const hashesFrom = (offset: number) =>
    client.call<Api.FileHash[]>(new Api.upload.GetFileHashes({ location, offset: returnBigInt(offset) }));
  const hashes = await hashesFrom(0);
  expect(hashes.map(({ offset, limit }) => [Number(offset), limit])).toEqual([
    [0, 128 * kb],
    [128 * kb, 128 * kb],
    [256 * kb, 44 * kb],
  ]);
  for (const { offset, limit, hash } of hashes) {
    const part = content.subarray(Number(offset), Number(offset) + limit);
    expect(hash).toEqual(createHash('sha256').update(part).digest());
  }
  expect(await hashesFrom(130 * kb)).toEqual(hashes.slice(1));
});

it('files of the web and of CDNs are refused', async () => {
  const client = await (await startSandbox()).connect();
  const location = new Api.InputWebFileLocation({ url: 'https://example.com', accessHash: returnBigInt(1) });
  const fileToken = Buffer.from('token');
  const offset = returnBigInt(0);
  for (const [request, error] of [
    [new Api.upload.GetWebFile({ location, offset: 0, limit: 4096 }), 'LOCATION_INVALID'],
    [new Api.upload.GetCdnFile({ fileToken, offset, limit: 4096 }), 'FILE_TOKEN_INVALID'],
    [new Api.upload.GetCdnFileHashes({ fileToken, offset }), 'FILE_TOKEN_INVALID'],
    [new Api.upload.ReuploadCdnFile({ fileToken, requestToken: fileToken }), 'FILE_TOKEN_INVALID'],
  ] as const) {
    await expect(client.call(request)).rejects.toMatchObject({ errorMessage: error });
  }
});

it('a file without its reference cannot be sent again', async () => {
  const { client, document } = await withDocument(Buffer.from('once'));
  const { id, accessHash } = document;
  const again = (fileReference: Buffer) =>
    send(
      client,
      new Api.InputMediaDocument({ id: new Api.InputDocument({ id, accessHash, fileReference }) }),
    );
  await expect(again(Buffer.alloc(0))).rejects.toMatchObject({ errorMessage: 'FILE_REFERENCE_EMPTY' });
  await expect(again(Buffer.from(document.fileReference))).resolves.toMatchObject({ document: { id } });
});

interface Change {
  id?: Api.long;
  accessHash?: Api.long;
  fileReference?: Buffer;
  thumbSize?: string;
  offset?: number;
  limit?: number;
  precise?: boolean;
}

function locationOf(document: Api.Document, change: Change): Api.InputDocumentFileLocation {
  const { id, accessHash, fileReference } = document;
  const { thumbSize = '' } = change;
  return new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize, ...change });
}

function getFile(document: Api.Document, change: Change): Api.upload.GetFile {
  const { offset = 0, limit = 4 * kb, precise } = change;
  const location = locationOf(document, change);
  return new Api.upload.GetFile({ location, offset: returnBigInt(offset), limit, precise });
}

async function withDocument(
  content: Buffer,
): Promise<{ sandbox: TestSandbox; client: TestClient; document: Api.Document }> {
  const sandbox = await startSandbox();
  const client = await sandbox.connect();
  return { sandbox, client, document: await sendDocument(client, content) };
}

async function sendDocument(
  client: TestClient,
  content: Buffer,
  thumb?: Api.TypeInputFile,
): Promise<Api.Document> {
  const file = await uploadAll(client, content, 'file.bin');
  const media = new Api.InputMediaUploadedDocument({ file, thumb, mimeType: 'x/y', attributes: [] });
  return ((await send(client, media)) as Api.MessageMediaDocument).document as Api.Document;
}

let lastRandomId = 0;

/** Sends media to Saved Messages and returns it as the message has it. */
async function send(client: TestClient, media: Api.TypeInputMedia): Promise<Api.TypeMessageMedia> {
  const randomId = returnBigInt(++lastRandomId);
  const request = new Api.messages.SendMedia({ peer: new Api.InputPeerSelf(), media, message: '', randomId });
  const { updates } = await client.call<Api.Updates>(request);
  return (updates[1] as Api.UpdateNewMessage & { message: Api.Message }).message.media!;
}

async function signedIn(sandbox: TestSandbox, dc: Dc): Promise<TelegramClient> {
  const client = await foreignClient(sandbox);
  const phone = phones[dc];
  const newestCode = async () =>
    (await sandbox.get<{ phone: string; code: string }[]>('/codes')).findLast((sent) => sent.phone === phone)!
      .code;
  await client.start({ phone, code: newestCode, codeSentCallback: () => {} });
  return client;
}
