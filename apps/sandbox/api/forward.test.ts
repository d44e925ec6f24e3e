import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, ONE_PIXEL_PNG, peerFor, sendText, uploadAll } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

const self = { userId: returnBigInt(6_200_000_001n) };

let sandbox: TestSandbox;
let client: TestClient;
let demo: Api.InputPeerChannel;
let channel: Api.InputPeerChannel;
const group = new Api.InputPeerChat({ chatId: returnBigInt(4021) });
const saved = new Api.InputPeerSelf();
let nextRandomId = 1;
beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    client = await sandbox.connect();
    demo = (await demoPeer(client)) as Api.InputPeerChannel;
    const page = { offsetDate: 0, offsetId: 0, limit: 100, hash: returnBigInt(0) };
    const offsetPeer = new Api.InputPeerEmpty();
    const found = await client.call<Api.messages.Dialogs>(
      new Api.messages.GetDialogs({ ...page, offsetPeer }),
    );
    const post = (found.messages as Api.Message[]).find((message) => message.post)!;
    channel = peerFor(found, post.peerId) as Api.InputPeerChannel;
  }),
);

describe('a forwarded message', () => {
  it('names its author and date', async () => {
    const sent = await send(demo, 'pass it on');
    const [forwarded] = await forward(demo, group, [sent.id]);
    expect(forwarded).toMatchObject({ message: 'pass it on', fwdFrom: { fromId: self, date: sent.date } });
  });

  it('keeps its first source, and says in Saved Messages which chat it was in', async () => {
    const sent = await send(channel, 'a post');
    const [first] = await forward(channel, group, [sent.id]);
    const source = { fromId: { channelId: channel.channelId }, channelPost: sent.id };
    expect(first).toMatchObject({ fwdFrom: source });
    const [second] = await forward(group, saved, [first!.id]);
    const place = { savedFromPeer: { chatId: group.chatId }, savedFromMsgId: first!.id };
    expect(second).toMatchObject({
      out: false,
      savedPeerId: place.savedFromPeer,
      fwdFrom: { ...source, ...place },
    });
    const [direct] = await forward(channel, saved, [sent.id]);
    expect(direct).toMatchObject({ fwdFrom: { ...source, savedFromMsgId: sent.id } });
  });

  it('has the text, the formatting and the media of the last edit', async () => {
    const { id } = await send(demo, 'before the edit', [
      new Api.MessageEntityBold({ offset: 0, length: 15 }),
    ]);
    const entities = [new Api.MessageEntityItalic({ offset: 0, length: 5 })];
    const media = new Api.InputMediaUploadedPhoto({ file: await uploadAll(client, ONE_PIXEL_PNG, 'a.png') });
    await client.call(new Api.messages.EditMessage({ peer: demo, id, message: 'after', entities, media }));
    const [forwarded] = await forward(demo, group, [id]);
    expect(forwarded).toMatchObject({
      message: 'after',
      entities,
      media: { className: 'MessageMediaPhoto' },
    });
    expect(forwarded!.editDate).toBeNull();
  });

  it('loses its author and its caption where that is asked for', async () => {
    const media = new Api.InputMediaUploadedPhoto({ file: await uploadAll(client, ONE_PIXEL_PNG, 'a.png') });
    const request = new Api.messages.SendMedia({ peer: demo, media, message: 'caption', randomId: random() });
    const { updates } = await client.call<Api.Updates>(request);
    const { id } = updates[0] as Api.UpdateMessageID;
    const [bare] = await forward(demo, group, [id], { dropAuthor: true });
    expect([bare!.fwdFrom, bare!.message]).toEqual([null, 'caption']);
    const [silent] = await forward(demo, group, [id], { dropAuthor: true, dropMediaCaptions: true });
    expect([silent!.fwdFrom, silent!.message]).toEqual([null, '']);
  });

  it('can be put off, and keeps its source', async () => {
    const sent = await send(demo, 'for later');
    const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
    const [waiting] = await forward(demo, group, [sent.id], { scheduleDate });
    expect(waiting).toMatchObject({ date: scheduleDate, fwdFrom: { fromId: self } });
    expect(await sandbox.get('/scheduled')).toMatchObject([{ text: 'for later' }]);
  });
});

it('an album stays one, apart from the one that it was forwarded from', async () => {
  const multiMedia = await Promise.all(['a.png', 'b.png'].map((name) => item(name)));
  const { updates } = await client.call<Api.Updates>(
    new Api.messages.SendMultiMedia({ peer: demo, multiMedia }),
  );
  const sent = messagesOf(updates);
  const forwarded = await forward(
    demo,
    group,
    sent.map(({ id }) => id),
  );
  const groups = [...sent, ...forwarded].map(({ groupedId }) => String(groupedId));
  expect(new Set(groups).size).toBe(2);
  expect(groups[2]).toBe(groups[3]);
});

it('a service message and a deleted one cannot be forwarded', async () => {
  const { id } = await send(demo, 'gone');
  await client.call(new Api.channels.DeleteMessages({ channel: new Api.InputChannel(demo), id: [id] }));
  await expect(forward(demo, group, [id])).rejects.toMatchObject({ errorMessage: 'MESSAGE_ID_INVALID' });
});

async function send(
  peer: Api.TypeInputPeer,
  message: string,
  entities: Api.TypeMessageEntity[] = [],
): Promise<Api.Message> {
  const request = sendText(peer, message, random());
  request.entities = entities;
  return messagesOf((await client.call<Api.Updates>(request)).updates)[0]!;
}

async function forward(
  fromPeer: Api.TypeInputPeer,
  toPeer: Api.TypeInputPeer,
  id: number[],
  fields: Record<string, unknown> = {},
): Promise<Api.Message[]> {
  const randomId = id.map(random);
  const request = new Api.messages.ForwardMessages({ fromPeer, toPeer, id, randomId, ...fields });
  return messagesOf((await client.call<Api.Updates>(request)).updates);
}

function messagesOf(updates: Api.TypeUpdate[]): Api.Message[] {
  return updates.flatMap((update) => ('message' in update ? [update.message as Api.Message] : []));
}

async function item(name: string): Promise<Api.InputSingleMedia> {
  const media = new Api.InputMediaUploadedPhoto({ file: await uploadAll(client, ONE_PIXEL_PNG, name) });
  const kept = await client.call<Api.MessageMediaPhoto>(new Api.messages.UploadMedia({ peer: demo, media }));
  const { id, accessHash, fileReference } = kept.photo as Api.Photo;
  const photo = new Api.InputMediaPhoto({ id: new Api.InputPhoto({ id, accessHash, fileReference }) });
  return new Api.InputSingleMedia({ media: photo, randomId: random(), message: '' });
}

function random() {
  return returnBigInt(nextRandomId++);
}
