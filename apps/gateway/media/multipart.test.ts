import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpool } from './spool.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createIntake } from './intake.ts';
import { readMultipart, type MultipartLimits } from './multipart.ts';

/** Reads one request whose body is `written` and then nothing more; what came of it, and the files left. */
async function read(written: string, limits: Partial<MultipartLimits> = {}, spoolBytes = 10_000) {
  const folder = temporaryFolder();
  const intake = createIntake(createSpool(folder, spoolBytes));
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const outcome = new Promise<unknown>((resolve) =>
    server.once('request', (request) => {
      readMultipart(request, intake, { maxFileBytes: 1000, ...limits }).then(resolve, resolve);
    }),
  );
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const head = `Host: a\r\nContent-Length: ${written.length}\r\nContent-Type: multipart/form-data; boundary=b`;
  socket.write(`POST / HTTP/1.1\r\n${head}\r\n\r\n${written.replace(/…$/, '')}`, 'latin1');
  const result = await outcome;
  await intake.end();
  return { result, left: readdirSync(folder) };
}

const file = (name: string, filename: string, body = 'bytes') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\n\r\n${body}\r\n`;
const field = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('readMultipart', () => {
  it('reads fields and files, whose names lose their folders', async () => {
    const { result, left } = await read(`${field('caption', 'Look')}${file('file', '../a/b.txt')}--b--\r\n`);
    const { fields, files } = result as { fields: unknown; files: Map<string, unknown> };
    expect(fields).toEqual({ caption: 'Look' });
    expect(files.get('file')).toMatchObject({ filename: 'b.txt', sizeBytes: 5 });
    expect(left).toEqual([]);
  });

  it.each([
    ['a file twice', file('a', 'x') + file('a', 'y'), 'the file a is there twice'],
    ['a field twice', field('a', 'x') + field('a', 'y'), 'the field a is there twice'],
    ['a file too large', file('a', 'x', 'x'.repeat(1001)), 'the file a is larger than 1000 bytes'],
    [
      'fields too large together',
      field('a', 'x'.repeat(60)) + field('b', 'x'.repeat(60)),
      'larger than 100 bytes',
    ],
  ])('refuses %s and leaves no file', async (_, parts, sentence) => {
    const { result, left } = await read(`${file('first', 'f')}${parts}--b--\r\n`, { maxFieldBytes: 100 });
    expect(result).toMatchObject({ name: 'Problem', message: expect.stringContaining(sentence) });
    expect(left).toEqual([]);
  });

  it('ends at what there is no room for, and says so', async () => {
    const parts = file('small', 'a') + file('large', 'b', 'x'.repeat(900)) + field('caption', 'after it');
    const { result, left } = await read(`${parts}--b--\r\n`, {}, 500);
    expect(result).toMatchObject({ class: 'storage_full' });
    expect(left).toEqual([]);
  });

  it('gives a silent sender up', async () => {
    const { result, left } = await read(`${file('first', 'f')}--b\r\nContent-Disp…`, {
      pace: { stallMs: 100 },
    });
    expect(result).toMatchObject({
      status: 400,
      message: 'the body was cut before its end: no byte for 0.1 s',
    });
    expect(left).toEqual([]);
  });

  const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`;
  const form = (rest: string) => `Content-Disposition: form-data; ${rest}`;
  const latin1 = (text: string, encoding: BufferEncoding = 'utf8') =>
    Buffer.from(text, encoding).toString('latin1');

  it('decodes each field in its own charset, else as UTF-8', async () => {
    const cyrillic = '\xcf\xf0\xe8'; // При, in windows-1251.
    const { result } = await read(
      part(form('name="a"'), latin1('При')) +
        part(`${form('name="b"')}\r\nContent-Type: text/plain; charset=windows-1251`, cyrillic) +
        '--b--\r\n',
    );
    expect((result as { fields: unknown }).fields).toEqual({ a: 'При', b: 'При' });
  });

  it.each([
    ['a field', part(form('name="caption"'), '\xcf\xf0'), 'the field caption is not UTF-8: byte 1 (0xF0)'],
    [
      'the name of a file',
      part(form('name="file"; filename="\xcf\xf0.pdf"'), 'x'),
      'the name of a part is not UTF-8',
    ],
    ['a part without a name', part('Content-Disposition: form-data', 'x'), 'a part of the body has no name'],
  ])('refuses %s that cannot be read, by a 400', async (_, parts, message) => {
    const { result, left } = await read(`${file('first', 'f')}${parts}--b--\r\n`);
    expect(result).toMatchObject({ status: 400, message: expect.stringContaining(message) });
    expect(left).toEqual([]);
  });

  it('takes a file without a file name, and one that is named by its field', async () => {
    const { result } = await read(
      part(`${form('name="file"')}\r\nContent-Type: image/JPEG`, '\xff\xd8') +
        part(`${form('name="thumbnail"')}\r\nContent-Type: image/jpeg`, 'x') +
        '--b--\r\n',
    );
    const { files } = result as { files: Map<string, unknown> };
    expect(files.get('file')).toMatchObject({ filename: undefined, mimeType: 'image/jpeg', sizeBytes: 2 });
    expect(files.get('thumbnail')).toMatchObject({ sizeBytes: 1 });
    const named = await read(part(form('name="file"'), 'one') + file('one', 'a.txt') + '--b--\r\n');
    expect(named.result).toMatchObject({ fields: { file: 'one' } });
    expect([...(named.result as { files: Map<string, unknown> }).files.keys()]).toEqual(['one']);
  });

  it('decodes base64 into a file as it comes', async () => {
    const { result } = await read(
      part(form('name="base64"'), Buffer.from('hello').toString('base64')) + '--b--\r\n',
    );
    const { fields, decoded } = result as { fields: { base64: string }; decoded: Map<string, unknown> };
    expect(decoded.get(fields.base64)).toMatchObject({ sizeBytes: 5 });
    const wrong = await read(part(form('name="base64"'), 'aGVs*G8=') + '--b--\r\n');
    expect(wrong.result).toMatchObject({
      status: 422,
      message: expect.stringContaining('"*" at character 4'),
    });
    expect(wrong.left).toEqual([]);
  });
});
