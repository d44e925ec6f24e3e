import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../testkit/sandbox.ts';
import { startStack, startTestGateway } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { shared } from '../testkit/when-done.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));
beforeEach(() => stack.sandbox.post('/reset', {}));

const migratedGroup = -4077;
const itsSupergroup = '-1002200000012';

describe('a target', () => {
  it.each([
    { username: 'vestnik_demo' },
    { username: '@Vestnik_Demo' },
    { username: 'https://t.me/vestnik_demo' },
    { chat_id: '@vestnik_demo' },
    { to: 't.me/vestnik_demo' },
  ])('may be a username in any form: %j', async (target) => {
    const answer = await stack.gateway.post('/send', { ...target, text: 'a' });
    expect(answer).toMatchObject({ status: 200, body: { chat_id: -1_003_833_950_795 } });
    expect((await stack.sandbox.report()).rpc).toEqual({ 'messages.sendMessage': 1 });
  });

  it.each([
    { chat_id: 'https://t.me/vestnik_demo/123?single' },
    { username: 'tg://resolve?domain=vestnik_demo' },
    { chat_id: 'https://t.me/c/3833950795/89' },
  ])('may be a link to it or to a message there: %j', async (target) => {
    const answer = await stack.gateway.post('/send', { ...target, text: 'a' });
    expect(answer).toMatchObject({ status: 200, body: { chat_id: -1_003_833_950_795 } });
  });

  it('may be the id of a known channel without its -100, and a note says so', async () => {
    const answer = await stack.gateway.post('/send', { chat_id: -3_833_950_795, text: 'a' });
    expect(answer).toMatchObject({ status: 200, body: { chat_id: -1_003_833_950_795 } });
    expect(answer.body.notes).toEqual([expect.stringContaining('the message goes to -1003833950795')]);
    const user = await stack.gateway.post('/send', { chat_id: 3_833_950_795, text: 'a' });
    expect(user).toMatchObject({ status: 404, body: { class: 'cannot_resolve' } });
  });

  it.each([
    [{ phone: '8 (900) 123-45-67' }, 'phone takes a phone number with its country code'],
    [{ chat_id: 't.me/+AbCdEf' }, 'chat_id is an invite'],
  ])('that leads nowhere is refused before anything is asked of Telegram: %j', async (target, words) => {
    const answer = await stack.gateway.post('/send', { ...target, text: 'a' });
    expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(answer.body.detail).toContain(words);
    expect((await stack.sandbox.report()).rpc).toEqual({});
  });

  it('may be a phone number, which no answer and no log shows', async () => {
    const answer = await stack.gateway.post('/send', { phone: '+999 662 0002', text: 'a' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'sent' } });
    expect(JSON.stringify(answer.body)).not.toContain('9996620002');
    expect((await stack.sandbox.report()).delivered).toHaveLength(1);
  });

  it('that is a name nobody has is a 404, asked of Telegram once', async () => {
    const send = () => stack.gateway.post('/send', { username: 'nobody_at_all', text: 'a' });
    expect(await send()).toMatchObject({ status: 404, body: { class: 'cannot_resolve' } });
    const again = await send();
    expect(again).toMatchObject({ status: 404, body: { class: 'cannot_resolve', id: null } });
    expect((await stack.sandbox.report()).rpc).toEqual({ 'contacts.resolveUsername': 1 });
  });

  it('that is a basic group which became a supergroup is followed there', async () => {
    const answer = await stack.gateway.post('/send', { chat_id: migratedGroup, text: 'moved' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'sent' } });
    expect((await stack.sandbox.report()).delivered).toMatchObject([
      { chat_id: itsSupergroup, text: 'moved' },
    ]);
  });

  it.each([
    [{ phone: '12', text: 'a' }, 'phone takes a phone number'],
    [{ phone: 'one two three', text: 'a' }, 'phone takes a phone number'],
    [{ username: '1', phone: '9996620001', text: 'a' }, 'username takes a username'],
    [{ username: 'anna', phone: '9996620001', text: 'a' }, 'two targets, username and phone'],
    [{ chat_id: '@', text: 'a' }, 'chat_id takes a chat id'],
  ])('that is wrong is refused: %j', async (body, sentence) => {
    const answer = await stack.gateway.post('/send', body);
    expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(answer.body.detail).toContain(sentence);
  });
});

describe('a username that has moved', () => {
  it('leads to its new owner once any answer shows the old one without it', async () => {
    const [before, after] = ['-1002200000021', '-1002200000022'];
    const owned = (chat: string) =>
      stack.sandbox.post('/world', { usernames: { moving_name: chat }, unknown: [before, after] });
    const send = (target: object) => stack.gateway.post('/send', { ...target, text: 'a' });
    await owned(before);
    expect((await send({ username: 'moving_name' })).body.chat_id).toBe(Number(before));
    await owned(after);
    expect((await send({ chat_id: before })).body.status).toBe('sent');
    expect((await send({ username: 'moving_name' })).body.chat_id).toBe(Number(after));
  });
});

describe('a topic', () => {
  const forum = -1_002_200_000_011;

  it('with number 1 is General, which takes no reply', async () => {
    const answer = await stack.gateway.post('/send', { chat_id: forum, topic_id: 1, text: 'to all' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'sent' } });
    const reply = { chat_id: forum, topic_id: 1, reply_to: answer.body.message_id, text: 'me too' };
    expect(await stack.gateway.post('/send', reply)).toMatchObject({ status: 200, body: { status: 'sent' } });
    expect((await stack.sandbox.report()).delivered).toMatchObject([{ text: 'to all' }, { text: 'me too' }]);
  });
});

describe('a look-up that Telegram refuses', () => {
  it('without saying that nobody has the name is made again, and the message goes out', async () => {
    await stack.sandbox.post('/faults', [
      { method: 'contacts.resolveUsername', error: 'CHANNEL_PRIVATE', times: 1 },
    ]);
    await stack.sandbox.post('/world', {
      usernames: { found_later: '-1002200000013' },
      unknown: ['-1002200000013'],
    });
    const { body } = await stack.gateway.post('/send', { username: 'found_later', text: 'a', wait: 0 });
    const sent = await stack.gateway.untilStatus(body.id, 'sent', 15_000);
    expect(sent.body).toMatchObject({ chat_id: -1_002_200_000_013 });
    const { errors, rpc } = await stack.sandbox.report();
    expect(errors).toMatchObject({ CHANNEL_PRIVATE: 1 });
    expect(rpc['contacts.resolveUsername']).toBe(2);
  });
});

describe('the budget for names', () => {
  it('used up, leaves the message queued with the time when its name is looked up', async () => {
    const sandbox = await startSandbox();
    const gateway = await startTestGateway('text', sandbox, temporaryFolder(), { LOOKUPS_PER_MIN: '1' });
    await gateway.untilWarm();
    expect((await gateway.post('/send', { username: 'nobody_one', text: 'a' })).status).toBe(404);
    const answer = await gateway.post('/send', { username: 'nobody_two', text: 'a', wait: 1 });
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued', chat_id: '@nobody_two' } });
    expect(Date.parse(String(answer.body.not_before)) - Date.now()).toBeGreaterThan(30_000);
    expect((await sandbox.report()).rpc['contacts.resolveUsername']).toBe(1);
  });
});
