/**
 * TDLib's way through the sandbox: the steps of steps.ts by its high-level methods. A process of its own, in a network
 * namespace that has nothing but loopback: TDLib connects to Telegram itself before it could be told otherwise.
 */
import { deepStrictEqual as equal } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RESTART, RESTARTED, type Step } from './steps.ts';
import { loadTdlib, TdClient, type TdObject } from './td-client.ts';

/** From the test, as its only argument. */
export interface TdStepsOptions {
  /** The folder of npm's packages, TDLib, and the file for its log. */
  readonly packages: string;
  readonly library: string;
  readonly logFile: string;
  /** An empty folder. */
  readonly folder: string;
  readonly photo: string;
  /** The control endpoints. */
  readonly url: string;
  /** The port of the sandbox behind each address that is built into TDLib. */
  readonly addresses: Readonly<Record<string, number>>;
}

const DEMO = -1003833950795;
const OTHER = -4021;
/** A basic chat that became a supergroup: TDLib lists that one alone. */
const MIGRATED = -4077;
const PHONE = '9996620001';
const OWN_PORTS = [443, 80, 5222];

const interfaces = (await readFile('/proc/net/dev', 'utf8')).match(/^ *[^:\s]+(?=:)/gm) ?? [];
if (interfaces.join().trim() !== 'lo') throw new Error(`TDLib must not see interfaces: ${interfaces.join()}`);

const options = JSON.parse(process.argv[2]!) as TdStepsOptions;
for (const [address, port] of Object.entries(options.addresses)) await passOn(address, port);
const tdl = loadTdlib(options.packages, options.library, options.logFile);
const open = (name: string) => TdClient.open(tdl, join(options.folder, name));
const asked = createInterface(process.stdin)[Symbol.asyncIterator]();
const opened: TdClient[] = [];
/** Two sessions of one account: the one that acts, and the one that sees it. */
let acting: TdClient;
let seeing: TdClient;
let texts = 0;

await step('sign in by code', async () => {
  acting = await signIn('acting', PHONE);
  return whoIs(acting, PHONE);
});

await step('sign in by password', async () => {
  const client = await start('password');
  await enterCode(client, '9996620002');
  await client.authorization('authorizationStateWaitPassword');
  await client.invoke({ _: 'checkAuthenticationPassword', password: 'sandbox' });
  await client.authorization('authorizationStateReady');
  return whoIs(client, '9996620002');
});

await step('sign in by QR code', async () => {
  seeing = await start('seeing');
  await seeing.invoke({ _: 'requestQrCodeAuthentication' });
  const { link } = await seeing.authorization('authorizationStateWaitOtherDeviceConfirmation');
  await post('/login-tokens/accept', { token: new URL(link).searchParams.get('token'), phone: PHONE });
  await seeing.authorization('authorizationStateReady');
  return whoIs(seeing, PHONE);
});

await step('sign in at another data centre', async () => {
  await post('/accounts', { phone: '9996610001', first_name: 'Quay', dc: 1 });
  const names = [];
  for (const phone of ['9996640001', '9996610001'])
    names.push(await whoIs(await signIn(phone, phone), phone));
  return names.join(', ');
});

await step('chats', async () => {
  const { chats } = await get<{ chats: { chat_id: string; in_dialogs: boolean }[] }>('/world');
  const ids = chats.filter(({ in_dialogs }) => in_dialogs).map(({ chat_id }) => Number(chat_id));
  const expected = new Set(ids.filter((id) => id !== MIGRATED));
  for (const client of [acting, seeing]) {
    const found = await allChats(client);
    for (const chat_id of found) await client.invoke({ _: 'getChat', chat_id });
    equal(new Set(found), expected);
  }
  return `${expected.size} chats`;
});

await step('history', async () => {
  const sent = [];
  for (let place = 0; place < 5; place++) sent.push(await incoming(`history ${place}`));
  const found: TdObject[] = [];
  for (;;) {
    const from_message_id = found.at(-1)?.id ?? 0;
    const page = await acting.invoke({ _: 'getChatHistory', chat_id: OTHER, from_message_id, limit: 2 });
    if (page.messages.length === 0) break;
    found.push(...page.messages);
  }
  equal(found.slice(0, 5).map(textOf).reverse(), sent);
  return `${found.length} messages`;
});

