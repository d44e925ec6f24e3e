import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, peerFor } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

type Answer = { users: Api.TypeUser[]; chats: Api.TypeChat[]; messages: Api.Message[] };

let sandbox: TestSandbox;
let client: TestClient;
let demo: Api.InputPeerChannel;
let chat: Api.TypeInputPeer;
let forum: Api.InputPeerChannel;
let nextRandomId = 1;
beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    client = await sandbox.connect();
    demo = (await demoPeer(client)) as Api.InputPeerChannel;
    chat = new Api.InputPeerChat({ chatId: returnBigInt(4021) });
    const page = { offsetDate: 0, offsetId: 0, limit: 100, hash: returnBigInt(0) };
    const offsetPeer = new Api.InputPeerEmpty();
    const found = await client.call<Answer>(new Api.messages.GetDialogs({ ...page, offsetPeer }));
    const peer = new Api.PeerChannel({ channelId: returnBigInt(2200000011) });
    forum = peerFor(found, peer) as Api.InputPeerChannel;
  }),
);

describe('the message that a message answers', () => {
  it('is found in a supergroup', async () => {
    const first = await send(demo, 'question');
    const second = await send(demo, 'answer', { replyToMsgId: first });
    const { messages } = await inChannel(new Api.InputMessageReplyTo({ id: second }));
    expect(messages).toMatchObject([{ id: first, message: 'question' }]);
  });

  it('is found in a basic chat', async () => {
    const first = await send(chat, 'question');
    const second = await send(chat, 'answer', { replyToMsgId: first });
    const id = [new Api.InputMessageReplyTo({ id: second })];
    const { messages } = await client.call<Answer>(new Api.messages.GetMessages({ id }));
    expect(messages).toMatchObject([{ id: first, message: 'question' }]);
  });

  it('is the copy of the other account in a private chat of two', async () => {
    const { users } = await client.call<Api.contacts.ResolvedPeer>(
      new Api.contacts.ResolvePhone({ phone: '9996640001' }),
    );
    const { id: userId, accessHash } = users[0] as Api.User;
    const other = new Api.InputPeerUser({ userId, accessHash: accessHash! });
    await send(other, 'answer', { replyToMsgId: await send(other, 'question') });
    const path = `/api/chats/6200000001/messages?account=${String(userId)}`;
    const { messages } = await sandbox.get<{ messages: { message_id: number; reply?: unknown }[] }>(path);
    expect(messages[1]?.reply).toMatchObject({ message_id: messages[0]?.message_id, text: 'question' });
  });

  it('is empty where it was deleted or never was, and left out where a message answers none', async () => {
    const first = await send(demo, 'gone');
    const second = await send(demo, 'answer', { replyToMsgId: first });
    const third = await send(demo, 'answer', { replyToMsgId: 900_000 });
    await client.call(new Api.channels.DeleteMessages({ channel: new Api.InputChannel(demo), id: [first] }));
    const wanted = [second, third, await send(demo, 'alone')].map(
      (id) => new Api.InputMessageReplyTo({ id }),
    );
    const { messages } = await inChannel(...wanted);
    const empty = (id: number) => ({ className: 'MessageEmpty', id });
    expect(messages).toMatchObject([empty(first), empty(900_000)]);
  });

  it('is the start of its topic for a message that answers nothing else', async () => {
    const id = await send(forum, 'in the topic', { replyToMsgId: 2, topMsgId: 2 });
    const channel = new Api.InputChannel(forum);
    const wanted = [new Api.InputMessageReplyTo({ id })];
    const { messages } = await client.call<Answer>(new Api.channels.GetMessages({ channel, id: wanted }));
    expect(messages).toMatchObject([{ id: 2, className: 'MessageService' }]);
  });
});

describe('the header of a reply', () => {
  it('holds the quote', async () => {
    const first = await send(demo, 'one two three');
    const quoteEntities = [new Api.MessageEntityBold({ offset: 0, length: 3 })];
    const quote = { quoteText: 'two', quoteEntities, quoteOffset: 4 };
    expect(await headerOf(demo, { replyToMsgId: first, ...quote })).toMatchObject({
      replyToMsgId: first,
      quote: true,
      ...quote,
    });
  });

  it('holds the first message of the thread for a reply to a reply', async () => {
    const first = await send(demo, 'first');
    const second = await send(demo, 'second', { replyToMsgId: first });
    expect(await headerOf(demo, { replyToMsgId: second })).toMatchObject({
      replyToMsgId: second,
      replyToTopId: first,
    });
  });

  it('stands in the topic of the message that it answers', async () => {
    const first = await send(forum, 'in the topic', { replyToMsgId: 3, topMsgId: 3 });
    expect(await headerOf(forum, { replyToMsgId: first })).toMatchObject({
      forumTopic: true,
      replyToMsgId: first,
      replyToTopId: 3,
    });
  });

  it('names the chat and the author of a message in another chat', async () => {
    const replyToMsgId = await send(demo, 'elsewhere');
    expect(await headerOf(chat, { replyToMsgId, replyToPeerId: demo })).toMatchObject({
      replyToMsgId,
      replyToPeerId: { channelId: demo.channelId },
      replyFrom: { fromId: { userId: returnBigInt(6_200_000_001n) } },
    });
    const missing = send(chat, 'x', { replyToMsgId: 900_000, replyToPeerId: demo });
    await expect(missing).rejects.toMatchObject({ errorMessage: 'MESSAGE_ID_INVALID' });
  });
});

it.each([
  ['InputMessagesFilterUrl', ['see https://example.org']],
  ['InputMessagesFilterPhoneCalls', []],
  ['InputMessagesFilterEmpty', ['plain', 'see https://example.org']],
] as const)('a search by %s finds what it names', async (filter, texts) => {
  for (const text of ['plain', 'see https://example.org']) await send(new Api.InputPeerSelf(), text);
  const page = { offsetId: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0, hash: returnBigInt(0) };
  const fields = {
    q: '',
    minDate: 0,
    maxDate: 0,
    filter: new (Api[filter] as new () => Api.TypeMessagesFilter)(),
  };
  const search = new Api.messages.Search({ peer: new Api.InputPeerSelf(), ...fields, ...page });
  const { messages } = await client.call<Answer>(search);
  expect(new Set(messages.map(({ message }) => message))).toEqual(new Set(texts));
});

async function send(
  peer: Api.TypeInputPeer,
  message: string,
  reply?: ConstructorParameters<typeof Api.InputReplyToMessage>[0],
): Promise<number> {
  const replyTo = reply && new Api.InputReplyToMessage(reply);
  const randomId = returnBigInt(nextRandomId++);
  const answer = await client.call<Api.Updates | Api.UpdateShortSentMessage>(
    new Api.messages.SendMessage({ peer, message, randomId, replyTo }),
  );
  return answer instanceof Api.Updates ? (answer.updates[0] as Api.UpdateMessageID).id : answer.id;
}

async function headerOf(
  peer: Api.TypeInputPeer,
  reply: ConstructorParameters<typeof Api.InputReplyToMessage>[0],
) {
  const id = await send(peer, 'answer', reply);
  const page = { offsetId: id + 1, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0 };
  const request = new Api.messages.GetHistory({ peer, ...page, hash: returnBigInt(0) });
  return (await client.call<Answer>(request)).messages[0]?.replyTo;
}

function inChannel(...id: Api.TypeInputMessage[]): Promise<Answer> {
  return client.call(new Api.channels.GetMessages({ channel: new Api.InputChannel(demo), id }));
}
