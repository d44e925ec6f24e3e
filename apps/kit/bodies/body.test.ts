/** Bodies as clients really send them, over HTTP. */
import { createServer, request as send, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../errors.ts';
import { BodyMemory } from './body-memory.ts';
import { readObject, type BodyLimits } from './body.ts';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

let server: ReturnType<typeof createServer>;
let limits: BodyLimits;
beforeEach(async () => {
  limits = { maxBytes: 100_000 };
  server = createServer((request, response) => {
    readObject(request, limits).then(
      (fields) => response.end(JSON.stringify({ fields })),
      (error: unknown) => {
        const { status, message, class: name } = error as Problem;
        response.writeHead(status ?? 500).end(JSON.stringify({ status, message, class: name }));
      },
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function post(
  body: string | Uint8Array,
  type: string,
  headers: IncomingHttpHeaders = {},
): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { 'content-type': type, ...headers },
    };
    const sending = send(options, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => resolve(text));
    });
    sending.on('error', reject).end(body);
  });
  return JSON.parse(answer);
}

const word = 'Привет';
const windows1251 = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
const koi8 = Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]);
const escaped = (bytes: Buffer) => [...bytes].map((byte) => `%${byte.toString(16)}`).join('');
const jsonOf = (bytes: Buffer) => Buffer.concat([Buffer.from('{"text":"'), bytes, Buffer.from('"}')]);
const formOf = (bytes: Buffer) => Buffer.concat([Buffer.from('text='), bytes]);
const wide = Buffer.from(`{"text":"${word}"}`, 'utf16le');