await step('text', async () => {
  const message = await sendText();
  await seen(message);
  return textOf(message);
});

await step('photo', async () => {
  const [message] = await acting.sent(sendMessage(photo('of the sea')));
  const copy = await seen(message!);
  const largest = copy.content.photo.sizes.at(-1)!.photo;
  const { size, local } = await download(largest);
  if ((await readFile(local.path)).length !== size) throw new Error('the photo came incomplete');
  return `${size} bytes`;
});

await step('document of 12 MB', async () => {
  const path = join(options.folder, 'document.bin');
  await writeFile(path, randomBytes(12 * 1024 * 1024));
  const document = { _: 'inputDocument', document: local(path) };
  const [message] = await acting.sent(sendMessage({ _: 'inputMessageDocument', document }));
  const copy = await seen(message!);
  const { local: downloaded } = await download(copy.content.document.document);
  equal(await hashOf(downloaded.path), await hashOf(path));
  return 'downloaded by the other session, byte for byte';
});

await step('album', async () => {
  const contents = ['first', 'second', 'third'].map(photo);
  const messages = await acting.sent({
    ...sendMessage(),
    _: 'sendMessageAlbum',
    input_message_contents: contents,
  });
  equal(new Set(messages.map(({ media_album_id: album }) => album)).size, 1);
  equal(
    messages.map(({ content }) => content.caption.text),
    ['first', 'second', 'third'],
  );
  for (const message of messages) await seen(message);
  return `${messages.length} photos`;
});

await step('edit', async () => {
  const message = await sendText();
  await seen(message);
  const since = seeing.updates.length;
  const edited = await acting.invoke({
    _: 'editMessageText',
    chat_id: DEMO,
    message_id: message.id,
    input_message_content: text('edited'),
  });
  equal(textOf(edited), 'edited');
  const isIt = ({ _, message_id: id }: TdObject) => _ === 'updateMessageContent' && id === message.id;
  const update = await seeing.next('the edit', isIt, since);
  return update.new_content.text.text;
});

await step('reply', async () => {
  const message = await sendText();
  const reply_to = { _: 'inputMessageReplyToMessage', message_id: message.id };
  const [reply] = await acting.sent({ ...sendMessage(text('a reply')), reply_to });
  await seen(reply!);
  const replied = await seeing.invoke({ _: 'getRepliedMessage', chat_id: DEMO, message_id: reply!.id });
  equal(textOf(replied), textOf(message));
  return `to ${textOf(replied)}`;
});

await step('delete', async () => {
  const message = await sendText();
  await seen(message);
  const since = seeing.updates.length;
  await acting.invoke({ _: 'deleteMessages', chat_id: DEMO, message_ids: [message.id], revoke: true });
  const isIt = ({ _, message_ids: ids }: TdObject) =>
    _ === 'updateDeleteMessages' && ids.includes(message.id);
  await seeing.next('the deletion', isIt, since);
  return 'seen by the other session';
});

await step('schedule', async () => {
  const send_date = Math.floor(Date.now() / 1000) + 14;
  const scheduling_state = { _: 'messageSchedulingStateSendAtDate', send_date };
  const since = acting.updates.length;
  const request = sendMessage(text('scheduled'));
  await acting.sent({ ...request, options: { _: 'messageSendOptions', scheduling_state } });
  const waiting = await acting.invoke({ _: 'getChatScheduledMessages', chat_id: DEMO });
  equal(waiting.messages.map(textOf), ['scheduled']);
  const isIt = ({ _, message }: TdObject) =>
    _ === 'updateNewMessage' && !message.scheduling_state && textOf(message) === 'scheduled';
  await acting.next('the scheduled message', isIt, since);
  return 'sent at its time';
});

