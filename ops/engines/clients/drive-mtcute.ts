/**
 * mtcute takes the steps by the methods that its users call. Started with the port of data centre 2 and the address of
 * the sandbox's HTTP side; warnings of the library are JSON on stderr, as those of driver.py.
 */
import { deepStrictEqual as equal } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { InputMedia, md, MemoryStorage, TelegramClient, type Message, type User } from '@mtcute/node';
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js';
import { ONE_PIXEL_PNG } from '../../../apps/testkit/requests.ts';
import { RESTART, RESTARTED, type Step } from './steps.ts';

const [port, http] = [Number(process.argv[2]), process.argv[3]!];
const STEP_WITHIN_MS = 90_000;
const [DEMO, BASIC_CHAT, FORUM, NOTIFICATIONS] = [-1003833950795, -4021, -1002200000011, 777000];
const [PHONE, PHONE_WITH_PASSWORD, PHONE_ELSEWHERE] = ['9996620001', '9996620002', '9996640001'];

const crypto = new NodeCryptoProvider();
await crypto.initialize();
addPublicKey(crypto, await (await fetch(`${http}/public-key.pem`)).text());
const asked = createInterface(process.stdin)[Symbol.asyncIterator]();
const arrivals: string[] = [];
let current: Step;
let client: TelegramClient;
let first: Message;
let photo: Message;

await step('sign in by code', async () => {
  client = open();
  client.onNewMessage.add(({ text }) => void arrivals.push(text));
  await signIn(client, PHONE);
});

await step('sign in by password', async () => {
  const other = open();
  await signIn(other, PHONE_WITH_PASSWORD, 'sandbox');
  await logOut(other);
});

await step('sign in by QR code', async () => {
  const other = open();
  const accept = (url: string) =>
    post('/login-tokens/accept', { token: new URL(url).searchParams.get('token'), phone: PHONE });
  const self = await other.signInQr({ onUrlUpdated: (url) => void accept(url) });
  equal(self.phoneNumber, PHONE);
  await logOut(other);
});

await step('sign in at another data centre', async () => {
  const other = open();
  await signIn(other, PHONE_ELSEWHERE);
  equal(
    (await sessionsOf(PHONE_ELSEWHERE)).map(({ dc }) => dc),
    [4],
  );
  await other.sendText('me', 'from data centre 4');
  await logOut(other);
});

await step('chats', async () => {
  const ids: number[] = [];
  for await (const { peer } of client.iterDialogs({ archived: 'keep' })) ids.push(peer.id);
  equal(new Set(ids).size, ids.length);
  equal([ids.includes(DEMO), ids.includes(BASIC_CHAT)], [true, true]);
  const topics: number[] = [];
  for await (const { id } of client.iterForumTopics(FORUM)) topics.push(id);
  const { filters } = await client.getFolders();
  return `${ids.length} chats, ${topics.length} topics, ${filters.length} folders`;
});

await step('history', async () => {
  const senders: number[] = [];
  for await (const { sender } of client.iterHistory(DEMO)) senders.push(sender.id);
  equal(senders.length > 0, true);
  return `${senders.length} messages`;
});

await step('text', async () => {
  first = await client.sendText(
    'vestnik_demo',
    md`
a **bold** text
    `,
  );
  equal([first.text, first.isOutgoing], ['a bold text', true]);
  const kept = await fetchAgain(first);
  equal(
    kept?.entities.map(({ kind }) => kind),
    ['bold'],
  );
});

await step('photo', async () => {
  photo = await client.sendMedia(DEMO, InputMedia.photo(ONE_PIXEL_PNG, { caption: 'a photo' }));
  if (photo.media?.type !== 'photo') throw new Error('no photo came back');
  await client.downloadAsBuffer(photo.media);
});

await step('document of 12 MB', async () => {
  const content = randomBytes(12 * 1024 * 1024);
  const { media } = await client.sendMedia('me', InputMedia.document(content, { fileName: 'twelve.bin' }));
  if (media?.type !== 'document') throw new Error('no document came back');
  equal(content.equals(await client.downloadAsBuffer(media)), true);
});

await step('album', async () => {
  const captions = ['first', 'second', 'third'];
  const items = captions.map((caption) => InputMedia.photo(ONE_PIXEL_PNG, { caption }));
  const messages = await client.sendMediaGroup(DEMO, items);
  equal(
    messages.map(({ text }) => text),
    captions,
  );
  equal(new Set(messages.map(({ groupedIdUnique }) => groupedIdUnique)).size, 1);
  equal((await client.getMessageGroup({ chatId: DEMO, message: messages[0]!.id })).length, 3);
});

await step('edit', async () => {
  const message = await client.sendText(DEMO, 'before');
  const edited = await client.editMessage({ message, text: 'after' });
  equal([edited.text, edited.editDate !== null], ['after', true]);
  await client.editMessage({
    message,
    text: md`
**after**
    `,
  });
  equal((await fetchAgain(message))?.entities[0]?.kind, 'bold');
  const replaced = await client.editMessage({ message: photo, media: InputMedia.photo(ONE_PIXEL_PNG) });
  equal(replaced.media?.type, 'photo');
});

await step('reply', async () => {
  const message = await client.replyText(first, 'a reply');
  equal((await client.getReplyTo(message))?.id, first.id);
});

await step('delete', async () => {
  for (const chat of [DEMO, 'me']) {
    const message = await client.sendText(chat, 'to be deleted');
    await client.deleteMessages([message]);
    equal(await fetchAgain(message), null);
  }
});

