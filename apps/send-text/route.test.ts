import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoPeer } from '../testkit/requests.ts';
import { demoChat, startStack, startTestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { shared } from '../testkit/when-done.ts';
import { movableClock } from '../testkit/movable-clock.ts';

const forum = -1_002_200_000_011;

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));
beforeEach(() => stack.sandbox.post('/reset', {}));

interface Shown {
  readonly message_id: number;
  readonly text: string;
  readonly entities?: readonly Record<string, unknown>[];
  readonly [name: string]: unknown;
}

/** What a chat of the inbox shows: what was delivered, and what waits for its time. */
async function inbox(chat: number): Promise<{ messages: Shown[]; waiting: Shown[] }> {
  const url = `http://127.0.0.1:${stack.sandbox.httpPort}/api/chats/${chat}/messages`;
  return (await fetch(url)).json() as Promise<{ messages: Shown[]; waiting: Shown[] }>;
}

const remove = async (id: unknown) => {
  const answer = await fetch(`${stack.gateway.url}/messages/${String(id)}`, { method: 'DELETE' });
  return { status: answer.status, body: (await answer.json()) as object };
};
/** Another client of the account sends at once what waits in the demo chat. */
async function sendScheduledNow(): Promise<void> {
  const other = await stack.sandbox.connect();
  const peer = await demoPeer(other);
  const { messages } = await other.call<Api.messages.Messages>(
    new Api.messages.GetScheduledHistory({ peer, hash: returnBigInt(0) }),
  );
  const id = messages.map((message) => message.id);
  await other.call(new Api.messages.SendScheduledMessages({ peer, id }));
}
const send = (body: object) => stack.gateway.post('/send_text', { chat_id: demoChat, ...body });