await step('forward', async () => {
  const message = await sendText();
  const request = { _: 'forwardMessages', chat_id: OTHER, from_chat_id: DEMO, message_ids: [message.id] };
  const [forwarded] = await acting.sent(request);
  equal(textOf(forwarded!), textOf(message));
  equal(forwarded!.forward_info.origin.sender_user_id, message.sender_id.user_id);
  return forwarded!.forward_info.origin._;
});

await step('pin', async () => {
  const message = await sendText();
  await seen(message);
  const since = seeing.updates.length;
  await acting.invoke({ _: 'pinChatMessage', chat_id: DEMO, message_id: message.id });
  const isIt = ({ _, message_id: id }: TdObject) => _ === 'updateMessageIsPinned' && id === message.id;
  await seeing.next('the pin', isIt, since);
  const pinned = await seeing.invoke({ _: 'getChatPinnedMessage', chat_id: DEMO });
  equal(pinned.id, message.id);
  return textOf(pinned);
});

await step('reaction', async () => {
  const message = await sendText();
  await seen(message);
  const reaction_type = { _: 'reactionTypeEmoji', emoji: '👍' };
  await acting.invoke({ _: 'addMessageReaction', chat_id: DEMO, message_id: message.id, reaction_type });
  const { interaction_info: info } = await acting.invoke({
    _: 'getMessage',
    chat_id: DEMO,
    message_id: message.id,
  });
  equal(
    info.reactions.reactions.map(({ total_count: count, is_chosen: own }) => [count, own]),
    [[1, true]],
  );
  return '👍';
});

await step('members', async () => {
  const { type } = await acting.invoke({ _: 'getChat', chat_id: DEMO });
  const { members } = await acting.invoke({
    _: 'getSupergroupMembers',
    supergroup_id: type.supergroup_id,
    filter: { _: 'supergroupMembersFilterRecent' },
    offset: 0,
    limit: 200,
  });
  const full = await acting.invoke({ _: 'getBasicGroupFullInfo', basic_group_id: -OTHER });
  const { id } = await acting.invoke({ _: 'getMe' });
  for (const list of [members, full.members])
    if (!list.some(({ member_id: member }) => member.user_id === id))
      throw new Error('a list lacks the account');
  return `${members.length} of a supergroup, ${full.members.length} of a basic group`;
});

await step('updates', updatesArrive);

await step('call cut before it arrives', () => sendCut('before'));
await step('call cut before its answer', () => sendCut('after'));

await step('restart of the sandbox', async () => {
  process.stdout.write(`${RESTART}\n`);
  const { value } = await asked.next();
  equal(value, RESTARTED);
  return updatesArrive();
});

await step('log out', async () => {
  const before = await sessionsOf(PHONE);
  const since = acting.updates.length;
  await acting.invoke({ _: 'logOut' });
  await acting.authorization('authorizationStateClosed', since);
  equal(await sessionsOf(PHONE), before - 1);
  return `${before - 1} session left`;
});

await Promise.all(opened.map((client) => client.close()));
process.exit();

async function step(name: Step, run: () => Promise<string>): Promise<void> {
  const result = await run().then(
    (detail) => ({ ok: true, detail }),
    (error: unknown) => ({ ok: false, detail: String(error) }),
  );
  process.stdout.write(`${JSON.stringify({ step: name, ...result })}\n`);
}

/** Takes connections to an address of Telegram's to a port of the sandbox. */
async function passOn(address: string, port: number): Promise<void> {
  for (const own of OWN_PORTS) {
    const server = createServer((from) => {
      const to = connect(port, '127.0.0.1');
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      to.on('error', () => from.destroy()).on('close', () => from.destroy());
      from.pipe(to).pipe(from);
    });
    await once(server.listen(own, address), 'listening');
    server.unref();
  }
}

async function start(name: string): Promise<TdClient> {
  const client = await open(name);
  opened.push(client);
  return client;
}

async function signIn(name: string, phone: string): Promise<TdClient> {
  const client = await start(name);
  await enterCode(client, phone);
  await client.authorization('authorizationStateReady');
  return client;
}

