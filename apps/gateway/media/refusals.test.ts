/** Media that is asked for wrongly: one clear error each, nothing sent, and no file left. */
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { demoChat, startStack, startTestGateway, type TestGateway } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';
import { declaredPng, sample } from './testing/samples.ts';
import { serve, serveRaw } from './testing/servers.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
/** With the settings that are the defaults. */
let strict: TestGateway;
let strictData: string;
let web: string;
beforeAll(
  shared(async (whenDone) => {
    const folder = temporaryFolder(whenDone);
    const mediaRoot = join(folder, 'root');
    mkdirSync(mediaRoot);
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    symlinkSync(join(folder, 'secret.txt'), join(mediaRoot, 'link'));
    web = await serve((request, response) => {
      const [, name = ''] = request.url!.split('/');
      if (name === 'private') response.writeHead(302, { location: 'http://10.255.255.1/' }).end();
      else if (name === 'endless') {
        const write = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', write);
        write();
      } else if (name === 'bomb') response.end(declaredPng(60_000, 60_000));
      else if (name === 'empty') response.end();
      else if (name.includes('.')) response.end(sample(name));
      else response.writeHead(404).end();
    }, whenDone);
    const settings = { MEDIA_ROOT: mediaRoot, ALLOW_PRIVATE_URLS: 'true', MAX_UPLOAD_MB: '1' };
    stack = await startStack('media', settings, whenDone);
    strictData = temporaryFolder(whenDone);
    strict = await startTestGateway('media', stack.sandbox, strictData, {}, whenDone);
  }),
);
beforeEach(() => stack.sandbox.post('/reset', {}));

const spools = () =>
  [stack.dataDir, strictData].flatMap((folder) => readdirSync(join(folder, 'spool/main/media')));
const base64 = (name: string) => sample(name).toString('base64');
const photo = () => ({ media: `${web}/photo.jpg` });
const multipart = (fields: Record<string, unknown>, files: Record<string, Buffer> = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ chat_id: demoChat, ...fields })) form.set(name, String(value));
  for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), name);
  return form;
};

async function nothingCameOfIt() {
  await expect.poll(spools).toEqual([]);
  expect((await stack.sandbox.report()).delivered).toEqual([]);
}

