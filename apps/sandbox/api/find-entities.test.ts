import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, peerNamed, sendText } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';
import { withFoundEntities } from './find-entities.ts';

describe('a text holds', () => {
  it.each([
    [
      'see https://example.org/a(b)c?x=1#y). and www.google.com, ok',
      'Url:https://example.org/a(b)c?x=1#y Url:www.google.com',
    ],
    ['http://user:pw@host.tld:8080/p', 'Url:http://user:pw@host.tld:8080/p'],
    ['пример.рф/путь and http://сайт.нету', 'Url:пример.рф/путь Url:http://сайт.нету'],
    ['1.2.3.4 and 1.2.3, 1.5, file.txt, v1.2, a_b.com', 'Url:1.2.3.4'],
    ['tg://resolve?domain=x, shttp://example.org', 'Url:tg://resolve?domain=x'],
    ['a.b@example.org, mailto:c@example.org and x@y', 'Email:a.b@example.org Email:c@example.org'],
    ['@durov, @gif, @abc, a@durov', 'Mention:@durov Mention:@gif'],
    ['#tag #тег1 x#no #1 #a#b', 'Hashtag:#tag Hashtag:#тег1'],
    ['$USD $usd $TOOLONGNAME', 'Cashtag:$USD'],
    ['/start /start@bot a/b /a/b', 'BotCommand:/start BotCommand:/start@bot'],
    ['+7 999 123-45-67 and 12345678', 'Phone:+7 999 123-45-67'],
    ['4242 4242 4242 4242 and 4242 4242 4242 4243', 'BankCard:4242 4242 4242 4242'],
    ['Nothing. At all, 12:30… 😀', ''],
  ])('%s: %s', (text, entities) => {
    const found = (withFoundEntities(text, undefined) ?? []) as {
      _: string;
      offset: number;
      length: number;
    }[];
    const shown = found.map(
      ({ _, offset, length }) => `${_.slice(13)}:${text.slice(offset, offset + length)}`,
    );
    expect(shown.join(' ')).toBe(entities);
  });

  it.each(['a.', 'a@', 'a.b@', '/', '#a', '1 ', '+1', 'http://', 'a.a@a.a'])(
    'what is looked through in no time: %s',
    (part) => {
      const text = part.repeat(4096 / part.length);
      const start = performance.now();
      withFoundEntities(text, undefined);
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});

describe('a message', () => {
  let sandbox: TestSandbox;
  let client: TestClient;
  let demo: Api.TypeInputPeer;
  let nextRandomId = 1;
  beforeAll(
    shared(async (whenDone) => {
      sandbox = await startSandbox({}, whenDone);
      client = await sandbox.connect();
      demo = await demoPeer(client);
    }),
  );

  it('has the entities that the server finds, in the answer and in the history', async () => {
    const url = { className: 'MessageEntityUrl', offset: 4, length: 19 };
    const tag = { className: 'MessageEntityHashtag', offset: 24, length: 4 };
    const short = await client.call(
      text(await peerNamed(client, 'telegram'), 'see https://example.org #tag'),
    );
    expect(short).toMatchObject({ className: 'UpdateShortSentMessage', entities: [url, tag] });
    const sent = await client.call<Api.Updates>(text(demo, 'see https://example.org #tag'));
    expect(sent.updates[1]).toMatchObject({ message: { entities: [url, tag] } });
    expect(await last()).toMatchObject({ entities: [url, tag] });
  });

  it('keeps those that were given, and finds nothing within code and links', async () => {
    const given = [
      new Api.MessageEntityBold({ offset: 0, length: 9 }),
      new Api.MessageEntityCode({ offset: 10, length: 7 }),
      new Api.MessageEntityTextUrl({ offset: 18, length: 6, url: 'https://example.org/' }),
    ];
    await client.call(text(demo, '@harbour @inside a.b.com @last', given));
    expect((await last()).entities).toMatchObject([
      { className: 'MessageEntityBold', offset: 0, length: 9 },
      { className: 'MessageEntityMention', offset: 0, length: 8 },
      { className: 'MessageEntityCode' },
      { className: 'MessageEntityTextUrl' },
      { className: 'MessageEntityMention', offset: 25 },
    ]);
  });

  it('loses the white space at its ends, and the report keeps what the client sent', async () => {
    const given = [new Api.MessageEntityBold({ offset: 3, length: 6 })];
    await client.call(text(demo, ' \n bold\n\n', given));
    expect(await last()).toMatchObject({ message: 'bold', entities: [{ offset: 0, length: 4 }] });
    expect((await sandbox.report()).delivered.at(-1)?.text).toBe(' \n bold\n\n');
    await expect(client.call(text(demo, ' \n\t'))).rejects.toMatchObject({ errorMessage: 'MESSAGE_EMPTY' });
  });

  it('names the user of a mention by id', async () => {
    const userId = new Api.InputUserSelf();
    const given = [new Api.InputMessageEntityMentionName({ offset: 0, length: 4, userId })];
    await client.call(text(demo, 'self', given));
    expect((await last()).entities).toMatchObject([
      { className: 'MessageEntityMentionName', userId: returnBigInt(6_200_000_001n) },
    ]);
  });

  function text(peer: Api.TypeInputPeer, message: string, entities?: Api.TypeMessageEntity[]) {
    const request = sendText(peer, message, returnBigInt(nextRandomId++));
    request.entities = entities;
    return request;
  }

  async function last(): Promise<Api.Message> {
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0 };
    const request = new Api.messages.GetHistory({ peer: demo, ...page, hash: returnBigInt(0) });
    return (await client.call<Api.messages.ChannelMessages>(request)).messages[0] as Api.Message;
  }
});