describe('the charset', () => {
  it.each([
    ['JSON in windows-1251', jsonOf(windows1251), `${json}; charset=windows-1251`],
    ['JSON in koi8-r, quoted', jsonOf(koi8), `${json}; charset="KOI8-R"`],
    ['JSON in UTF-16', wide, `${json}; charset=utf-16le`],
    ['JSON in UTF-16 with its mark', Buffer.concat([Buffer.of(0xff, 0xfe), wide]), json],
    ['JSON with a byte order mark', Buffer.from(`\ufeff{"text":"${word}"}`), json],
    ['a raw form', formOf(windows1251), `${form}; charset=windows-1251`],
    ['an escaped form', Buffer.from(`text=${escaped(windows1251)}`), `${form}; charset=windows-1251`],
    ['a form in UTF-8', Buffer.from(`text=${encodeURIComponent(word)}`), form],
    ['a raw form in UTF-8 with a mark', Buffer.from(`\ufefftext=${word}`), form],
    ['a form in UTF-16', Buffer.from(`text=${word}`, 'utf16le'), `${form}; charset=utf-16`],
  ])('that is declared is decoded: %s', async (_, body, type) => {
    expect(await post(body, type)).toEqual({ fields: { text: word } });
  });

  it.each([
    ['JSON', jsonOf(windows1251), json, /the body is not UTF-8: byte 10 \(0xF0\) fits no character/],
    ['a form', formOf(windows1251), form, /the field text is not UTF-8: byte 1 \(0xF0\)/],
    ['an escaped form', Buffer.from('text=a%CF%F0'), form, /the field text is not UTF-8: byte 2 \(0xF0\)/],
    [
      'a cut character',
      Buffer.from('text=%D0'),
      form,
      /the field text is not UTF-8: it ends within a character/,
    ],
    [
      'what is declared otherwise',
      jsonOf(windows1251),
      `${json}; charset=utf-8`,
      /declare the charset that it is in/,
    ],
  ])('is a 400 that says where, when the bytes are none of it: %s', async (_, body, type, message) => {
    expect(await post(body, type)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });

  it('that nobody knows is a 415 that names it', async () => {
    expect(await post('{}', `${json}; charset=klingon`)).toMatchObject({
      status: 415,
      message: 'the body declares the charset klingon, which is not known here: send UTF-8',
    });
  });
});

describe('the Content-Encoding', () => {
  const body = `{"text":"${word}"}`;
  it.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['br', brotliCompressSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['identity', Buffer.from(body)],
  ])('%s is undone', async (encoding, bytes) => {
    expect(await post(bytes, json, { 'content-encoding': encoding })).toEqual({ fields: { text: word } });
  });

  it.each([
    ['zstd', zstdCompressSync(body), 415, 'Content-Encoding zstd is not taken here'],
    ['gzip, gzip', gzipSync(gzipSync(body)), 415, 'Content-Encoding gzip, gzip is not taken here'],
    ['gzip', Buffer.from(body), 400, 'the body is not gzip, as its Content-Encoding says'],
    ['gzip', gzipSync(body).subarray(0, 20), 400, 'the body is not gzip'],
    ['gzip', gzipSync(Buffer.alloc(1_000_000)), 413, 'larger than 100000 bytes'],
  ])('%s that cannot be undone within the limits is refused', async (encoding, bytes, status, message) => {
    expect(await post(bytes, json, { 'content-encoding': encoding })).toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});

describe('a body', () => {
  it.each([
    ['a key of JSON', '{"chat_id":1,"chat_id":2}', json, 'chat_id'],
    ['a key that is escaped', '{"chat_id":1,"chat\\u005fid":2}', json, 'chat_id'],
    ['a key within', '{"album":[{"a":"}","media":"x"},{"media" : 1, "media" : 2}]}', json, 'media'],
    ['a field of a form', 'chat_id=1&text=x&chat%5Fid=2', form, 'chat_id'],
  ])('with a field twice is a 422: %s', async (_, body, type, name) => {
    expect(await post(body, type)).toMatchObject({
      status: 422,
      message: `the field ${name} is there twice: give it once`,
    });
  });

  it.each(['{"a":"\\"a\\":1","b":"\\\\","c":{"a":1}}', '{"a":[{"a":1},{"a":1}],"":1}', ' {} '])(
    'with a name in several places is fine: %s',
    async (body) => expect(await post(body, json)).toEqual({ fields: JSON.parse(body) as unknown }),
  );

  it('keeps of a form what is odd in it', async () => {
    expect(await post('a=1%&b=%zz+c&d&=e&&f=a=b', form)).toEqual({
      fields: { a: '1%', b: '%zz c', d: '', '': 'e', f: 'a=b' },
    });
  });

  it('of a million levels is a 400 at once', async () => {
    limits = { maxBytes: 2_000_000 };
    expect(await post('['.repeat(1_000_000), json)).toMatchObject({
      status: 400,
      message: 'the body is nested deeper than 32 levels',
    });
  });

  it('says in few words what is wrong with its JSON', async () => {
    const told = (await post(`{"text":"${'secret '.repeat(1000)}" x}`, json)) as { message: string };
    expect(told.message.length).toBeLessThan(200);
  });

  it('that trickles is cut off, though it is never silent', async () => {
    limits = { maxBytes: 1000, pace: { stallMs: 5_000, graceMs: 50, leastBytesPerS: 1_000_000 } };
    const { port } = server.address() as AddressInfo;
    const sending = send({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 900 } });
    const cut = new Promise((resolve) => sending.on('error', resolve));
    sending.write('{');
    expect(await cut).toMatchObject({ code: 'ECONNRESET' });
  });

  it('waits until there is memory for it', async () => {
    const memory = new BodyMemory(1);
    const other = memory.lease();
    other.take(999_990);
    limits = { maxBytes: 1000, lease: memory.lease() };
    expect(await post('{"text":"0123456789"}', json)).toMatchObject({ status: 503, class: 'overloaded' });
    other.end();
    limits = { maxBytes: 1000, lease: memory.lease() };
    expect(await post('{"text":"0123456789"}', json)).toMatchObject({ fields: {} });
  });
});
