/** Multipart bodies that are broken, odd or cut off: each is refused, nothing is sent and no file is left. */
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, statusesIn } from '../../testkit/attacks/raw-requests.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { shared } from '../../testkit/when-done.ts';

const named = (name: string) => `Content-Disposition: form-data; name="${name}"`;
const part = (head: string, body: string) => `--b\r\n${head}\r\n\r\n${body}\r\n`;
const field = (name: string, value: string) => part(named(name), value);
const file = (name = 'file', head = '') => part(`${named(name)}; filename="a.bin"${head}`, 'forged');
const chat = field('chat_id', String(demoChat));
const end = '--b--\r\n';
const sound = `${chat}${file()}${end}`;
const form = 'multipart/form-data; boundary=b';

/** By name: the Content-Type and the body. */
const refused: readonly (readonly [string, string, string])[] = [
  ['no boundary', 'multipart/form-data', sound],
  ['an empty boundary', 'multipart/form-data; boundary=', sound],
  ['an empty boundary in quotes', 'multipart/form-data; boundary=""', sound],
  ['another boundary', 'multipart/form-data; boundary=c', sound],
  ['a boundary in capitals', 'multipart/form-data; boundary=B', sound],
  ['a boundary of 10 KB', `multipart/form-data; boundary=${'b'.repeat(10_000)}`, sound],
  ['multipart of another kind', 'multipart/mixed; boundary=b', sound],
  ['multipart of no kind', 'multipart/; boundary=b', sound],
  ['the type of a form and a body of parts', 'application/x-www-form-urlencoded', sound],
  ['the type of JSON and a body of parts', 'application/json', sound],
  ['no body', form, ''],
  ['nothing but the end', form, end],
  ['nothing but the boundary', form, '--b'],
  ['nothing but line ends', form, '\r\n\r\n\r\n'],
  ['no end', form, `${chat}${file()}`],
  ['an end without its dashes', form, `${chat}${file()}--b\r\n`],
  ['a head that does not end', form, `${chat}--b\r\n${named('file')}; filename="a"`],
  ['a part without a head', form, `${chat}--b\r\n\r\nforged\r\n${end}`],
  ['a part without a disposition', form, `${chat}${part('Content-Type: text/plain', 'forged')}${end}`],
  ['a part without a name', form, `${chat}${part('Content-Disposition: form-data', 'forged')}${end}`],
  ['a part with an empty name', form, `${chat}${field('', 'forged')}${end}`],
  [
    'a disposition of another kind',
    form,
    `${chat}${part('Content-Disposition: attachment; name="file"; filename="a"', 'x')}${end}`,
  ],
  ['no file', form, `${chat}${end}`],
  ['a file and no target', form, `${file()}${end}`],
  ['a file under an unknown name', form, `${chat}${file('files[]')}${end}`],
  ['a file as the target', form, `${file('chat_id')}${file()}${end}`],
  ['a file as the kind', form, `${chat}${file('kind')}${file()}${end}`],
  ['a file twice', form, `${chat}${file()}${file()}${end}`],
  ['a target twice', form, `${chat}${chat}${file()}${end}`],
  ['a file and base64', form, `${chat}${file()}${field('base64', 'Zm9yZ2Vk')}${end}`],
  ['a file and a path', form, `${chat}${file()}${field('path', '/etc/passwd')}${end}`],
  ['a path outside', form, `${chat}${field('path', '../../etc/passwd')}${end}`],
  ['an empty file', form, `${chat}${part(`${named('file')}; filename="a"`, '')}${end}`],
  ['an album that is no JSON', form, `${chat}${file('one')}${field('album', '[{"file":"one"')}${end}`],
  [
    'an album of a file that is not there',
    form,
    `${chat}${file('one')}${field('album', '[{"file":"one"},{"file":"two"}]')}${end}`,
  ],
  [
    'an album of __proto__',
    form,
    `${chat}${file('one')}${field('album', '[{"file":"__proto__"},{"file":"constructor"}]')}${end}`,
  ],
  ['a field __proto__', form, `${chat}${field('__proto__', '{"a":1}')}${file()}${end}`],
  ['a field constructor', form, `${chat}${field('constructor', 'x')}${file()}${end}`],
  ['a name with NUL', form, `${chat}${file('fi\0le')}${end}`],
  ['a target with NUL', form, `${field('chat_id', `${demoChat}\0`)}${file()}${end}`],
  [
    '2,000 fields',
    form,
    Array.from({ length: 2_000 }, (_, index) => field(`f${index}`, '1')).join('') + sound,
  ],
  ['200 files', form, Array.from({ length: 200 }, (_, index) => file(`f${index}`)).join('') + sound],
  ['a field of 2 MB', form, `${field('caption', 'x'.repeat(2_000_000))}${sound}`],
  ['a caption that is no UTF-8', form, `${field('caption', '\xcf\xf0')}${sound}`],
  [
    'a caption in a charset that nobody knows',
    form,
    `${part(`${named('caption')}\r\nContent-Type: text/plain; charset=klingon`, 'x')}${sound}`,
  ],
  ['parts that end in bare line feeds', form, sound.replaceAll('\r\n', '\n')],
  ['parts that end in bare carriage returns', form, sound.replaceAll('\r\n', '\r')],
];

describe('the media gateway', () => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  let port: number;
  beforeAll(
    shared(async (whenDone) => {
      stack = await startStack('media', {}, whenDone);
      port = Number(new URL(stack.gateway.url).port);
    }),
  );
  const spool = () => readdirSync(join(stack.dataDir, 'spool/main/media'));
  const nothingIsLeft = async () => {
    await until('the spool is empty', () => spool().length === 0);
    expect((await stack.gateway.get('/messages')).body.messages).toEqual([]);
    expect((await stack.sandbox.report()).delivered).toEqual([]);
  };
  const head = (type: string, length: number) =>
    `POST /send_media HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

  it(`refuses ${refused.length} kinds of broken bodies`, async () => {
    const taken: unknown[] = [];
    for (const [name, type, body] of refused) {
      const statuses = statusesIn(await exchange(port, head(type, body.length) + body));
      if (statuses.length !== 1 || statuses[0]! < 400 || statuses[0]! >= 500) taken.push([name, statuses]);
    }
    expect(taken).toEqual([]);
    await nothingIsLeft();
  });

  const cutSoFar = async () => {
    const metrics = await (await fetch(`${stack.gateway.url}/metrics`)).text();
    return Number(/requests_total\{route="\/send_media",code="400"\} (\d+)/.exec(metrics)?.[1] ?? 0);
  };

  it('keeps nothing of 150 uploads that are cut off, at once or one after another', async () => {
    const upload = head(form, 10_000_000) + chat + file().slice(0, -2);
    const cutOff = async (bytes: number) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise((resolve) => socket.write(upload + 'x'.repeat(bytes), 'latin1', resolve));
      if (bytes % 4 === 0) socket.resetAndDestroy();
      else socket.destroy();
    };
    const before = await cutSoFar();
    for (let round = 0; round < 3; round++)
      await Promise.all(Array.from({ length: 40 }, (_, index) => cutOff(index * 5_001)));
    for (let round = 0; round < 30; round++) await cutOff(round * 3_001);
    // What a reset overtakes is not always seen.
    await until('the cut uploads are refused', async () => (await cutSoFar()) - before >= 100);
    await nothingIsLeft();
    const { status } = await stack.gateway.post('/send', { chat_id: demoChat, base64: 'aGVsbG8=' });
    expect(status).toBe(200);
    await until('the spool is empty', () => spool().length === 0);
  });
});
