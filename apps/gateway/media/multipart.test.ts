import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpool } from '../outbox/spool.ts';
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
  socket.write(`POST / HTTP/1.1\r\n${head}\r\n\r\n${written.replace(/…$/, '')}`);
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
    const { result, left } = await read(`${file('first', 'f')}--b\r\nContent-Disp…`, { stallMs: 100 });
    expect(result).toMatchObject({
      status: 400,
      message: 'the body was cut before its end: no byte for 0.1 s',
    });
    expect(left).toEqual([]);
  });
});