describe('a formatted text', () => {
  const [entityBold, entityCode] = ['messageEntityBold', 'messageEntityCode'];

  it.each([
    ['markdown', '👍 *bold* `a.b`'],
    ['html', '👍 <b>bold</b> <code>a.b</code>'],
    ['telethon', '👍 **bold** `a.b`'],
  ])('in %s reaches Telegram as text and entities', async (parse_mode, text) => {
    expect(await send({ text, parse_mode })).toMatchObject({ status: 200 });
    const { messages } = await inbox(demoChat);
    expect(messages).toMatchObject([
      {
        text: '👍 bold a.b',
        entities: [
          { type: entityBold, offset: 3, length: 4 },
          { type: entityCode, offset: 8, length: 3 },
        ],
      },
    ]);
  });

  it('carries every entity that there is', async () => {
    const text = [
      '*b* _i_ __u__ ~s~ ||p||',
      '[link](b.example) [777](tg://user?id=777000) ![👍](tg://emoji?id=5368324170671202286)',
      '```js\nlet a```',
      '>quote',
      '',
      '>expandable||',
    ].join('\n');
    expect(await send({ text, parse_mode: 'markdown' })).toMatchObject({ status: 200 });
    const [message] = (await inbox(demoChat)).messages;
    expect(message!.text).toBe('b i u s p\nlink 777 👍\nlet a\nquote\n\nexpandable');
    expect(message!.entities).toMatchObject([
      { type: entityBold, offset: 0, length: 1 },
      { type: 'messageEntityItalic', offset: 2, length: 1 },
      { type: 'messageEntityUnderline', offset: 4, length: 1 },
      { type: 'messageEntityStrike', offset: 6, length: 1 },
      { type: 'messageEntitySpoiler', offset: 8, length: 1 },
      { type: 'messageEntityTextUrl', offset: 10, length: 4, url: 'http://b.example' },
      { type: expect.stringContaining('MentionName'), offset: 15, length: 3, user_id: '777000' },
      { type: 'messageEntityCustomEmoji', offset: 19, length: 2 },
      { type: 'messageEntityPre', offset: 22, length: 5, language: 'js' },
      { type: 'messageEntityBlockquote', offset: 28, length: 5 },
      { type: 'messageEntityBlockquote', offset: 35, length: 10, collapsed: true },
    ]);
  });

  it('can be a time, which each reader is shown in their own zone', async () => {
    for (const [parse_mode, text] of [
      ['markdown', '![a](tg://time?unix=1647531900&format=wDt) ![b](tg://time?unix=1&format=r)'],
      [
        'html',
        '<tg-time unix="1647531900" format="wDt">a</tg-time> <tg-time unix="1" format="r">b</tg-time>',
      ],
    ])
      expect(await send({ text, parse_mode })).toMatchObject({ status: 200 });
    const type = 'messageEntityFormattedDate';
    for (const { entities } of (await inbox(demoChat)).messages)
      expect(entities).toMatchObject([
        { type, offset: 0, length: 1 },
        { type, offset: 2, length: 1 },
      ]);
  });

  it('says how much of its formatting Telegram will leave out', async () => {
    const text = '<b>a</b> '.repeat(101);
    const { body } = await send({ text, parse_mode: 'html' });
    expect(body.message_ids).toHaveLength(1);
    expect(body.notes).toEqual([expect.stringContaining('keeps the first 100 formatted stretches')]);
    const split = await send({ text, parse_mode: 'html', split: true });
    expect(split.body.message_ids).toHaveLength(2);
    expect(split.body).not.toHaveProperty('notes');
  });

  it('is plain unless it says otherwise', async () => {
    expect(await send({ text: '*a* <b>.' })).toMatchObject({ status: 200 });
    const [message] = (await inbox(demoChat)).messages;
    expect(message).toMatchObject({ text: '*a* <b>.' });
    expect(message!.entities ?? []).toEqual([]);
  });

  it('is in the markup that the settings name, unless it says otherwise', async () => {
    const { gateway, sandbox } = await startStack('text', { DEFAULT_PARSE_MODE: 'HTML' });
    const legacy = { text: '*a*.', parse_mode: 'Markdown' };
    for (const body of [{ text: '<b>a</b>' }, { text: '<b>a</b>', parse_mode: 'None' }, legacy]) {
      expect(await gateway.post('/send', { chat_id: demoChat, ...body })).toMatchObject({ status: 200 });
    }
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['a', '<b>a</b>', 'a.']);
  });

  it.each([
    [
      { text: 'v1.0', parse_mode: 'markdown' },
      "text: MarkdownV2 cannot be parsed at character 3: character '.'",
    ],
    [{ message: 'a <br>', parse_mode: 'html' }, 'message: HTML cannot be parsed at character 3: tag <br>'],
    [{ text: '**', parse_mode: 'markdown' }, 'text is empty once it is formatted'],
    [{ text: ' \n ' }, 'text is empty once it is formatted'],
    [{ text: 'a', parse_mode: 'bbcode' }, 'parse_mode takes none, markdown or MarkdownV2, html'],
    [{ text: 'a', split: 'perhaps' }, 'split takes true or false'],
    [{ text: 'a', schedule_at: 5 }, 'schedule_at takes an ISO 8601 time'],
  ])('that is %j is refused: %s', async (body, sentence) => {
    const answer = await send(body);
    expect(answer).toMatchObject({ status: 422, body: { class: 'bad_request' } });
    expect(answer.body.detail).toContain(sentence);
    expect((await stack.sandbox.report()).delivered).toEqual([]);
  });

  it('is as long as Telegram counts it, in UTF-16 units and without its markup', async () => {
    const fits = `*${'👍'.repeat(2048)}*`;
    expect(await send({ text: fits, parse_mode: 'markdown' })).toMatchObject({ status: 200 });
    const answer = await send({ text: `${fits}a`, parse_mode: 'markdown' });
    expect(answer).toMatchObject({ status: 422, body: { class: 'text_too_long' } });
    expect(answer.body.detail).toContain('text is 4097 characters long');
    expect(answer.body.detail).toContain('split: true');
  });
});

