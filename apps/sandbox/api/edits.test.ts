import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, ONE_PIXEL_PNG, sendText, uploadAll } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

const bold = new Api.MessageEntityBold({ offset: 0, length: 4 });
const italic = new Api.MessageEntityItalic({ offset: 0, length: 4 });

let sandbox: TestSandbox;
let client: TestClient;
let peer: Api.TypeInputPeer;
let nextRandomId = 1;
beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    client = await sandbox.connect();
    peer = await demoPeer(client);
  }),
);

describe('an edit', () => {
  it('may change the formatting alone, and sets exactly what it gives', async () => {
    const id = await text('word', [bold]);
    expect(await edit(id, { message: 'word', entities: [italic] })).toMatchObject({ entities: [italic] });
    expect((await edit(id, { message: 'word' })).entities ?? []).toEqual([]);
    expect(await edit(id, { message: 'word', entities: [bold] })).toMatchObject({ entities: [bold] });
  });

  it('is refused where text, formatting and media stay as they are', async () => {
    const id = await text('word', [bold]);
    for (const fields of [{ message: 'word', entities: [bold] }, {}]) {
      await expect(edit(id, fields)).rejects.toMatchObject({ errorMessage: 'MESSAGE_NOT_MODIFIED' });
    }
  });

  it('is refused to whoever did not write the message, and for one that is empty or was never there', async () => {
    const { message_id } = await sandbox.post<{ message_id: number }>('/incoming', {
      chat_id: '-1003833950795',
      text: 'theirs',
    });
    const refusal = (errorMessage: string) => ({ errorMessage });
    const own = await text('own');
    await expect(edit(message_id, { message: 'x' })).rejects.toMatchObject(
      refusal('MESSAGE_AUTHOR_REQUIRED'),
    );
    await expect(edit(own, { message: ' \n' })).rejects.toMatchObject(refusal('MESSAGE_EMPTY'));
    await expect(edit(900_000, { message: 'x' })).rejects.toMatchObject(refusal('MESSAGE_ID_INVALID'));
  });

  it('replaces a photo by a document and keeps the caption, or gives it another', async () => {
    const id = await media(await photo(), 'caption');
    const changed = await edit(id, { media: await file('a.txt') });
    expect(changed).toMatchObject({ message: 'caption', media: { document: { mimeType: 'text/plain' } } });
    const again = await edit(id, { media: await photo(), message: 'another' });
    expect(again).toMatchObject({ message: 'another', media: { className: 'MessageMediaPhoto' } });
    const path = `/api/chats/-1003833950795/messages`;
    const { messages } = await sandbox.get<{ messages: { media?: { kind: string; url: string } }[] }>(path);
    const shown = messages.at(-1)?.media;
    expect(shown?.kind).toBe('photo');
    const served = await fetch(`http://127.0.0.1:${sandbox.httpPort}${shown?.url}`);
    expect(Buffer.from(await served.arrayBuffer()).equals(ONE_PIXEL_PNG)).toBe(true);
    expect(await edit(id, { message: '' })).toMatchObject({
      message: '',
      media: { className: 'MessageMediaPhoto' },
    });
  });

  it('adds media to a text', async () => {
    const id = await text('look');
    expect(await edit(id, { media: await photo() })).toMatchObject({ message: 'look', media: { photo: {} } });
  });

  it.each([
    ['MEDIA_NEW_INVALID', photo, contact],
    ['MEDIA_NEW_INVALID', photo, voice],
    ['MEDIA_PREV_INVALID', contact, photo],
    ['MEDIA_PREV_INVALID', voice, photo],
  ])('is refused with %s where the media cannot be replaced so', async (errorMessage, before, after) => {
    const id = await media(await before());
    await expect(edit(id, { media: await after() })).rejects.toMatchObject({ errorMessage });
  });

  it('keeps the items of an album within their kind', async () => {
    const multiMedia = await Promise.all(
      [await photo(), await photo()].map(async (uploaded) => {
        const { photo: kept } = await client.call<Api.MessageMediaPhoto>(
          new Api.messages.UploadMedia({ peer, media: uploaded }),
        );
        const { id, accessHash, fileReference } = kept as Api.Photo;
        const item = new Api.InputMediaPhoto({ id: new Api.InputPhoto({ id, accessHash, fileReference }) });
        return new Api.InputSingleMedia({ media: item, randomId: returnBigInt(nextRandomId++), message: '' });
      }),
    );
    const { updates } = await client.call<Api.Updates>(new Api.messages.SendMultiMedia({ peer, multiMedia }));
    const { id } = updates[0] as Api.UpdateMessageID;
    const refused = edit(id, { media: await file('a.txt') });
    await expect(refused).rejects.toMatchObject({ errorMessage: 'MEDIA_GROUPED_INVALID' });
    const changed = await edit(id, { media: await photo() });
    expect(changed.groupedId).not.toBeNull();
  });

  it('reaches a message that waits, and puts it to another time', async () => {
    const soon = Math.floor(Date.now() / 1000) + 3600;
    const send = sendText(peer, 'later', returnBigInt(nextRandomId++));
    send.scheduleDate = soon;
    const { updates } = await client.call<Api.Updates>(send);
    const { id } = updates[0] as Api.UpdateMessageID;
    const fields = { message: 'later!', entities: [bold], scheduleDate: soon + 60 };
    const answer = await client.call<Api.Updates>(new Api.messages.EditMessage({ peer, id, ...fields }));
    expect(answer.updates).toMatchObject([
      {
        className: 'UpdateNewScheduledMessage',
        message: { id, message: 'later!', entities: [bold], date: soon + 60 },
      },
    ]);
    await client.call(new Api.messages.DeleteScheduledMessages({ peer, id: [id] }));
  });

  it('is seen by a call that comes in one container with it', async () => {
    const id = await text('before');
    const page = { offsetId: id + 1, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0 };
    const history = new Api.messages.GetHistory({ peer, ...page, hash: returnBigInt(0) });
    const [, { messages }] = await Promise.all([
      edit(id, { message: 'after' }),
      client.call<Api.messages.ChannelMessages>(history),
    ]);
    expect(messages).toMatchObject([{ id, message: 'after' }]);
  });

  it('and a deletion reach the other account of a private chat', async () => {
    const phone = new Api.contacts.ResolvePhone({ phone: '9996640001' });
    const { users } = await client.call<Api.contacts.ResolvedPeer>(phone);
    const { id: userId, accessHash } = users[0] as Api.User;
    const other = new Api.InputPeerUser({ userId, accessHash: accessHash! });
    const { id } = await client.call<Api.UpdateShortSentMessage>(sendText(other, 'hello', returnBigInt(900)));
    await client.call(new Api.messages.EditMessage({ peer: other, id, message: 'hello!' }));
    const theirs = async () => {
      const path = `/api/chats/6200000001/messages?account=${String(userId)}`;
      const { messages } = await sandbox.get<{ messages: { text: string; deleted?: boolean }[] }>(path);
      return messages;
    };
    expect(await theirs()).toMatchObject([{ text: 'hello!' }]);
    await client.call(new Api.messages.DeleteMessages({ id: [id], revoke: true }));
    expect(await theirs()).toMatchObject([{ text: 'hello!', deleted: true }]);
  });
});

