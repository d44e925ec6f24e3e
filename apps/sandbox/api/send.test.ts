import { createHash, randomBytes } from 'node:crypto';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer, ONE_PIXEL_PNG, sendText, uploadAll } from '../../testkit/requests.ts';

const oslo = new Api.InputGeoPoint({ lat: 59.9, long: 10.7 });
const geo = (lat: number, long: number) =>
  new Api.InputMediaGeoPoint({ geoPoint: new Api.InputGeoPoint({ lat, long }) });
const contact = { phoneNumber: '9996620002', firstName: 'Lantern', lastName: '' };
const venue = { title: 'Harbour', address: 'Pier 1', provider: '', venueId: '', venueType: '' };

let sandbox: TestSandbox;
let client: TestClient;
let peer: Api.TypeInputPeer;
let nextRandomId = 100;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
  peer = await demoPeer(client);
});
afterEach(() => sandbox.dispose());

describe('a scheduled message', () => {
  const inOneHour = () => Math.floor(Date.now() / 1000) + 3600;

  it('waits, is answered again with the same random_id, and can be deleted', async () => {
    const text = sendText(peer, 'later', returnBigInt(5));
    text.scheduleDate = inOneHour();
    const { updates } = await client.call<Api.Updates>(text);
    expect(updates.map(({ className }) => className)).toEqual([
      'UpdateMessageID',
      'UpdateNewScheduledMessage',
    ]);
    expect((await client.call<Api.Updates>(text)).updates[0]).toEqual(updates[0]);
    expect((await sandbox.report()).delivered).toEqual([]);
    const { id } = updates[0] as Api.UpdateMessageID;
    await client.call(new Api.messages.DeleteScheduledMessages({ peer, id: [id] }));
    expect(await sandbox.get('/scheduled')).toEqual([]);
  });

  it('is refused more than a year ahead', async () => {
    const text = sendText(peer, 'much later');
    text.scheduleDate = inOneHour() + 400 * 86_400;
    await expect(client.call(text)).rejects.toMatchObject({ errorMessage: 'SCHEDULE_DATE_TOO_LATE' });
  });
});

describe('media', () => {
  it('keeps its kind, attributes, thumbnail and spoiler, and can be fetched', async () => {
    const content = randomBytes(700_000);
    const media = new Api.InputMediaUploadedDocument({
      spoiler: true,
      file: await uploadAll(client, content, 'clip.mp4'),
      thumb: await uploadAll(client, ONE_PIXEL_PNG, 'thumb.png'),
      mimeType: 'video/mp4',
      attributes: [new Api.DocumentAttributeVideo({ duration: 7, w: 320, h: 240 })],
    });
    const send = new Api.messages.SendMedia({ peer, media, message: 'clip', randomId: returnBigInt(1) });
    const { updates } = await client.call<Api.Updates>(send);
    const { message } = updates[1] as Api.UpdateNewChannelMessage & { message: Api.Message };
    const sent = message.media as Api.MessageMediaDocument;
    expect([sent.spoiler, sent.video]).toEqual([true, true]);
    const document = sent.document as Api.Document;
    const fetchFile = async (thumbSize: string) => {
      const { id, accessHash, fileReference } = document;
      const location = new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize });
      const request = new Api.upload.GetFile({ location, offset: returnBigInt(0), limit: 1024 * 1024 });
      return (await client.call<Api.upload.File>(request)).bytes;
    };
    expect(sha256(await fetchFile(''))).toBe(sha256(content));
    expect(sha256(await fetchFile('m'))).toBe(sha256(ONE_PIXEL_PNG));
    expect((await sandbox.report()).delivered[0]?.media).toMatchObject({
      kind: 'video',
      size: content.length,
    });
  });

  it.each([
    ['MessageMediaContact', new Api.InputMediaContact({ ...contact, vcard: '' })],
    ['MessageMediaGeo', new Api.InputMediaGeoPoint({ geoPoint: oslo })],
    ['MessageMediaGeoLive', new Api.InputMediaGeoLive({ geoPoint: oslo, period: 60 })],
    ['MessageMediaVenue', new Api.InputMediaVenue({ geoPoint: oslo, ...venue })],
    ['MessageMediaDice', new Api.InputMediaDice({ emoticon: '🎯' })],
    ['MessageMediaWebPage', new Api.InputMediaWebPage({ url: 'https://example.org/' })],
  ])('may be no file: %s', async (className, media) => {
    const { updates } = await client.call<Api.Updates>(
      new Api.messages.SendMedia({ peer, media, message: '', randomId: returnBigInt(1) }),
    );
    expect(updates[1]).toMatchObject({ message: { media: { className } } });
    const { delivered } = await sandbox.report();
    expect(delivered[0]?.media?.kind).toBe(className.replace('MessageMedia', '').toLowerCase());
  });

  it.each([
    ['WEBPAGE_CURL_FAILED', new Api.InputMediaPhotoExternal({ url: 'https://example.org/a.png' })],
    ['EXTERNAL_URL_INVALID', new Api.InputMediaDocumentExternal({ url: 'no address' })],
    ['GEO_POINT_INVALID', new Api.InputMediaGeoPoint({ geoPoint: new Api.InputGeoPointEmpty() })],
    ['GEO_POINT_INVALID', geo(90.1, 0)],
    ['GEO_POINT_INVALID', geo(0, -180.1)],
    ['EMOTICON_INVALID', new Api.InputMediaDice({ emoticon: '🍕' })],
    ['MEDIA_EMPTY', new Api.InputMediaEmpty()],
    ['MEDIA_EMPTY', new Api.InputMediaPhoto({ id: new Api.InputPhotoEmpty() })],
    ['MEDIA_EMPTY', new Api.InputMediaDocument({ id: unknownDocument() })],
  ])('is refused with %s where it cannot be', async (errorMessage, media) => {
    const send = new Api.messages.SendMedia({ peer, media, message: '', randomId: returnBigInt(1) });
    await expect(client.call(send)).rejects.toMatchObject({ errorMessage });
  });
});