describe('a request', () => {
  it.each([{ me: true }, { me: 'true' }, { to: 'me' }, { chat_id: 'me' }])(
    'that is for the account itself may say %j',
    async (target) => {
      const answer = await stack.gateway.post('/send', { ...target, text: 'a' });
      expect(answer).toMatchObject({ status: 200, body: { status: 'sent' } });
      const [delivered] = (await stack.sandbox.report()).delivered;
      expect(answer.body.chat_id).toBe(Number(delivered!.chat_id));
    },
  );

  it('of JSON that was sent as a form, as curl -d does, is told what to send', async () => {
    const body = JSON.stringify({ chat_id: demoChat, text: 'a' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${stack.gateway.url}/send`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({
      class: 'bad_request',
      detail: expect.stringContaining('send Content-Type: application/json') as string,
    });
  });
});

describe('a text that is split', () => {
  const paragraph = (name: string) => `<b>${name}</b> ${'word '.repeat(500)}`;

  it('arrives as several messages, in order and formatted, in one answer', async () => {
    const text = ['one', 'two', 'three'].map(paragraph).join('\n\n');
    const answer = await send({ text, parse_mode: 'html', split: true });
    const { messages } = await inbox(demoChat);
    expect(messages.map(({ text }) => text.slice(0, 5).trim())).toEqual(['one w', 'two w', 'three']);
    for (const { entities } of messages)
      expect(entities).toMatchObject([{ type: 'messageEntityBold', offset: 0 }]);
    const ids = messages.map(({ message_id }) => message_id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'sent', message_id: ids[0], message_ids: ids, attempts: 1 },
    });
  });

  it('is one message when it fits', async () => {
    const answer = await send({ text: 'a', split: true });
    expect(answer.body.message_ids).toHaveLength(1);
  });

  it('is sent once for an idempotency key, and once when an answer is lost', async () => {
    const { sandbox } = stack;
    const request = { text: 'word '.repeat(2000), split: 'true', idempotency_key: 'split' };
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop: 'after', times: 1 }]);
    const answer = await send(request);
    expect(answer).toMatchObject({ status: 200, body: { status: 'sent', attempts: 2 } });
    expect((await send(request)).body).toEqual(answer.body);
    const { delivered } = await sandbox.report();
    expect(delivered.map(({ message_id }) => Number(message_id))).toEqual(answer.body.message_ids);
    expect(delivered).toHaveLength(3);
  });

  it('takes 50 messages and no more', async () => {
    const answer = await send({ text: 'a'.repeat(4096 * 50 + 1), split: true });
    expect(answer).toMatchObject({ status: 422, body: { class: 'text_too_long' } });
    expect(answer.body.detail).toContain('would be split into 51 messages, and one request takes 50');
  });

  it('may be 50 messages long in any script, however the body writes it', async () => {
    const text = encodeURIComponent('я'.repeat(4096 * 50 - 1));
    const body = `chat_id=${demoChat}&wait=0&split=1&text=${text}.`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${stack.gateway.url}/send`, { method: 'POST', headers, body });
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as { id: string };
    const sent = await stack.gateway.untilStatus(id, 'sent');
    expect(sent.body.message_ids).toHaveLength(50);
  });

  it.each([
    [512 * 1024 + 1, 422, 'text_too_long'],
    [2 * 1024 * 1024, 413, 'too_large'],
  ])('of %i characters is refused before it is read: %i %s', async (length, status, className) => {
    const answer = await send({ text: ' '.repeat(length), split: true });
    expect(answer).toMatchObject({ status, body: { class: className } });
  });
});

describe('the options of a text', () => {
  it('reach Telegram: silent, and in answer to a message', async () => {
    const first = await send({ text: 'a' });
    const reply_to = first.body.message_id;
    expect(await send({ text: 'b', silent: true, reply_to })).toMatchObject({ status: 200 });
    const { messages } = await inbox(demoChat);
    expect(messages).toMatchObject([
      { text: 'a', silent: false },
      { text: 'b', silent: true, reply: { message_id: reply_to } },
    ]);
  });

  it('reach Telegram: without a preview of the first link', async () => {
    const text = 'https://vestnik.example';
    for (const link_preview of [undefined, true, false, 'false']) await send({ text, link_preview });
    const { delivered } = await stack.sandbox.report();
    expect(delivered.map((each) => each.link_preview)).toEqual([undefined, undefined, false, false]);
  });

  it('reach Telegram: in a topic', async () => {
    expect(await send({ chat_id: forum, text: 'a', topic_id: '2' })).toMatchObject({ status: 200 });
    expect((await inbox(forum)).messages).toMatchObject([{ text: 'a', topic: 'Deploys' }]);
  });

  it('reach Telegram: to be sent later', async () => {
    const at = Math.floor(Date.now() / 1000) + 3600;
    const schedule_at = new Date(at * 1000).toISOString();
    const answer = await send({ text: 'a', schedule_at });
    expect(answer).toMatchObject({ status: 200, body: { status: 'scheduled', date: at } });
    const shown = await until('the inbox shows it', async () => {
      const page = await inbox(demoChat);
      return page.waiting.length > 0 && page;
    });
    expect(shown).toMatchObject({ messages: [], waiting: [{ text: 'a', scheduled_for: at * 1000 }] });
  });

  it('are held by Telegram only where its answer shows them, and are asked for again where it does not', async () => {
    const faults = [{ method: 'messages.sendMessage', omit_item: 1, times: 1 }];
    await stack.sandbox.post('/faults', faults);
    const answer = await send({ text: 'a', schedule_at: Math.floor(Date.now() / 1000) + 3600 });
    expect(answer).toMatchObject({ status: 200, body: { status: 'scheduled', attempts: 2 } });
    expect((await inbox(demoChat)).waiting).toHaveLength(1);
  });

  it('are taken back from Telegram when they are cancelled before their time', async () => {
    const { body } = await send({ text: 'a', schedule_at: Math.floor(Date.now() / 1000) + 3600 });
    expect(await remove(body.id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await inbox(demoChat)).waiting).toEqual([]);
  });

  it('cannot be taken back once Telegram has sent them', async () => {
    const { body } = await send({ text: 'a', schedule_at: Math.floor(Date.now() / 1000) + 3600 });
    const { id } = body;
    await sendScheduledNow();
    expect(await remove(id)).toMatchObject({ status: 409 });
    expect((await inbox(demoChat)).messages).toMatchObject([{ text: 'a' }]);
  });

  it('do not keep a repeated request from its answer when the time has come', async () => {
    const clock = movableClock();
    const late = await startTestGateway('text', stack.sandbox, temporaryFolder(), {}, undefined, clock);
    await late.untilWarm();
    const schedule_at = Math.ceil(Date.now() / 1000) + 3600;
    const request = { chat_id: demoChat, text: 'a', schedule_at, idempotency_key: 'later' };
    const first = await late.post('/send', request);
    expect(first).toMatchObject({ status: 200 });
    clock.advance(3_602_000);
    expect((await late.post('/send', { ...request, idempotency_key: 'new' })).status).toBe(422);
    const sent = { status: 'sent', message_id: null, message_ids: [null] };
    expect((await late.post('/send', request)).body).toEqual({ ...first.body, ...sent });
  });

  it('are part of what an idempotency key stands for', async () => {
    expect(await send({ text: 'a', idempotency_key: 'o' })).toMatchObject({ status: 200 });
    expect(await send({ text: 'a', idempotency_key: 'o', silent: true })).toMatchObject({
      status: 409,
      body: { class: 'idempotency_conflict' },
    });
  });
});
