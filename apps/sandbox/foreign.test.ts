import { randomBytes } from 'node:crypto';
import {
  InputMedia,
  type IntermediatePacketCodec,
  type IPacketCodec,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  TcpTransport,
  type TelegramClient,
} from '@mtcute/node';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { foreignClient } from '../testkit/mtcute.ts';
import { ONE_PIXEL_PNG, sendText } from '../testkit/requests.ts';

const demo = -1003833950795;
const forum = -1002200000011;
const megabyte = 1024 * 1024;

let sandbox: TestSandbox;
let client: TelegramClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await foreignClient(sandbox);
  await client.start();
});
afterEach(async () => {
  await client.destroy();
  await sandbox.dispose();
});

it('walks 250 dialogs, with the archive, each of them once', async () => {
  await sandbox.post('/world', { dialogs: 250 });
  const seen = new Set<number>();
  for await (const { peer } of client.iterDialogs({ archived: 'keep', pinned: 'include' })) seen.add(peer.id);
  expect(seen.size).toBe(250);
});

it('sends texts with formatting, replies, and schedules', async () => {
  await warm();
  const first = await client.sendText(demo, {
    text: 'bold',
    entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }],
  });
  const second = await client.sendText(demo, 'answer', { replyTo: first.id, silent: true });
  expect(second.replyToMessage?.id).toBe(first.id);
  const later = await client.sendText(demo, 'later', { schedule: new Date(Date.now() + 3_600_000) });
  expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['bold', 'answer']);
  expect(await sandbox.get('/scheduled')).toMatchObject([{ text: 'later', message_id: later.id }]);
  await client.sendScheduled(demo, later.id);
  expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['bold', 'answer', 'later']);
  const history = await client.getHistory(demo, { limit: 3 });
  expect(history.map(({ text }) => text)).toEqual(['later', 'answer', 'bold']);
});

it.each([
  ['padded', () => new PaddedIntermediatePacketCodec()],
  ['padded and obfuscated', () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec())],
])('speaks the %s transport, from its key exchange on', async (_, packetCodec) => {
  const padded = await foreignClient(sandbox, { transport: new FramedTransport(packetCodec) });
  try {
    await padded.start();
    for await (const dialog of padded.iterDialogs()) void dialog;
    for (let sent = 0; sent < 20; sent++) await padded.sendText(demo, `padded ${sent}`);
    expect((await sandbox.report()).delivered).toHaveLength(20);
  } finally {
    await padded.destroy();
  }
});

it('sends a quiz, and closes it', async () => {
  await warm();
  const answers = ['Oslo', 'Bergen'];
  const quiz = InputMedia.quiz({ question: 'Capital?', answers, correct: 0 });
  const sent = await client.sendMedia(demo, quiz);
  if (sent.media?.type !== 'poll') throw new Error('no poll came back');
  expect([sent.media.isQuiz, sent.media.answers.map(({ text }) => text)]).toEqual([true, answers]);
  const closed = await client.closePoll({ chatId: demo, message: sent.id });
  expect(closed.isClosed).toBe(true);
});

it('sends an album, whose items share a group', async () => {
  await warm();
  const photo = (fileName: string) => InputMedia.photo(ONE_PIXEL_PNG, { fileName });
  const sent = await client.sendMediaGroup(demo, [photo('a.png'), photo('b.png'), photo('c.png')]);
  expect(new Set(sent.map(({ groupedIdUnique }) => groupedIdUnique)).size).toBe(1);
  const { delivered } = await sandbox.report();
  expect(delivered.map(({ media }) => media?.name)).toHaveLength(3);
  expect(new Set(delivered.map(({ random_id }) => random_id)).size).toBe(3);
});

it('sends a file of 30 MB, and fetches it again', async () => {
  const content = randomBytes(30 * megabyte);
  const sent = await client.sendMedia('me', InputMedia.document(content, { fileName: 'thirty.bin' }));
  const { delivered } = await sandbox.report();
  expect(delivered[0]?.media).toMatchObject({ kind: 'document', name: 'thirty.bin', size: content.length });
  const media = sent.media;
  if (media?.type !== 'document') throw new Error('no document came back');
  const again = await client.downloadAsBuffer(media);
  expect(Buffer.compare(Buffer.from(again), content)).toBe(0);
});

it('goes on when the clock of the server jumps, and its salt is over', async () => {
  await warm();
  for (const clock_skew_seconds of [4000, -4000]) {
    await sandbox.post('/faults', [{ clock_skew_seconds }]);
    await client.sendText(demo, 'still here');
  }
  expect((await sandbox.report()).delivered).toHaveLength(2);
});

it('reads the topics of a forum, and writes into one', async () => {
  await warm();
  const topics = await client.getForumTopics(forum);
  expect(topics.map(({ title }) => title)).toContain('Deploys');
  const topic = topics.find(({ title }) => title === 'Deploys')!;
  const sent = await client.sendText(forum, 'released', { replyTo: topic.id });
  expect(sent.isTopicMessage).toBe(true);
  await expect(client.sendText(forum, 'x', { replyTo: 4 })).rejects.toThrow('TOPIC_CLOSED');
});

it('begins a topic, closes it, and sees both in the list', async () => {
  await warm();
  const begun = await client.createForumTopic({ chatId: forum, title: 'Harvest' });
  await client.editForumTopic({ chatId: forum, topicId: begun.id, closed: true });
  const topics = await client.getForumTopics(forum);
  expect(topics.find(({ id }) => id === begun.id)).toMatchObject({ title: 'Harvest', isClosed: true });
});

it('is told what others write, and what its other sessions send', async () => {
  const texts: string[] = [];
  let wake = () => {};
  client.onNewMessage.add(({ text }) => {
    texts.push(text);
    wake();
  });
  await client.startUpdatesLoop();
  await warm();
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      wake = () => void (texts.includes(text) && resolve());
      wake();
    });
  await sandbox.post('/incoming', { chat_id: '777000', text: 'Login from a new device' });
  await until('Login from a new device');
  const { call } = await sandbox.connect();
  await call(sendText(new Api.InputPeerSelf(), 'from elsewhere'));
  await until('from elsewhere');
  expect(texts).toEqual(['Login from a new device', 'from elsewhere']);
});

/** TCP with frames of a chosen kind. */
class FramedTransport extends TcpTransport {
  readonly #makeCodec: () => IPacketCodec;

  constructor(makeCodec: () => IPacketCodec) {
    super();
    this.#makeCodec = makeCodec;
  }

  override packetCodec() {
    return this.#makeCodec() as IntermediatePacketCodec;
  }
}

/** Lets the client learn the access hashes of all chats. */
async function warm(): Promise<void> {
  for await (const dialog of client.iterDialogs({ archived: 'keep' })) void dialog;
}