await step('schedule', async () => {
  const later = await client.sendText(DEMO, 'later', { schedule: new Date(Date.now() + 3_600_000) });
  equal(
    (await client.getAllScheduledMessages(DEMO)).map(({ text }) => text),
    ['later'],
  );
  await client.sendScheduled(DEMO, later.id);
  equal((await client.getHistory(DEMO, { limit: 1 }))[0]?.text, 'later');
});

await step('forward', async () => {
  const [message] = await client.forwardMessages({ messages: [first], toChatId: 'me' });
  equal([message?.text, message?.forward !== null], ['a bold text', true]);
  const own = await client.sendText('me', 'to be forwarded');
  const [public_] = await client.forwardMessages({ messages: [own], toChatId: DEMO });
  equal(public_?.forward?.sender.displayName, (await client.getMe()).displayName);
});

await step('pin', async () => {
  await client.pinMessage({ message: first });
  const found = await client.searchMessages({ chatId: DEMO, filter: { _: 'inputMessagesFilterPinned' } });
  equal(
    found.map(({ id }) => id),
    [first.id],
  );
  equal((await client.getFullChat(DEMO)).pinnedMsgId, first.id);
  await client.unpinMessage({ message: first });
});

await step('reaction', async () => {
  await client.sendReaction({ message: first, emoji: '👍' });
  const reactions = (await fetchAgain(first))?.reactions?.reactions;
  equal(
    reactions?.map(({ emoji, count }) => [emoji, count]),
    [['👍', 1]],
  );
});

await step('members', async () => {
  const self = await client.getMe();
  const counts = [];
  for (const chat of [DEMO, BASIC_CHAT]) {
    const ids: number[] = [];
    for await (const { user } of client.iterChatMembers(chat)) ids.push(user.id);
    equal([ids.includes(self.id), new Set(ids).size], [true, ids.length]);
    counts.push(ids.length);
  }
  return `${counts.join(' and ')} members`;
});

await step('updates', () => receive('hello'));
await step('call cut before it arrives', () => sendCut('before'));
await step('call cut before its answer', () => sendCut('after'));

await step('restart of the sandbox', async () => {
  process.stdout.write(`${RESTART}\n`);
  equal((await asked.next()).value, RESTARTED);
  await client.sendText(DEMO, 'after the restart');
  await receive('again');
});

await step('log out', async () => {
  await client.logOut();
  equal(await sessionsOf(PHONE), []);
});

await client!.destroy();
process.exit();

async function step(name: Step, run: () => Promise<string | void>): Promise<void> {
  current = name;
  const deadline = AbortSignal.timeout(STEP_WITHIN_MS);
  const late = new Promise<never>((_, reject) =>
    deadline.addEventListener('abort', () => reject(new Error(`not within ${STEP_WITHIN_MS} ms`))),
  );
  const result = await Promise.race([run(), late]).then(
    (detail) => ({ ok: true, detail: detail ?? '' }),
    (error: unknown) => ({ ok: false, detail: String(error) }),
  );
  process.stdout.write(`${JSON.stringify({ step: name, ...result })}\n`);
}

function open(): TelegramClient {
  const main = { id: 2, ipAddress: '127.0.0.1', port };
  const defaultDcs = { main, media: { ...main, mediaOnly: true } };
  const made = new TelegramClient({
    apiId: 1,
    apiHash: 'hash',
    crypto,
    storage: new MemoryStorage(),
    defaultDcs,
    logLevel: 2,
  });
  made.log.mgr.handler = (_, level, tag, text, args) => {
    const line = {
      level: level === 1 ? 'ERROR' : 'WARNING',
      step: current,
      text: `${tag}: ${format(text, ...args)}`,
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  };
  return made;
}

async function signIn(own: TelegramClient, phone: string, password?: string): Promise<User> {
  const code = async () => {
    const codes = (await (await fetch(`${http}/codes`)).json()) as { phone: string; code: string }[];
    return codes.findLast((sent) => sent.phone === phone)!.code;
  };
  const self = await own.start({
    phone,
    code,
    codeSentCallback() {},
    ...(password && { password: () => password }),
  });
  equal(self.phoneNumber, phone);
  return self;
}

async function logOut(own: TelegramClient): Promise<void> {
  await own.logOut();
  await own.destroy();
}

async function sessionsOf(phone: string): Promise<{ phone: string; dc: number }[]> {
  const sessions = (await (await fetch(`${http}/sessions`)).json()) as { phone: string; dc: number }[];
  return sessions.filter((session) => session.phone === phone);
}

async function fetchAgain({ chat, id }: Message): Promise<Message | null | undefined> {
  return (await client.getMessages(chat, id))[0];
}

/** Has someone else write to a user, a basic chat and a supergroup, each of which must come once. */
async function receive(word: string): Promise<void> {
  for (const chat of [NOTIFICATIONS, BASIC_CHAT, DEMO]) {
    const text = `${word} in ${chat}`;
    await post('/incoming', { chat_id: chat, from: NOTIFICATIONS, text, phone: PHONE });
    for (let tries = 0; !arrivals.includes(text) && tries < 3000; tries++) await sleep(20);
    equal(
      arrivals.filter((arrived) => arrived === text),
      [text],
    );
  }
}

async function sendCut(drop: 'before' | 'after'): Promise<void> {
  await post('/faults', [{ method: 'messages.sendMessage', drop, times: 1 }]);
  const message = await client.sendText(DEMO, `cut ${drop}`);
  equal((await fetchAgain(message))?.text, `cut ${drop}`);
}

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(http + path, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
