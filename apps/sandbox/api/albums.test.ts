import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer, ONE_PIXEL_PNG, uploadAll } from '../../testkit/requests.ts';

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

describe('an album', () => {
  it('has a pair and a message for each item, one group, and sends once', async () => {
    const items = [await item(1), await item(2), await item(3)];
    const send = () => client.call<Api.Updates>(new Api.messages.SendMultiMedia({ peer, multiMedia: items }));
    const { updates } = await send();
    const pairs = updates.filter((update) => update instanceof Api.UpdateMessageID);
    const messages = updates.filter((update) => update instanceof Api.UpdateNewChannelMessage);
    expect(pairs.map(({ randomId }) => String(randomId))).toEqual(['1', '2', '3']);
    expect(messages.map(({ message }) => message.id)).toEqual(pairs.map(({ id }) => id));
    const groups = messages.map(({ message }) => String((message as Api.Message).groupedId));
    expect(new Set(groups).size).toBe(1);
    const again = await send();
    expect(again.updates.slice(0, 3)).toEqual(updates.slice(0, 3));
    const report = await sandbox.report();
    expect([report.delivered.length, report.duplicates]).toEqual([3, 3]);
  });

  it('is delivered whole, though its answer leaves out the item that a fault names', async () => {
    const items = [await item(1), await item(2), await item(3)];
    await sandbox.post('/faults', [{ omit_item: 2, times: 1 }]);
    const send = () => client.call<Api.Updates>(new Api.messages.SendMultiMedia({ peer, multiMedia: items }));
    const { updates } = await send();
    const named = updates.filter((update) => update instanceof Api.UpdateMessageID);
    expect(named.map(({ randomId }) => String(randomId))).toEqual(['1', '3']);
    expect(updates.filter((update) => update instanceof Api.UpdateNewChannelMessage)).toHaveLength(2);
    expect((await sandbox.report()).delivered_total).toBe(3);
    const again = (await send()).updates.filter((update) => update instanceof Api.UpdateMessageID);
    expect(again).toHaveLength(3);
  });

  it('of which a part was sent before is sent as far as it was not', async () => {
    const [first, second] = [await item(51), await item(52)];
    const send = (multiMedia: Api.InputSingleMedia[]) =>
      client.call<Api.Updates>(new Api.messages.SendMultiMedia({ peer, multiMedia }));
    const { updates } = await send([first]);
    const both = await send([first, second]);
    expect(both.updates[0]).toEqual(updates[0]);
    const { delivered, duplicates } = await sandbox.report();
    expect([delivered.map(({ random_id }) => random_id), duplicates]).toEqual([['51', '52'], 1]);
  });

  it('is refused where an item was not uploaded before, where there are eleven, and where there is none', async () => {
    const file = await uploadAll(client, ONE_PIXEL_PNG, 'dot.png');
    const media = new Api.InputMediaUploadedPhoto({ file });
    await expect(sendAlbum([media])).rejects.toMatchObject({ errorMessage: 'MEDIA_INVALID' });
    const { media: one } = await item(20);
    const eleven = Array.from({ length: 11 }, () => one);
    await expect(sendAlbum(eleven)).rejects.toMatchObject({ errorMessage: 'MULTI_MEDIA_TOO_LONG' });
    await expect(sendAlbum([])).rejects.toMatchObject({ errorMessage: 'MEDIA_EMPTY' });
  });

  it('may be of one item, and takes photos with videos, documents alone and music alone', async () => {
    const [photo, video, document, music] = await oneOfEach();
    for (const album of [[photo], [photo, video], [document, document], [music, music]]) {
      const { updates } = await sendAlbum(album);
      expect(updates).toHaveLength(album.length * 2);
    }
    const voice = await stored('audio/ogg', new Api.DocumentAttributeAudio({ duration: 1, voice: true }));
    const place = new Api.InputMediaGeoPoint({ geoPoint: new Api.InputGeoPoint({ lat: 1, long: 1 }) });
    for (const album of [
      [photo, document],
      [document, music],
      [video, music],
      [voice, voice],
      [photo, place],
    ]) {
      await expect(sendAlbum(album)).rejects.toMatchObject({ errorMessage: 'MEDIA_INVALID' });
    }
  });
});

/** An album's item: a photo that was uploaded before. */
async function item(randomId: number): Promise<Api.InputSingleMedia> {
  const file = await uploadAll(client, ONE_PIXEL_PNG, `${randomId}.png`);
  const upload = new Api.messages.UploadMedia({ peer, media: new Api.InputMediaUploadedPhoto({ file }) });
  const { photo } = await client.call<Api.MessageMediaPhoto>(upload);
  const { id, accessHash, fileReference } = photo as Api.Photo;
  const media = new Api.InputMediaPhoto({ id: new Api.InputPhoto({ id, accessHash, fileReference }) });
  return new Api.InputSingleMedia({ media, message: '', randomId: returnBigInt(randomId) });
}

/** Sends media as an album with fresh random ids. */
function sendAlbum(all: readonly Api.TypeInputMedia[]): Promise<Api.Updates> {
  const multiMedia = all.map((media) => {
    return new Api.InputSingleMedia({ media, message: '', randomId: returnBigInt(nextRandomId++) });
  });
  return client.call<Api.Updates>(new Api.messages.SendMultiMedia({ peer, multiMedia }));
}

/** A photo, a video, a document and a piece of music that were uploaded before. */
async function oneOfEach() {
  const { media: photo } = await item(1);
  const video = await stored('video/mp4', new Api.DocumentAttributeVideo({ duration: 1, w: 1, h: 1 }));
  const document = await stored('text/plain', new Api.DocumentAttributeFilename({ fileName: 'a.txt' }));
  const music = await stored('audio/mpeg', new Api.DocumentAttributeAudio({ duration: 1 }));
  return [photo, video, document, music] as const;
}

/** A document that was uploaded before. */
async function stored(mimeType: string, attribute: Api.TypeDocumentAttribute): Promise<Api.TypeInputMedia> {
  const file = await uploadAll(client, Buffer.from(mimeType), 'file');
  const media = new Api.InputMediaUploadedDocument({ file, mimeType, attributes: [attribute] });
  const upload = new Api.messages.UploadMedia({ peer, media });
  const { document } = await client.call<Api.MessageMediaDocument>(upload);
  const { id, accessHash, fileReference } = document as Api.Document;
  return new Api.InputMediaDocument({ id: new Api.InputDocument({ id, accessHash, fileReference }) });
}