async function text(message: string, entities: Api.TypeMessageEntity[] = []): Promise<number> {
  const send = sendText(peer, message, returnBigInt(nextRandomId++));
  send.entities = entities;
  return idOf(await client.call(send));
}

async function media(input: Api.TypeInputMedia, message = ''): Promise<number> {
  const randomId = returnBigInt(nextRandomId++);
  return idOf(await client.call(new Api.messages.SendMedia({ peer, media: input, message, randomId })));
}

async function edit(id: number, fields: Record<string, unknown>): Promise<Api.Message> {
  const { updates } = await client.call<Api.Updates>(new Api.messages.EditMessage({ peer, id, ...fields }));
  return (updates[0] as Api.UpdateEditChannelMessage).message as Api.Message;
}

async function photo(): Promise<Api.TypeInputMedia> {
  return new Api.InputMediaUploadedPhoto({ file: await uploadAll(client, ONE_PIXEL_PNG, 'a.png') });
}

async function file(name: string, attributes: Api.TypeDocumentAttribute[] = []): Promise<Api.TypeInputMedia> {
  const uploaded = await uploadAll(client, Buffer.from('text'), name);
  return new Api.InputMediaUploadedDocument({ file: uploaded, mimeType: 'text/plain', attributes });
}

function voice(): Promise<Api.TypeInputMedia> {
  return file('voice.ogg', [new Api.DocumentAttributeAudio({ duration: 1, voice: true })]);
}

function contact(): Promise<Api.TypeInputMedia> {
  const fields = { phoneNumber: '9996620002', firstName: 'Lantern', lastName: '', vcard: '' };
  return Promise.resolve(new Api.InputMediaContact(fields));
}

function idOf({ updates }: Api.Updates): number {
  return (updates[0] as Api.UpdateMessageID).id;
}
