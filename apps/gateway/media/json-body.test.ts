import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpool } from './spool.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createIntake } from './intake.ts';
import { readJson, type JsonBody, type JsonLimits } from './json-body.ts';

interface Outcome {
  readonly result: JsonBody | Error;
  /** Bytes of the files it decoded, by what stands in their place. */
  readonly bytes: Map<string, Buffer>;
  /** What is in the spool once the request is over. */
  readonly left: string[];
}

/** Reads one request whose body is `body`, of a length said to be `length`, and then nothing more. */
async function read(body: string, limits: Partial<JsonLimits> = {}, length?: number): Promise<Outcome> {
  const folder = temporaryFolder();
  const spool = createSpool(folder);
  const intake = createIntake(spool);
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const outcome = new Promise<JsonBody | Error>((resolve) =>
    server.once('request', (request) => {
      const given = { maxFileBytes: 1_000_000, maxTextBytes: 2000, ...limits };
      readJson(request, intake, given).then(resolve, resolve);
    }),
  );
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length ?? Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  if (length !== undefined && limits.pace === undefined) socket.end();
  const result = await outcome;
  const decoded = result instanceof Error ? [] : [...result.decoded.keys()];
  const bytes = new Map(decoded.map((name) => [name, readFileSync(spool.path(name))]));
  await intake.end();
  return { result, bytes, left: readdirSync(folder) };
}

const large = randomBytes(99_999);
const base64 = large.toString('base64');

describe('readJson', () => {
  it('parses a small body as it is, base64 and all', async () => {
    const { result } = await read('{"chat_id": 5, "base64": "aGVsbG8="}');
    expect(result).toEqual({ fields: { chat_id: 5, base64: 'aGVsbG8=' }, decoded: new Map() });
  });

  it('decodes base64 wherever it stands, and keeps everything else as JSON.parse has it', async () => {
    const rest = {
      chat_id: -1_003_833_950_795,
      caption: 'Ветер "\\\n\ud83d\ude00 \u2028',
      spoiler: true,
      wait: 0.5e1,
      nothing: null,
      media: ['base64', [], {}, [[1, -2.5e-3]]],
    };
    const asked = { ...rest, base64, album: [{ kind: 'photo' }, { base64, thumbnail: { base64: '/9j/' } }] };
    const text = JSON.stringify(asked, null, 2)
      .replace('"spoiler"', '"sp\\u006filer"')
      .replaceAll('/', '\\/');
    const { result, bytes, left } = await read(text);
    const { fields, decoded } = result as JsonBody;
    const [first, second, third] = [...decoded.keys()];
    expect(fields).toEqual({
      ...rest,
      base64: first,
      album: [{ kind: 'photo' }, { base64: second, thumbnail: { base64: third } }],
    });
    const expected = [large, large, Buffer.from('/9j/', 'base64')];
    expect([...bytes.values()].map((each, index) => each.equals(expected[index]!))).toEqual([
      true,
      true,
      true,
    ]);
    const sha256 = createHash('sha256').update(large).digest('hex');
    expect(decoded.get(first!)).toMatchObject({ sizeBytes: large.length, sha256 });
    expect(left).toEqual([]);
  });

  it.each(['base64', 'a', '__proto__'])('refuses the field %s where it is there twice', async (name) => {
    const twice = `{"base64":"${base64}","a":1,"__proto__":{"a":3},"${name}":2}`;
    const { result, left } = await read(twice);
    expect(result).toMatchObject({ status: 422, message: `the field ${name} is there twice: give it once` });
    expect(left).toEqual([]);
  });

  it.each([
    [
      'a stray character',
      `{"album":[1,{"base64":"${base64}*AAA"}]}`,
      422,
      /^album\.1\.base64 .* "\*" at character \d+$/,
    ],
    ['padding in the middle', `{"base64":"${base64}AAA=AAAA"}`, 422, 'there is "=" at character 133335'],
    ['base64 that is cut', `{"thumbnail":{"base64":"AAA${base64}"}}`, 422, /^thumbnail\.base64 takes/],
    ['a data: URL', `{"base64":"data:image/png;base64,${base64}"}`, 422, 'send what comes after its comma'],
    ['an escape in base64', `{"base64":"\\u0041\\n${base64}\\t"}`, 422, 'base64 takes base64'],
    [
      'no object',
      `["${base64.slice(0, 1000)}","${base64.slice(0, 900)}"]${' '.repeat(99)}`,
      400,
      'must be a JSON object',
    ],
    ['two objects', `{"base64":"${base64}"}{}`, 400, 'the body is not JSON'],
    ['a comma too many', `{"base64":"${base64}",}`, 400, 'the body is not JSON'],
    ['no quotes', `{"base64":"${base64}","chat_id":me}`, 400, 'the body is not JSON'],
    ['a bracket that was not opened', `{"base64":"${base64}"]`, 400, 'the body is not JSON'],
    ['half of it', `{"base64":"${base64}`, 400, 'the body is not JSON'],
    [
      'a long text',
      `{"base64":"${base64}","caption":"${base64}"}`,
      413,
      'without its base64 is larger than 2000 bytes',
    ],
    ['a long name', `{"${base64}":1}`, 413, 'without its base64 is larger than 2000 bytes'],
    ['endless depth', '['.repeat(100_000), 400, 'nested deeper than 32 levels'],
    ['a long number', `{"wait":${'1'.repeat(9000)}}`, 413, 'without its base64 is larger than 2000 bytes'],
    [
      'many files',
      `[${`{"base64":"${base64.slice(0, 400)}"},`.repeat(21)}1]`,
      422,
      'more than 20 files as base64',
    ],
  ])('refuses %s with one clear error and leaves no file', async (_, body, status, sentence) => {
    const { result, left } = await read(body);
    expect(result).toMatchObject({ name: 'Problem', status, message: expect.stringMatching(sentence) });
    expect(left).toEqual([]);
  });

  it('refuses a file larger than allowed, though its sender has not ended', async () => {
    const { result, left } = await read(`{"album":[{"base64":"${base64}`, { maxFileBytes: 50_000 }, 1e9);
    expect(result).toMatchObject({
      class: 'too_large',
      message: 'album.0.base64 is larger than 50000 bytes',
    });
    expect(left).toEqual([]);
  });

  it('says that a body was cut, and leaves no file', async () => {
    for (const body of ['{"chat_id":', `{"chat_id":5,"base64":"${base64}`]) {
      const { result, left } = await read(body, {}, 1_000_000);
      expect(result).toMatchObject({ status: 400, message: expect.stringContaining('cut before its end') });
      expect(left).toEqual([]);
    }
  });

  it('gives a silent sender up', async () => {
    for (const body of ['{"chat_id":', `{"chat_id":5,"base64":"${base64}`]) {
      const { result, left } = await read(body, { pace: { stallMs: 100 } }, 1_000_000);
      expect(result).toMatchObject({ status: 400, message: expect.stringContaining('no byte for 0.1 s') });
      expect(left).toEqual([]);
    }
  });
});