type Case = [fields: () => Record<string, unknown>, className: string, sentence: string];
const cases: Record<string, Case[]> = {
  'a source': [
    [
      () => ({}),
      'bad_request',
      'file is missing: give media (a URL), path, base64, or the multipart part file',
    ],
    [() => ({ ...photo(), base64: 'aGVs' }), 'bad_request', 'two sources of one file, media and base64'],
    [() => ({ media: 5 }), 'bad_request', 'media takes a URL'],
    [() => ({ file: 'part' }), 'bad_request', 'file names the file part part, which is not in the body'],
    [() => ({ ...photo(), kind: 'poem' }), 'bad_request', 'kind takes auto, photo, video'],
    [() => ({ ...photo(), spoiler: 'maybe' }), 'bad_request', 'spoiler takes true or false'],
    [
      () => ({ ...photo(), filename: 'x'.repeat(256) }),
      'bad_request',
      'filename takes a file name of 1 to 255',
    ],
    [() => ({ ...photo(), mime_type: 'pdf' }), 'bad_request', 'mime_type takes a media type such as'],
    [() => ({ ...photo(), colour: 'red' }), 'bad_request', 'colour is not a field'],
    [() => ({ ...photo(), caption: 7 }), 'bad_request', 'caption takes a text'],
    [
      () => ({ ...photo(), caption: 'x'.repeat(65_537) }),
      'text_too_long',
      'caption takes a text, of at most 65536',
    ],
    [() => ({ media: `http://a/${'x'.repeat(9000)}` }), 'bad_request', 'media takes a URL'],
    [
      () => ({ ...photo(), caption: '<b>', parse_mode: 'html' }),
      'bad_request',
      'caption: HTML cannot be parsed',
    ],
  ],
  'a URL': [
    [() => ({ media: 'ftp://example.org/a' }), 'bad_request', 'media takes a URL that begins with http://'],
    [() => ({ media: 'not a URL' }), 'bad_request', 'media takes a URL'],
    [() => ({ media: `${web}/none` }), 'media_invalid', 'answered 404 Not Found'],
    [() => ({ media: `${web}/empty` }), 'media_invalid', 'media is empty'],
    [() => ({ media: `${web}/endless` }), 'too_large', 'is larger than 1000000 bytes'],
    [() => ({ media: 'http://127.0.0.1:1/' }), 'media_invalid', 'the host refuses connections'],
    [() => ({ media: `${web}/bomb` }), 'media_invalid', 'media declares 60000 × 60000 pixels'],
    [
      () => ({ media: `${web}/song.flac`, kind: 'voice' }),
      'media_invalid',
      'a voice message takes OGG with Opus, MP3 or M4A',
    ],
  ],
  'a path': [
    [() => ({ path: '../secret.txt' }), 'bad_request', 'path is outside MEDIA_ROOT'],
    [() => ({ path: '/etc/passwd' }), 'bad_request', 'path is outside MEDIA_ROOT'],
    [() => ({ path: 'link' }), 'bad_request', 'path is outside MEDIA_ROOT'],
    [() => ({ path: 'nothing' }), 'bad_request', 'path: there is no such file inside MEDIA_ROOT'],
  ],
  base64: [
    [() => ({ base64: 'a*b=' }), 'bad_request', 'base64 takes base64 of the characters'],
    [
      () => ({ base64: Buffer.alloc(1_000_001).toString('base64') }),
      'too_large',
      'base64 is larger than 1000000',
    ],
    [
      () => ({ base64: base64('song.mp3'), kind: 'photo' }),
      'media_invalid',
      'base64 is audio/mpeg: a photo takes',
    ],
  ],
  'a thumbnail': [
    [() => ({ ...photo(), thumbnail: 'cover.jpg' }), 'bad_request', 'thumbnail.media takes a URL'],
    [() => ({ ...photo(), thumbnail: 5 }), 'bad_request', 'thumbnail takes a URL, or an object'],
    [() => ({ ...photo(), thumbnail: {} }), 'bad_request', 'thumbnail is missing'],
    [
      () => ({ media: `${web}/video.mp4`, thumbnail: `${web}/photo.png` }),
      'media_invalid',
      'thumbnail.media is image/png: a thumbnail takes JPEG of at most 320 px a side and 204800 bytes',
    ],
    [
      () => ({ media: `${web}/video.mp4`, thumbnail: { base64: base64('song.mp3') } }),
      'media_invalid',
      'thumbnail.base64 is audio/mpeg',
    ],
  ],
  'an album': [
    [
      () => ({ album: [photo()] }),
      'bad_request',
      'album takes a list of 2 to 10 items with the fields of media, not 1',
    ],
    [() => ({ album: Array(11).fill(photo()) }), 'bad_request', 'not 11'],
    [() => ({ album: 'photos' }), 'bad_request', 'album takes a list of 2 to 10 items'],
    [() => ({ album: [photo(), { media: 'ftp://a' }] }), 'bad_request', 'album.1.media takes a URL'],
    [
      () => ({ album: [photo(), photo(), photo(), { media: `${web}/none` }] }),
      'media_invalid',
      'album.3.media: ',
    ],
    [() => ({ album: [photo(), { kind: 'poem' }] }), 'bad_request', 'album.1.kind takes auto, photo'],
    [() => ({ album: [photo(), {}] }), 'bad_request', 'album.1 is missing: give media'],
    [() => ({ album: [photo(), { ...photo(), colour: 1 }] }), 'bad_request', 'album.1.colour is not a field'],
    [() => ({ album: [photo(), { base64: '*' }] }), 'bad_request', 'album.1.base64 takes base64'],
    [() => ({ album: [photo(), photo()], kind: 'photo' }), 'bad_request', 'kind stands beside album'],
    [() => ({ album: [photo(), photo()], ...photo() }), 'bad_request', 'media stands beside album'],
    [
      () => ({ album: [{ ...photo(), caption: 'a' }, photo()], caption: 'b' }),
      'bad_request',
      'two captions, caption and album.0.caption',
    ],
    [
      () => ({ album: [photo(), { ...photo(), caption: 'x'.repeat(1025) }] }),
      'text_too_long',
      'album.1.caption takes a text of 0 to 1024 characters, not 1025',
    ],
    [
      () => ({ album: [photo(), { ...photo(), caption: 'a <b>' }], parse_mode: 'html' }),
      'bad_request',
      'album.1.caption: HTML cannot be parsed at character 3',
    ],
    [
      () => ({ album: [photo(), { media: `${web}/song.mp3` }] }),
      'media_invalid',
      'album.1.media is of kind audio in an album of photos and videos',
    ],
    [
      () => ({ album: [{ ...photo(), kind: 'document' }, photo()] }),
      'media_invalid',
      'album.1.media is of kind photo in an album of documents',
    ],
    [
      () => ({ album: [photo(), { base64: declaredPng(9000, 1001).toString('base64') }] }),
      'media_invalid',
      'album.1.base64 goes as a document: width and height of a photo are at most 10000 px together',
    ],
    [
      () => ({ album: [photo(), { media: `${web}/clip.gif` }] }),
      'media_invalid',
      'album.1.media is of kind animation, which goes alone',
    ],
    [
      () => ({ album: [{ media: `${web}/voice.ogg`, kind: 'voice' }, photo()] }),
      'media_invalid',
      'album.0.media is of kind voice, which goes alone',
    ],
  ],
};

