import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';

let sandbox: TestSandbox;
let client: TestClient;
let peer: Api.InputPeerChannel;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
  peer = await forumPeer();
});
afterEach(() => sandbox.dispose());

describe('a topic', () => {
  it('is begun once for its random id, and takes messages', async () => {
    const id = await create('Releases', 7);
    expect(await create('Releases', 7)).toBe(id);
    expect(await titles()).toContain('Releases');
    const text = sendText(peer, 'in it');
    text.replyTo = new Api.InputReplyToMessage({ replyToMsgId: id });
    const { updates } = await client.call<Api.Updates>(text);
    const { message } = updates[1] as Api.UpdateNewChannelMessage & { message: Api.Message };
    expect(message.replyTo).toMatchObject({ forumTopic: true, replyToMsgId: id });
    expect((await sandbox.report()).duplicates).toBe(1);
  });

  it('stands in the history as the message that it began with', async () => {
    await client.call(sendText(peer, 'before'));
    const id = await create('Releases', 7);
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0 };
    const request = new Api.messages.GetHistory({ peer, ...page, hash: returnBigInt(0) });
    const { messages } = await client.call<Api.messages.ChannelMessages>(request);
    expect(messages[0]).toMatchObject({ id, action: { title: 'Releases' } });
    expect(messages[1]).toMatchObject({ message: 'before' });
  });

  it('is renamed, closed, opened again and deleted', async () => {
    const topicId = await create('Relases', 8);
    const edit = (change: Partial<Api.messages.EditForumTopic>) =>
      client.call<Api.Updates>(new Api.messages.EditForumTopic({ peer, topicId, ...(change as object) }));
    await edit({ title: 'Releases' });
    expect(await titles()).toContain('Releases');
    await expect(edit({ title: 'Releases' })).rejects.toMatchObject({ errorMessage: 'TOPIC_NOT_MODIFIED' });
    await edit({ closed: true });
    const text = sendText(peer, 'too late');
    text.replyTo = new Api.InputReplyToMessage({ replyToMsgId: topicId });
    await expect(client.call(text)).rejects.toMatchObject({ errorMessage: 'TOPIC_CLOSED' });
    await edit({ closed: false });
    await client.call(text);
    await client.call(new Api.messages.DeleteTopicHistory({ peer, topMsgId: topicId }));
    expect(await titles()).not.toContain('Releases');
    await expect(edit({ closed: true })).rejects.toMatchObject({ errorMessage: 'TOPIC_ID_INVALID' });
  });

  it('called General takes messages without a reply, and none to message 1', async () => {
    const text = sendText(peer, 'to all');
    text.replyTo = new Api.InputReplyToMessage({ replyToMsgId: 1 });
    await expect(client.call(text)).rejects.toMatchObject({ errorMessage: 'REPLY_MESSAGE_ID_INVALID' });
    text.replyTo = undefined;
    await client.call(text);
  });

  it('has a title, and stands in a forum', async () => {
    await expect(create(' ', 1)).rejects.toMatchObject({ errorMessage: 'TOPIC_TITLE_EMPTY' });
    peer = (await demoPeer(client)) as Api.InputPeerChannel;
    await expect(create('x', 1)).rejects.toMatchObject({ errorMessage: 'CHANNEL_FORUM_MISSING' });
  });
});

it('topics come page by page, the one with the newest message first', async () => {
  for (const [index, title] of ['One', 'Two', 'Three'].entries()) await create(title, index + 1);
  const first = await page({ limit: 4 });
  expect(first.count).toBe(7);
  const [, , , last] = first.topics as Api.ForumTopic[];
  const { date } = first.messages.at(-1) as Api.Message;
  const cursor = { offsetDate: date, offsetId: last!.topMessage, offsetTopic: last!.id };
  const second = await page({ ...cursor, limit: 4 });
  const ids = [...first.topics, ...second.topics].map(({ id }) => id);
  expect(new Set(ids).size).toBe(7);
  const [newest = 0] = ids;
  expect(ids).toEqual([newest, newest - 1, newest - 2, 1, 4, 3, 2]);
  expect((await page({ offsetDate: 1, offsetId: 1, offsetTopic: 99, limit: 4 })).topics).toEqual([]);
});

it('a supergroup becomes a forum, and a supergroup again', async () => {
  peer = (await demoPeer(client)) as Api.InputPeerChannel;
  const toggle = async (enabled: boolean) => {
    const channel = new Api.InputChannel(peer);
    const request = new Api.channels.ToggleForum({ channel, enabled, tabs: false });
    const { chats } = await client.call<Api.Updates>(request);
    return (chats[0] as Api.Channel).forum;
  };
  expect(await toggle(true)).toBe(true);
  await create('First', 1);
  expect(await titles()).toEqual(['First', 'General']);
  await expect(toggle(true)).rejects.toMatchObject({ errorMessage: 'CHAT_NOT_MODIFIED' });
  expect(await toggle(false)).toBe(false);
});

/** The forum that every world has, from the dialogs. */
async function forumPeer(): Promise<Api.InputPeerChannel> {
  const offset = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty(), hash: returnBigInt(0) };
  const { chats } = await client.call<Api.messages.Dialogs>(
    new Api.messages.GetDialogs({ ...offset, limit: 100 }),
  );
  const { id, accessHash } = chats.find((chat) => chat instanceof Api.Channel && chat.forum) as Api.Channel;
  return new Api.InputPeerChannel({ channelId: id, accessHash: accessHash! });
}

/** Begins a topic and returns its id. */
async function create(title: string, randomId: number): Promise<number> {
  const request = new Api.messages.CreateForumTopic({ peer, title, randomId: returnBigInt(randomId) });
  const { updates } = await client.call<Api.Updates>(request);
  const [pair, news] = updates as [Api.UpdateMessageID, Api.UpdateNewChannelMessage];
  expect(news.message).toMatchObject({
    id: pair.id,
    action: { className: 'MessageActionTopicCreate', title },
  });
  return pair.id;
}

async function titles(): Promise<string[]> {
  const { topics } = await page({ limit: 100 });
  return topics.map((topic) => (topic as Api.ForumTopic).title);
}

async function page(cursor: object): Promise<Api.messages.ForumTopics> {
  const request = { peer, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 100, ...cursor };
  return client.call<Api.messages.ForumTopics>(new Api.messages.GetForumTopics(request));
}
