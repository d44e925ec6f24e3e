import { returnBigInt } from 'telegram/Helpers.js';
import { NewMessage, type NewMessageEvent } from 'telegram/events/index.js';
import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import type { TestClient } from '../testkit/library-client.ts';
import { foreignClient } from '../testkit/mtcute.ts';
import { demoPeer, sendText } from '../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { until } from '../testkit/until.ts';
import { Numbers } from './world/numbers.ts';

const user = '777000';
const channelId = '-1003833950795';
const self = new Api.InputPeerSelf();

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});

describe.each([
  ['a restart', () => sandbox.restart()],
  ['POST /reset', () => sandbox.post('/reset')],
  ['POST /world', () => sandbox.post('/world', { dialogs: 40 })],
])('after %s', (_, change) => {
  it('mtcute goes on hearing of messages', async () => {
    const client = await foreignClient(sandbox);
    const heard: string[] = [];
    client.onNewMessage.add(({ text }) => void heard.push(text));
    await client.start();
    await sandbox.untilReport(({ rpc }) => rpc['updates.getState'] !== undefined);
    await writeAndHear('before', heard);
    await change();
    await until('the client is back', () => client.call({ _: 'updates.getState' }));
    await writeAndHear('after', heard);
  });

  it('counters and message ids go on rising', async () => {
    const before = await numbers();
    await change();
    const after = await numbers();
    for (const [name, number] of Object.entries(before)) {
      expect([name, after[name as keyof typeof after]]).toEqual([name, expect.toSatisfy((n) => n > number)]);
    }
  });

  it('a client with the counters of before is told what came since', async () => {
    const client = await sandbox.connect();
    const { pts, channelPts } = await numbers(client);
    await change();
    await client.client.disconnect();
    const again = await sandbox.connect(client.session);
    for (const chat_id of [user, channelId])
      await sandbox.post('/incoming', { chat_id, text: `to ${chat_id}` });
    const texts = ({ newMessages }: { newMessages: Api.TypeMessage[] }) =>
      newMessages.map((message) => (message as Api.Message).message);
    const common = new Api.updates.GetDifference({ pts, date: 1, qts: 0 });
    expect(texts(await again.call<Api.updates.Difference>(common))).toEqual([`to ${user}`]);
    const channel = (await demoPeer(again)) as unknown as Api.TypeInputChannel;
    const filter = new Api.ChannelMessagesFilterEmpty();
    const inChannel = new Api.updates.GetChannelDifference({ channel, filter, pts: channelPts, limit: 100 });
    expect(texts(await again.call<Api.updates.ChannelDifference>(inChannel))).toEqual([`to ${channelId}`]);
  });
});

it('a channel in which nothing came since a restart has a difference that moves the counter', async () => {
  const client = await sandbox.connect();
  const channel = (await demoPeer(client)) as unknown as Api.TypeInputChannel;
  const filter = new Api.ChannelMessagesFilterEmpty();
  await sandbox.post('/incoming', { chat_id: channelId, text: 'before' });
  await sandbox.restart();
  const { call } = await sandbox.connect(client.session);
  const difference = await call<Api.updates.TypeChannelDifference>(
    new Api.updates.GetChannelDifference({ channel, filter, pts: 1, limit: 100 }),
  );
  const { fullChat } = await call<Api.messages.ChatFull>(new Api.channels.GetFullChannel({ channel }));
  const { pts } = fullChat as Api.ChannelFull;
  expect(pts).toBeGreaterThan(1);
  expect(difference).toMatchObject({ className: 'updates.ChannelDifference', newMessages: [], pts });
});

it('the client library goes on hearing of messages after a restart', async () => {
  const { client } = await sandbox.connect(undefined, {
    hearsUpdates: true,
    autoReconnect: true,
    connectionRetries: 100,
    reconnectRetries: 100,
    retryDelay: 50,
  });
  const heard: string[] = [];
  client.addEventHandler(
    ({ message }: NewMessageEvent) => void heard.push(message.message),
    new NewMessage({}),
  );
  await client.getMe();
  await writeAndHear('before', heard);
  await sandbox.restart();
  await until('it is connected again', () => client.getMe());
  await writeAndHear('after', heard);
});

it('after a crash, numbers begin above all that were used', async () => {
  const file = `${temporaryFolder()}/numbers`;
  const crashed = await Numbers.open(file);
  for (const number of [3, 200_000, 17]) crashed.use(number);
  const next = await Numbers.open(file);
  expect(next.floor).toBeGreaterThanOrEqual(200_000);
  next.use(next.floor + 1);
  next.close();
  expect((await Numbers.open(file)).floor).toBe(next.floor);
});

/** Writes once to a chat of each counter, and waits until the client has heard of both. */
async function writeAndHear(words: string, heard: readonly string[]): Promise<void> {
  const texts = [user, channelId].map((chat) => `${words} in ${chat}`);
  for (const [index, chat_id] of [user, channelId].entries()) {
    await sandbox.post('/incoming', { chat_id, text: texts[index] });
  }
  await until(`${words} is heard`, () => texts.every((text) => heard.includes(text)));
}

/** Sends to each box, and tells where its counters and ids stand after that. */
async function numbers(client?: TestClient) {
  const { call } = client ?? (await sandbox.connect());
  const peer = await demoPeer({ call } as TestClient);
  const send = async (to: Api.TypeInputPeer) => {
    const { updates } = await call<Api.Updates>(sendText(to, 'a note', randomId()));
    const { pts, message } = updates[1] as Api.UpdateNewMessage | Api.UpdateNewChannelMessage;
    return { pts, id: message.id };
  };
  const own = await send(self);
  const inChannel = await send(peer);
  const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
  const later = new Api.messages.SendMessage({ peer, message: 'later', randomId: randomId(), scheduleDate });
  const scheduled = (await call<Api.Updates>(later)).updates[0] as Api.UpdateMessageID;
  const { pts } = await call<Api.updates.State>(new Api.updates.GetState());
  expect(pts).toBe(own.pts);
  const channelPts = inChannel.pts;
  return {
    pts,
    channelPts,
    id: own.id,
    channelId: inChannel.id,
    scheduledId: scheduled.id,
  };
}

let lastRandomId = 0;
function randomId() {
  return returnBigInt(++lastRandomId);
}
