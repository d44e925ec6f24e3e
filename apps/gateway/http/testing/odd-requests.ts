/** Odd JSON, forms, markup and addresses, none of which a gateway is to take. */
import { demoChat } from '../../../testkit/stack.ts';

export const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const to = `"chat_id":${demoChat}`;
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** The Content-Type, and bodies of it. */
export const oddBodies: readonly (readonly [string, readonly string[]])[] = [
  [
    json,
    [
      ...[
        '',
        ' ',
        '\0',
        'null',
        'true',
        '0',
        '"a"',
        '[]',
        '[{}]',
        '{',
        '}',
        '{}',
        '{}{}',
        '{"a"}',
        "{'a':1}",
        'NaN',
        'undefined',
      ],
      ...[
        `{${to},"text":"a",}`,
        `{${to} "text":"a"}`,
        `{${to},"text":"a"}x`,
        `{${to},"text":"a"}\0`,
        `// x\n{${to},"text":"a"}`,
      ],
      ...[
        `{${to},"text":NaN}`,
        `{${to},"text":Infinity}`,
        `{${to},"text":0x10}`,
        `{${to},"text":01}`,
        `{${to},"text":.5}`,
      ],
      ...[
        `{${to},"text":"a\nb"}`,
        `{${to},"text":"\\x41"}`,
        `{${to},"text":"\\u12"}`,
        `{${to},"text":"a`,
        `{${to},"text":"\\ud800"}`,
      ],
      ...[
        `{${to},"text":null}`,
        `{${to},"text":1}`,
        `{${to},"text":{}}`,
        `{${to},"text":["a"]}`,
        `{${to},"text":""}`,
        `{${to},"text":"  "}`,
      ],
      ...[
        `{${to},"text":"a","__proto__":{"chat_id":1}}`,
        `{${to},"text":"a","constructor":1}`,
        `{${to},"text":"a","toString":1}`,
      ],
      ...[
        `{${to},"text":"a","text":"b"}`,
        `{${to},"chat\\u005fid":1,"text":"a"}`,
        `{${to},"username":"a_user","text":"a"}`,
      ],
      ...[
        '{"chat_id":1e999,"text":"a"}',
        '{"chat_id":-0,"text":"a"}',
        '{"chat_id":1.5,"text":"a"}',
        '{"chat_id":9007199254740993,"text":"a"}',
      ],
      ...[
        '{"chat_id":[1],"text":"a"}',
        '{"chat_id":{"$gt":0},"text":"a"}',
        '{"chat_id":true,"text":"a"}',
        '{"chat_id":"0x10","text":"a"}',
      ],
      ...[
        '{"chat_id":"1 OR 1=1","text":"a"}',
        '{"chat_id":"","text":"a"}',
        '{"chat_id":"１２３","text":"a"}',
        '{"username":"../a","text":"a"}',
      ],
      ...[
        `{${to},"text":"a","silent":"maybe"}`,
        `{${to},"text":"a","wait":-1}`,
        `{${to},"text":"a","wait":1e9}`,
        `{${to},"text":"a","priority":"__proto__"}`,
      ],
      ...[
        `{${to},"text":"a","parse_mode":"constructor"}`,
        `{${to},"text":"a","schedule_at":"tomorrow"}`,
        `{${to},"text":"a","expires_in":0}`,
      ],
      ...[
        nested('[', ']', 100_000),
        `{"a":${nested('[', ']', 50_000)}}`,
        nested('{"a":', '}', 10_000),
        `{${to},"text":"${'x'.repeat(3_000_000)}"}`,
      ],
    ],
  ],
  [
    form,
    [
      ...[
        '',
        '&',
        '=',
        '&&&===',
        'chat_id',
        `chat_id=${demoChat}`,
        'text=a',
        `chat_id[]=${demoChat}&text=a`,
        `chat_id=${demoChat}&text[]=a`,
      ],
      ...[
        `chat_id=${demoChat}&chat_id=1&text=a`,
        `chat_id=${demoChat}&text=a&text=b`,
        `chat_id=${demoChat}&text=%ff`,
        `chat_id=${demoChat}%00&text=a`,
      ],
      ...[
        `chat_id=${demoChat}&text=a&__proto__=b`,
        `chat_id=${demoChat};text=a`,
        `{${to},"text":"a"}`,
        `chat_id=${demoChat}&text=%ED%A0%80`,
      ],
    ],
  ],
  ['text/plain', [`{${to},"text":"a"}`]],
  ['application/xml', [`<a><chat_id>${demoChat}</chat_id><text>a</text></a>`]],
  ['application/json; charset=utf-7', [`{${to},"text":"a"}`]],
];

/** By parse mode. */
export const oddMarkup: readonly (readonly [string, readonly string[]])[] = [
  [
    'html',
    [
      '<b>',
      '</b>',
      '<b><i></b></i>',
      '<script>x</script>',
      '<a href="x>y</a>',
      '<b onclick="x">y</b',
      '<img src=x>',
      '<!-- x -->',
      '&#xD800;',
    ],
  ],
  ['markdown', ['*a', '_a', '[a](', '[a](b', '`a', '```a', '||a', 'a.b', 'a!']],
];

/** Addresses that are none of a gateway. */
export const oddAddresses = [
  ...[
    '/send_text/..',
    '/%73end_text%00',
    '/send_text%2f',
    '//send_text',
    '/./send_tex',
    '/send_text\\',
    '/send_text;a=b',
    '/send_text%3fa',
  ],
  ...[
    '/messages/%',
    '/messages/%ff',
    '/messages/..%2f..%2fetc%2fpasswd',
    '/messages/%00',
    `/messages/${'x'.repeat(10_000)}`,
    '/messages//retry',
  ],
  ...[
    '/etc/passwd',
    '/../../etc/passwd',
    '/docs/../../package.json',
    '/.env',
    '/.git/config',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/__proto__',
    '/constructor',
  ],
];