async function enterCode(client: TdClient, phone: string): Promise<void> {
  await client.invoke({ _: 'setAuthenticationPhoneNumber', phone_number: `+${phone}` });
  await client.authorization('authorizationStateWaitCode');
  const codes = await get<{ phone: string; code: string }[]>('/codes');
  const { code } = codes.findLast((sent) => sent.phone === phone)!;
  await client.invoke({ _: 'checkAuthenticationCode', code });
}

async function whoIs(client: TdClient, phone: string): Promise<string> {
  const me = await client.invoke({ _: 'getMe' });
  equal(me.phone_number, phone);
  return `user ${me.id}`;
}

async function allChats(client: TdClient): Promise<readonly number[]> {
  const chat_list = { _: 'chatListMain' };
  for (;;) {
    const isEnd = await client.invoke({ _: 'loadChats', chat_list, limit: 10 }).then(
      () => false,
      (error: unknown) => {
        if ((error as { code?: number }).code !== 404) throw error;
        return true;
      },
    );
    if (isEnd) return (await client.invoke({ _: 'getChats', chat_list, limit: 1000 })).chat_ids;
  }
}

function text(words: string) {
  return { _: 'inputMessageText', text: { _: 'formattedText', text: words } };
}

function photo(caption: string) {
  const file = { _: 'inputPhoto', photo: local(options.photo), width: 1280, height: 853 };
  return { _: 'inputMessagePhoto', photo: file, caption: { _: 'formattedText', text: caption } };
}

function local(path: string) {
  return { _: 'inputFileLocal', path };
}

function sendMessage(input_message_content?: object) {
  return { _: 'sendMessage', chat_id: DEMO, input_message_content };
}

async function sendText(client = acting): Promise<TdObject> {
  const [message] = await client.sent(sendMessage(text(`text ${++texts}`)));
  return message!;
}

function textOf({ content }: TdObject): string {
  return content._ === 'messageText' ? content.text.text : '';
}

/** The message as it comes to the other session by an update. */
async function seen({ id }: TdObject, client = seeing): Promise<TdObject> {
  const isIt = ({ _, message }: TdObject) => _ === 'updateNewMessage' && message.id === id;
  return (await client.next(`message ${id} at the other session`, isIt, 0)).message;
}

function download({ id }: TdObject): Promise<TdObject> {
  return seeing.invoke({
    _: 'downloadFile',
    file_id: id,
    priority: 1,
    offset: 0,
    limit: 0,
    synchronous: true,
  });
}

async function updatesArrive(): Promise<string> {
  await seen(await sendText(seeing), acting);
  await incoming(`incoming ${++texts}`);
  return 'from another session and from someone else';
}

/** Sends one text whose call is cut, and counts what is delivered. */
async function sendCut(drop: 'before' | 'after'): Promise<string> {
  await post('/faults', [{ method: 'messages.sendMessage', drop, times: 1 }]);
  const message = await sendText();
  const [fault] = await get<{ hits: number }[]>('/faults');
  equal(fault!.hits, 1);
  await seen(message);
  const { delivered } = await get<{ delivered: { text: string }[] }>('/report');
  equal(delivered.filter((delivery) => delivery.text === textOf(message)).length, 1);
  await post('/faults', []);
  return 'delivered once';
}

/** Has someone else write to the basic group, and waits until that has arrived. */
async function incoming(words: string): Promise<string> {
  const since = acting.updates.length;
  await post('/incoming', { chat_id: OTHER, from: 777000, text: words, phone: PHONE });
  const isIt = ({ _, message }: TdObject) =>
    _ === 'updateNewMessage' && !message.is_outgoing && textOf(message) === words;
  await acting.next('an incoming message', isIt, since);
  return words;
}

/** How many sessions of an account there are at its home. */
async function sessionsOf(phone: string): Promise<number> {
  const sessions = await get<{ phone: string; dc: number }[]>('/sessions');
  return sessions.filter((session) => session.phone === phone && session.dc === 2).length;
}

function get<T>(path: string): Promise<T> {
  return ask<T>(path);
}

function post(path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(options.url + path, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