describe.each(Object.entries(cases))('%s', (_, wrong) => {
  it.each(wrong)(
    'is refused with one clear error when it is wrong (%#)',
    async (fields, className, sentence) => {
      const { status, body } = await stack.gateway.post('/send_media', { chat_id: demoChat, ...fields() });
      expect(body).toMatchObject({ ok: false, class: className, detail: expect.stringContaining(sentence) });
      expect(status).toBe(
        { bad_request: 422, media_invalid: 422, text_too_long: 422, too_large: 413 }[className],
      );
      expect(JSON.stringify(body)).not.toContain(stack.dataDir);
      await nothingCameOfIt();
    },
  );
});

describe('without settings that allow it', () => {
  it.each([
    ['http://127.0.0.1:4431/', '127.0.0.1 is an address that is not on the public internet'],
    ['http://[::1]:4431/', '::1 is an address that is not on the public internet'],
    ['http://169.254.169.254/latest/meta-data/', 'not on the public internet'],
    ['http://localhost:4431/', 'localhost leads to'],
  ])('refuses the URL %s', async (media, sentence) => {
    const { body } = await strict.post('/send', { chat_id: demoChat, media });
    expect(body).toMatchObject({ class: 'media_invalid', detail: expect.stringContaining(sentence) });
    await nothingCameOfIt();
  });

  it('takes no path', async () => {
    const { status, body } = await strict.post('/send', { chat_id: demoChat, path: '/etc/passwd' });
    expect(status).toBe(422);
    expect(body.detail).toContain('MEDIA_ROOT is not set');
  });
});

describe('a multipart body', () => {
  it.each([
    [
      () => multipart({}, { photo: sample('photo.jpg') }),
      422,
      'file is missing: give media (a URL), path, base64, or the multipart part file',
    ],
    [
      () => multipart({}, { file: sample('photo.jpg'), other: sample('photo.jpg') }),
      422,
      'a file came as the part other, which nothing names',
    ],
    [() => multipart({ media: 'http://a/' }, { file: sample('photo.jpg') }), 422, 'two sources of one file'],
    [
      () => multipart({ album: '[{"file":"one"},{"file":"two"}]' }, { one: sample('photo.jpg') }),
      422,
      'album.1.file names',
    ],
    [() => multipart({ album: '[{"file"' }), 422, 'album takes a list'],
    [
      () =>
        multipart(
          {},
          Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`f${at}`, Buffer.from('x')])),
        ),
      422,
      'more than 20 files',
    ],
    [
      () => multipart({ caption: 'x'.repeat(17 * 1024 * 1024) }, { file: Buffer.from('x') }),
      413,
      'send files as file parts',
    ],
  ])('is refused with one clear error when it is wrong (%#)', async (form, status, sentence) => {
    const answer = await stack.gateway.post('/send_media', form());
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(sentence) } });
    await nothingCameOfIt();
  });

  it('leaves nothing when its sender goes away in the middle', async () => {
    const { port } = new URL(stack.gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const head = `POST /send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n`;
    socket.write(head + part + 'x'.repeat(100_000));
    await expect.poll(spools).toHaveLength(1);
    socket.destroy();
    await nothingCameOfIt();
  });
});

