import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeEach, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { updatesTo, type Heard } from '../../testkit/updates.ts';
import { hashOfNumbers } from './tl-hash.ts';

let client: TestClient;
let heard: Heard;
let peer: Api.InputPeerChannel;
let person: Api.InputPeerUser;
beforeEach(async () => {
  const sandbox = await startSandbox();
  client = await sandbox.connect();
  heard = await updatesTo(await sandbox.connect());
  peer = (await demoPeer(client)) as Api.InputPeerChannel;
  const request = new Api.contacts.GetContacts({ hash: returnBigInt(0) });
  const { users } = await client.call<Api.contacts.Contacts>(request);
  const { id, accessHash } = users[0] as Api.User;
  person = new Api.InputPeerUser({ userId: id, accessHash: accessHash! });
});

it('a blocked user is listed as such, and in full', async () => {
  const blocked = () =>
    client.call<Api.contacts.Blocked>(new Api.contacts.GetBlocked({ offset: 0, limit: 10 }));
  const full = async () => {
    const request = new Api.users.GetFullUser({ id: new Api.InputUser(person) });
    return (await client.call<Api.users.UserFull>(request)).fullUser;
  };
  await client.call(new Api.contacts.Block({ id: person }));
  expect((await blocked()).blocked).toHaveLength(1);
  expect(await full()).toMatchObject({ blocked: true });
  expect(await heard.next('UpdatePeerBlocked')).toMatchObject({ blocked: true });
  await client.call(new Api.contacts.Unblock({ id: person }));
  expect((await blocked()).blocked).toEqual([]);
  expect((await full()).commonChatsCount).toBeGreaterThan(1);
});

it('contacts that the client holds already are not sent again', async () => {
  const ask = (hash: bigint) =>
    client.call<Api.contacts.Contacts>(new Api.contacts.GetContacts({ hash: returnBigInt(hash) }));
  const { contacts } = await ask(0n);
  const ids = contacts.map(({ userId }) => BigInt(String(userId))).sort((a, b) => (a < b ? -1 : 1));
  expect((await ask(hashOfNumbers([0, ...ids]))).className).toBe('contacts.ContactsNotModified');
});

it('common chats come page by page', async () => {
  const page = (maxId: Api.long | number, limit: number) =>
    client.call<Api.messages.TypeChats>(
      new Api.messages.GetCommonChats({
        userId: new Api.InputUser(person),
        maxId: returnBigInt(String(maxId)),
        limit,
      }),
    );
  const all = (await page(0, 100)).chats.map(({ id }) => String(id));
  const first = (await page(0, 2)) as Api.messages.ChatsSlice;
  expect(first.count).toBe(all.length);
  const rest = await page(first.chats[1]!.id, 100);
  expect([...first.chats, ...rest.chats].map(({ id }) => String(id))).toEqual(all);
});

it('a channel is left and joined again, which the other sessions hear', async () => {
  const channel = new Api.InputChannel(peer);
  const { chats } = await client.call<Api.Updates>(new Api.channels.LeaveChannel({ channel }));
  expect(chats).toMatchObject([{ left: true }]);
  await heard.next('UpdateChannel');
  const leave = new Api.channels.LeaveChannel({ channel });
  await expect(client.call(leave)).rejects.toMatchObject({ errorMessage: 'USER_NOT_PARTICIPANT' });
  await client.call(new Api.channels.JoinChannel({ channel }));
  const full = new Api.channels.GetFullChannel({ channel });
  expect((await client.call<Api.messages.ChatFull>(full)).chats).toMatchObject([{ left: false }]);
});

it('chats and people are found by their names, and free usernames are told from taken ones', async () => {
  const find = (q: string) => client.call<Api.contacts.Found>(new Api.contacts.Search({ q, limit: 10 }));
  expect((await find('vestnik_d')).chats).toMatchObject([{ username: 'vestnik_demo' }]);
  expect((await find('nobody at all')).myResults).toEqual([]);
  const check = (username: string) => client.call(new Api.account.CheckUsername({ username }));
  expect(await check('vestnik_demo')).toBe(false);
  expect(await check('still_free')).toBe(true);
  await expect(check('1')).rejects.toMatchObject({ errorMessage: 'USERNAME_INVALID' });
});

it('messages of all chats are found, page by page', async () => {
  for (const text of ['harbour one', 'harbour two', 'harbour three']) await client.call(sendText(peer, text));
  await client.call(sendText(new Api.InputPeerSelf(), 'harbour four'));
  const page = (cursor: object) => {
    const filter = new Api.InputMessagesFilterEmpty();
    const start = { offsetRate: 0, offsetPeer: new Api.InputPeerEmpty(), offsetId: 0, limit: 3 };
    const request = { q: 'HARBOUR', filter, minDate: 0, maxDate: 0, ...start, ...cursor };
    return client.call<Api.messages.MessagesSlice>(new Api.messages.SearchGlobal(request));
  };
  const first = await page({});
  expect(first).toMatchObject({ count: 4, nextRate: expect.any(Number) as number });
  const last = first.messages[2] as Api.Message;
  const offsetPeer = last.peerId instanceof Api.PeerChannel ? peer : new Api.InputPeerSelf();
  const second = await page({ offsetRate: first.nextRate, offsetPeer, offsetId: last.id });
  const texts = [...first.messages, ...second.messages].map((one) => (one as Api.Message).message);
  expect(texts.toSorted()).toEqual(['harbour four', 'harbour one', 'harbour three', 'harbour two']);
});

it('a history is cleared up to a message', async () => {
  await client.call(sendText(person, 'first'));
  await client.call(sendText(person, 'second'));
  const clear = new Api.messages.DeleteHistory({ peer: person, maxId: 0, justClear: true, revoke: true });
  expect(await client.call(clear)).toMatchObject({ ptsCount: 2, offset: 0 });
  expect((await heard.next<Api.UpdateDeleteMessages>('UpdateDeleteMessages')).messages).toHaveLength(2);
  const cursor = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 };
  const request = new Api.messages.GetHistory({ peer: person, ...cursor, hash: returnBigInt(0) });
  expect((await client.call<Api.messages.Messages>(request)).messages).toHaveLength(1);
});

it('replies to a message are its thread, and a message has a link', async () => {
  const { updates } = await client.call<Api.Updates>(sendText(peer, 'question'));
  const msgId = (updates[0] as Api.UpdateMessageID).id;
  const reply = sendText(peer, 'answer');
  reply.replyTo = new Api.InputReplyToMessage({ replyToMsgId: msgId });
  await client.call(reply);
  await client.call(sendText(peer, 'something else'));
  const cursor = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 };
  const replies = new Api.messages.GetReplies({ peer, msgId, ...cursor, hash: returnBigInt(0) });
  expect((await client.call<Api.messages.ChannelMessages>(replies)).messages).toMatchObject([
    { message: 'answer' },
  ]);
  const channel = new Api.InputChannel(peer);
  const link = new Api.channels.ExportMessageLink({ channel, id: msgId });
  expect(await client.call(link)).toMatchObject({ link: `https://t.me/vestnik_demo/${msgId}` });
});