it.each([
  [0, 0],
  [-1, 2],
  [3, 3],
])('a text whose entity begins at %i and is %i long is refused', async (offset, length) => {
  const text = sendText(peer, 'bold!');
  text.entities = [new Api.MessageEntityBold({ offset, length })];
  await expect(client.call(text)).rejects.toMatchObject({ errorMessage: 'ENTITY_BOUNDS_INVALID' });
});

it('a small file is checked by its checksum, where the client gives one', async () => {
  const send = async (md5Checksum: string) => {
    const bytes = Buffer.from('small');
    const fileId = returnBigInt(nextRandomId++);
    await client.call(new Api.upload.SaveFilePart({ fileId, filePart: 0, bytes }));
    const file = new Api.InputFile({ id: fileId, parts: 1, name: 'small.txt', md5Checksum });
    const media = new Api.InputMediaUploadedDocument({ file, mimeType: 'text/plain', attributes: [] });
    return client.call(new Api.messages.SendMedia({ peer, media, message: '', randomId: fileId }));
  };
  await send(createHash('md5').update('small').digest('hex'));
  await send('');
  await expect(send('0'.repeat(32))).rejects.toMatchObject({ errorMessage: 'MD5_CHECKSUM_INVALID' });
});

it('a basic chat that became a supergroup takes no messages, and says where it went', async () => {
  const chatId = returnBigInt(4077);
  const { chats } = await client.call<Api.messages.Chats>(new Api.messages.GetChats({ id: [chatId] }));
  expect(chats[0]).toMatchObject({ deactivated: true, migratedTo: { className: 'InputChannel' } });
  const old = new Api.InputPeerChat({ chatId });
  await expect(client.call(sendText(old, 'x'))).rejects.toMatchObject({ errorMessage: 'PEER_ID_INVALID' });
});

it('what a client missed is told by the differences, unless they are made to fail', async () => {
  const { pts } = await client.call<Api.updates.State>(new Api.updates.GetState());
  await sandbox.post('/incoming', { chat_id: '777000', text: 'missed' });
  const difference = new Api.updates.GetDifference({ pts, date: 0, qts: 0 });
  expect(await client.call(difference)).toMatchObject({ newMessages: [{ message: 'missed' }] });
  await sandbox.post('/faults', [
    { method: 'updates.getDifference', error: 'PERSISTENT_TIMESTAMP_OUTDATED' },
  ]);
  await expect(client.call(difference)).rejects.toMatchObject({
    errorMessage: 'PERSISTENT_TIMESTAMP_OUTDATED',
  });
});

it('a message can be edited and deleted, and the history follows', async () => {
  const { updates } = await client.call<Api.Updates>(sendText(peer, 'first'));
  const { id } = updates[0] as Api.UpdateMessageID;
  await client.call(new Api.messages.EditMessage({ peer, id, message: 'second' }));
  const history = async () => {
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0 };
    const request = new Api.messages.GetHistory({ peer, ...page, hash: returnBigInt(0) });
    return (await client.call<Api.messages.ChannelMessages>(request)).messages[0] as Api.Message;
  };
  expect((await history()).message).toBe('second');
  const { channelId, accessHash } = peer as Api.InputPeerChannel;
  const channel = new Api.InputChannel({ channelId, accessHash });
  await client.call(new Api.channels.DeleteMessages({ channel, id: [id] }));
  expect((await history()).message).not.toBe('second');
});

it('messages are forwarded once', async () => {
  const { updates } = await client.call<Api.Updates>(sendText(peer, 'pass it on'));
  const forward = new Api.messages.ForwardMessages({
    fromPeer: peer,
    toPeer: new Api.InputPeerSelf(),
    id: [(updates[0] as Api.UpdateMessageID).id],
    randomId: [returnBigInt(3)],
  });
  const first = await client.call<Api.Updates>(forward);
  expect((await client.call<Api.Updates>(forward)).updates[0]).toEqual(first.updates[0]);
  const { delivered, duplicates } = await sandbox.report();
  expect([delivered.map(({ text }) => text), duplicates]).toEqual([['pass it on', 'pass it on'], 1]);
});

it('one account of the sandbox can write to another by phone', async () => {
  const request = new Api.contacts.ResolvePhone({ phone: '9996620002' });
  const { users } = await client.call<Api.contacts.ResolvedPeer>(request);
  const { id, accessHash } = users[0] as Api.User;
  await client.call(sendText(new Api.InputPeerUser({ userId: id, accessHash: accessHash! }), 'hello'));
  expect((await sandbox.report()).delivered).toMatchObject([{ chat_id: String(id), text: 'hello' }]);
  const nobody = new Api.contacts.ResolvePhone({ phone: '9996699999' });
  await expect(client.call(nobody)).rejects.toMatchObject({ errorMessage: 'PHONE_NOT_OCCUPIED' });
});

function unknownDocument(): Api.InputDocument {
  const [id, accessHash] = [returnBigInt(5), returnBigInt(5)];
  return new Api.InputDocument({ id, accessHash, fileReference: Buffer.alloc(8) });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