describe('a body of JSON', () => {
  it('is refused when it is larger than 1 MB without its base64', async () => {
    const body = { chat_id: demoChat, base64: base64('photo.jpg'), caption: 'A'.repeat(1024 * 1024) };
    expect(await stack.gateway.post('/send', body)).toMatchObject({
      status: 413,
      body: { class: 'too_large', detail: 'the body without its base64 is larger than 1048576 bytes' },
    });
    await nothingCameOfIt();
  });

  it('leaves nothing when its sender goes away in the middle of base64', async () => {
    const socket = connect(Number(new URL(stack.gateway.url).port), '127.0.0.1');
    const head = `POST /send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n`;
    socket.write(`${head}{"chat_id":${demoChat},"base64":"${'A'.repeat(1_200_000)}`);
    await expect.poll(spools).toHaveLength(1);
    socket.destroy();
    await nothingCameOfIt();
  });

  it('is no JSON list, no text and no half of it', async () => {
    for (const body of ['[]', '"a"', '{"chat_id":'])
      expect(
        (
          await fetch(`${stack.gateway.url}/send`, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          })
        ).status,
      ).toBe(400);
  });
});

describe('a caller that hangs up while its URL is fetched', () => {
  it('ends the fetch and leaves nothing', async () => {
    let isCut: Promise<unknown> = Promise.resolve();
    const url = await serveRaw((socket) => {
      isCut = new Promise((resolve) => socket.once('close', resolve));
      socket.write('HTTP/1.1 200 OK\r\n\r\nbegin');
    });
    const caller = new AbortController();
    const sending = fetch(`${stack.gateway.url}/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: demoChat, media: url }),
      signal: caller.signal,
    });
    await expect.poll(spools).toHaveLength(1);
    caller.abort();
    await expect(sending).rejects.toThrow();
    await isCut;
    await nothingCameOfIt();
  });
});

describe('a chat that is not known', () => {
  const unknown = -1_009_999_999_999;
  /** The answer to the beginning of a body that never ends. */
  const answerTo = async (type: string, body: string) => {
    const socket = connect(Number(new URL(stack.gateway.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(
      `POST /send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nContent-Type: ${type}\r\n\r\n`,
    );
    socket.write(body);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  };

  it('is refused before the file that comes with it has come', async () => {
    const part = (head: string) => `--b\r\nContent-Disposition: form-data; name=${head}\r\n\r\n`;
    const form = `${part('"chat_id"')}${unknown}\r\n${part('"file"; filename="a"')}its beginning`;
    expect(await answerTo('multipart/form-data; boundary=b', form)).toContain('HTTP/1.1 404');
    const json = `{"chat_id":${unknown},"base64":"${'A'.repeat(1_200_000)}`;
    expect(await answerTo('application/json', json)).toContain('HTTP/1.1 404');
    await nothingCameOfIt();
  });

  it('is refused before its URL is fetched', async () => {
    let isAsked = false;
    const url = await serveRaw(() => (isAsked = true));
    const answer = await stack.gateway.post('/send', { chat_id: unknown, media: url });
    expect(answer).toMatchObject({ status: 404, body: { class: 'cannot_resolve' } });
    expect(isAsked).toBe(false);
  });

  it('is refused when it is named after the file, which is not kept', async () => {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(sample('photo.jpg'))]), 'a.jpg');
    form.set('chat_id', String(unknown));
    expect((await stack.gateway.post('/send', form)).status).toBe(404);
    await nothingCameOfIt();
  });
});
