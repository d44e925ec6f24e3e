/** Media through the whole stack: every source and every kind, as the simulated Telegram gets them. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoChat, fileForm, startStack } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';
import { declaredPng, roundFilm, sample, turnedPhoto, untoldWebm } from './testing/samples.ts';
import { serve } from './testing/servers.ts';
import { adts, mp3, oggOpus, opusDamaged, opusSilence, opusTone, wav } from './testing/sounds.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
let mediaRoot: string;
let web: string;
/** How often each URL was asked for. */
const asked = new Map<string, number>();
beforeAll(
  shared(async (whenDone) => {
    mediaRoot = join(temporaryFolder(whenDone), 'root');
    mkdirSync(mediaRoot);
    web = await serve((request, response) => {
      const name = request.url!.slice(1);
      asked.set(name, (asked.get(name) ?? 0) + 1);
      try {
        response.end(sample(name));
      } catch {
        response.writeHead(404).end();
      }
    }, whenDone);
    const settings = { MEDIA_ROOT: mediaRoot, ALLOW_PRIVATE_URLS: 'true', MAX_UPLOAD_MB: '5' };
    stack = await startStack('media', settings, whenDone);
  }),
);
beforeEach(async () => {
  asked.clear();
  await stack.sandbox.post('/reset', {});
});

const send = (fields: Record<string, unknown>) =>
  stack.gateway.post('/send_media', { chat_id: demoChat, ...fields });
const spool = () => readdirSync(join(stack.dataDir, 'spool/main/media'));
const base64 = (name: string) => sample(name).toString('base64');

interface Seen {
  readonly text: string;
  readonly silent: boolean;
  readonly album?: string;
  readonly entities?: readonly unknown[];
  readonly media: {
    readonly kind: string;
    readonly name: string;
    readonly sha256: string;
    readonly waveform?: readonly number[];
  };
}

/** The messages of the chat as the inbox has them, oldest first. */
async function inbox(): Promise<Seen[]> {
  const answer = await fetch(`http://127.0.0.1:${stack.sandbox.httpPort}/api/chats/${demoChat}/messages`);
  const { messages } = (await answer.json()) as { messages: (Seen & { own?: boolean })[] };
  return messages.filter(({ media }) => media);
}

function madeOf(name: string) {
  const bytes = sample(name);
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

describe('sources', () => {
  const form = () => fileForm(sample('photo.jpg'), 'photo.jpg', { chat_id: demoChat, caption: 'Look' });
  it.each([
    ['media, a URL', () => send({ media: `${web}/photo.jpg`, caption: 'Look' })],
    ['path', () => send({ path: 'photo.jpg', caption: 'Look' })],
    ['base64', () => send({ base64: base64('photo.jpg'), caption: 'Look' })],
    ['file, a multipart part', () => stack.gateway.post('/send_media', form())],
  ])('sends what comes as %s byte for byte, and keeps nothing', async (_, sending) => {
    writeFileSync(join(mediaRoot, 'photo.jpg'), sample('photo.jpg'));
    expect(await sending()).toMatchObject({ status: 200, body: { ok: true, status: 'sent' } });
    expect((await stack.sandbox.report()).delivered).toMatchObject([
      { text: 'Look', media: { kind: 'photo', ...madeOf('photo.jpg') } },
    ]);
    await expect.poll(spool).toEqual([]);
  });

  it('sends an album of large files that come as base64, and knows it when it comes again', async () => {
    const films = [randomBytes(1_500_000), randomBytes(2_000_000)];
    const album = films.map((film) => ({ base64: film.toString('base64'), kind: 'document' }));
    const first = await send({ album, idempotency_key: 'large' });
    expect(first).toMatchObject({ status: 200, body: { ok: true } });
    expect((await send({ idempotency_key: 'large', album })).body).toEqual(first.body);
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect((await inbox()).map(({ media }) => media.sha256)).toEqual(films.map(sha256));
    await expect.poll(spool).toEqual([]);
  });

  it('takes every field in a form as well', async () => {
    const body = new URLSearchParams({
      chat_id: String(demoChat),
      media: `${web}/song.mp3`,
      spoiler: 'false',
    });
    const response = await fetch(`${stack.gateway.url}/send`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ ok: true });
    const fields = { chat_id: demoChat, base64: base64('song.mp3'), kind: 'document', filename: 'ü.mp3' };
    const multipart = new FormData();
    for (const [name, value] of Object.entries(fields)) multipart.set(name, String(value));
    expect((await stack.gateway.post('/send', multipart)).status).toBe(200);
    expect(await inbox()).toMatchObject([
      { media: { kind: 'audio', name: 'song.mp3' } },
      { media: { kind: 'document', name: 'ü.mp3', mime_type: 'audio/mpeg' } },
    ]);
  });

  it('answers a repeated request with the first answer, though its URL is gone', async () => {
    const fields = { media: `${web}/photo.png`, idempotency_key: 'gone' };
    const first = await send(fields);
    expect((await send(fields)).body).toEqual(first.body);
    expect(asked.get('photo.png')).toBe(1);
    expect(await send({ ...fields, media: `${web}/photo.jpg` })).toMatchObject({
      status: 409,
      body: { class: 'idempotency_conflict' },
    });
  });
});

describe('kinds', () => {
  const film = { mime_type: 'video/mp4', width: 64, height: 48, seconds: expect.closeTo(2, 0) };
  it.each([
    ['photo.png', 'auto', { kind: 'photo', width: 64, height: 48 }],
    ['photo.webp', 'photo', { kind: 'photo' }],
    ['photo.jpg', 'document', { kind: 'document', mime_type: 'image/jpeg', width: 64, height: 48 }],
    ['video.mp4', 'auto', { kind: 'video', name: 'video.mp4', ...film }],
    ['silent.mp4', 'animation', { kind: 'animation', ...film }],
    ['clip.gif', 'auto', { kind: 'animation', mime_type: 'image/gif', width: 32, height: 24 }],
    ['round.mp4', 'video_note', { kind: 'video_note', ...film, height: 64 }],
    ['song.mp3', 'auto', { kind: 'audio', title: 'Ветер', performer: 'Хор', seconds: 2 }],
    ['voice.ogg', 'auto', { kind: 'audio', mime_type: 'audio/ogg', seconds: 2 }],
    ['round.mp4', 'auto', { kind: 'video', ...film, height: 64 }],
    [
      'voice.ogg',
      'voice',
      { kind: 'voice', mime_type: 'audio/ogg', seconds: 2, waveform: expect.any(Array) },
    ],
    ['song.mp3', 'voice', { kind: 'voice', mime_type: 'audio/mpeg', seconds: 2 }],
    ['song.m4a', 'voice', { kind: 'voice', mime_type: 'audio/mp4', seconds: 2 }],
    ['clip.webm', 'video', { kind: 'video', mime_type: 'video/webm' }],
    ['clip.mov', 'video', { kind: 'video', ...film, mime_type: 'video/quicktime' }],
  ])('sends %s as %s with its attributes', async (name, kind, media) => {
    const answer = await send({ media: `${web}/${name}`, kind, spoiler: true });
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    expect(answer.body).not.toHaveProperty('notes');
    expect(await inbox()).toMatchObject([{ media: { ...media, ...madeOf(name), spoiler: true } }]);
  });

  it.each([
    ['photo.jpg', 'Отпуск.JPG', 'photo.jpg'],
    ['photo.webp', 'отпуск.webp', 'photo.png'],
    ['photo.png', 'scan.jpe', 'photo.png'],
  ])(
    'uploads a photo under an ending that Telegram takes: %s called %s as %s',
    async (made, name, uploaded) => {
      const form = fileForm(sample(made), name, { chat_id: demoChat });
      const answer = await stack.gateway.post('/send_media', form);
      expect(answer).toMatchObject({ status: 200, body: { ok: true } });
      const { delivered } = await stack.sandbox.report();
      expect(delivered).toMatchObject([{ media: { kind: 'photo', name: uploaded, ...madeOf(made) } }]);
    },
  );

  it('says in the answer, then and later, that a photo went as a document', async () => {
    const wide = declaredPng(9000, 1001).toString('base64');
    const { status, body } = await send({ base64: wide, kind: 'photo' });
    const notes = [expect.stringMatching(/^base64 goes as a document: .* 9000 × 1001$/)];
    expect({ status, body }).toMatchObject({ status: 200, body: { notes } });
    expect((await stack.gateway.get(`/messages/${String(body.id)}`)).body).toMatchObject({ notes });
    expect(await inbox()).toMatchObject([{ media: { kind: 'document', name: 'file.png' } }]);
  });

  it('uploads a thumbnail beside a file, and leaves one of a photo out', async () => {
    const thumbnail = { base64: base64('photo.jpg') };
    expect((await send({ media: `${web}/video.mp4`, thumbnail })).status).toBe(200);
    expect((await stack.sandbox.report()).rpc['upload.saveFilePart']).toBe(2);
    const form = fileForm(sample('photo.png'), 'a.png', { chat_id: demoChat });
    form.set('thumbnail', new Blob([new Uint8Array(sample('photo.jpg'))]), 't.jpg');
    expect((await stack.gateway.post('/send', form)).body).toMatchObject({
      notes: [expect.stringContaining('thumbnail is left out')],
    });
    await expect.poll(spool).toEqual([]);
  });
});

describe('a file is what it is', () => {
  const page = '<!doctype html><html><body>Please sign in</body></html>';
  const answering = (type: string, body: string | Buffer) =>
    serve((request, response) => {
      if (request.url === '/r/photo.jpg') response.writeHead(302, { location: '/login.html' }).end();
      else response.writeHead(200, { 'content-type': type }).end(body);
    });
  const part = async (body: string | Buffer, name: string, type: string) => {
    const form = new FormData();
    form.set('chat_id', String(demoChat));
    form.set('file', new Blob([new Uint8Array(Buffer.from(body))], { type }), name);
    return stack.gateway.post('/send_media', form);
  };

  it.each([
    ['photo.jpg', {}],
    ['r/photo.jpg', {}],
    ['download?id=1', { kind: 'document' }],
    ['page.html', { filename: 'report.pdf' }],
  ])('a web page behind %s is refused with %j', async (path, fields) => {
    const url = await answering('text/html; charset=utf-8', page);
    const answer = await send({ media: `${url}/${path}`, ...fields });
    expect(answer).toMatchObject({ status: 422, body: { class: 'media_invalid' } });
    expect(answer.body.detail).toContain('answered with a web page');
    await expect.poll(spool).toEqual([]);
  });

  it('a web page in place of a thumbnail is refused, too', async () => {
    const url = await answering('text/html', page);
    const answer = await send({ media: `${web}/video.mp4`, thumbnail: `${url}/cover.jpg` });
    expect(answer.body.detail).toContain('thumbnail.media: ');
    expect(answer.body.detail).toContain('answered with a web page');
  });

  it.each([
    ['page.html', {}],
    ['?page=1', { filename: 'page.html' }],
    ['page', { mime_type: 'text/html' }],
  ])('a web page at %s that is asked for with %j goes', async (path, fields) => {
    const url = await answering('text/html', page);
    expect(await send({ media: `${url}/${path}`, ...fields })).toMatchObject({ status: 200 });
    expect(await inbox()).toMatchObject([
      { media: { name: 'page.html', mime_type: 'text/html', size: page.length } },
    ]);
  });

  it('what only the server or the part tells gives the type and the ending', async () => {
    const url = await answering('text/csv; charset=utf-8', 'а;б\n');
    expect(await send({ media: `${url}/export?format=csv` })).toMatchObject({ status: 200 });
    expect(await part('a;b\n', 'blob', 'text/csv')).toMatchObject({ status: 200 });
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]);
    expect(await part(old, 'Счёт от 12.05.2024', 'application/msword')).toMatchObject({ status: 200 });
    expect(await part(old, 'price.xls', 'application/octet-stream')).toMatchObject({ status: 200 });
    expect(await inbox()).toMatchObject([
      { media: { name: 'export.csv', mime_type: 'text/csv' } },
      { media: { name: 'blob.csv', mime_type: 'text/csv' } },
      { media: { name: 'Счёт от 12.05.2024.doc', mime_type: 'application/msword' } },
      { media: { name: 'price.xls', mime_type: 'application/vnd.ms-excel' } },
    ]);
  });
});

describe('lengths and shapes', () => {
  const sent = async (bytes: Buffer, fields: Record<string, unknown> = {}) => {
    expect((await send({ base64: bytes.toString('base64'), ...fields })).status).toBe(200);
    return (await inbox()).at(-1)!.media;
  };

  it('a voice message brings its waveform', async () => {
    const voice = { kind: 'voice' };
    const { waveform } = await sent(oggOpus(await opusTone(3, (share) => share)), voice);
    expect(waveform).toHaveLength(100);
    expect(waveform!.slice(0, 90)).toEqual(waveform!.slice(0, 90).toSorted((a, b) => a - b));
    expect(await sent(oggOpus(opusSilence(1)), voice)).toMatchObject({ waveform: Array(100).fill(0) });
  });

  it('a voice message that cannot be decoded goes without a waveform', async () => {
    const damaged = oggOpus(Array<Buffer>(50).fill(opusDamaged));
    const media = await sent(damaged, { kind: 'voice' });
    expect(media).toMatchObject({
      kind: 'voice',
      sha256: createHash('sha256').update(damaged).digest('hex'),
    });
    expect(media).not.toHaveProperty('waveform');
  });

  it.each([5, 12, 20, 120])('a voice message of %i s is told to be so long', async (seconds) => {
    expect(await sent(oggOpus(opusSilence(seconds)), { kind: 'voice' })).toMatchObject({ seconds });
  });

  it.each([
    ['an MP3 of a bit rate that varies', 'audio', () => mp3(766), 20],
    ['AAC', 'audio', () => adts(861), 20],
    ['a streamed WAV', 'audio', () => wav(160_000, 0xffff_ffff), 20],
    ['a WebM without its length', 'video', () => untoldWebm(), 2],
    ['a film of 60.4 s', 'video_note', () => roundFilm(60.4), 60],
  ])('%s is told in whole seconds', async (_, kind, bytes, seconds) => {
    expect(await sent(bytes(), { kind })).toMatchObject({ kind, seconds });
  });

  it.each(['photo', 'document'])('a photo that is shown turned is told so as a %s', async (kind) => {
    expect(await sent(turnedPhoto(6), { kind })).toMatchObject({ kind, width: 48, height: 64 });
  });

  it('a photo whose Exif is damaged is still one', async () => {
    const photo = turnedPhoto(6);
    photo.writeUInt16BE(0xffff, 16 + 2);
    expect(await sent(photo)).toMatchObject({ kind: 'photo', width: 64, height: 48 });
  });
});

describe('captions', () => {
  it('come with their formatting and the options of a send', async () => {
    const caption = `<b>${'x'.repeat(1024)}</b>`;
    const sent = await send({ media: `${web}/photo.jpg`, caption, parse_mode: 'html', silent: true });
    expect(sent.status).toBe(200);
    const [seen] = await inbox();
    expect(seen).toMatchObject({
      text: 'x'.repeat(1024),
      silent: true,
      entities: [{ offset: 0, length: 1024 }],
    });
  });

  it('are counted after parsing', async () => {
    const caption = `<b>${'x'.repeat(1025)}</b>`;
    expect(await send({ media: `${web}/photo.jpg`, caption, parse_mode: 'html' })).toMatchObject({
      status: 422,
      body: { class: 'text_too_long', detail: expect.stringContaining('1024') },
    });
  });
});

describe('albums', () => {
  it('go as one, in order, under one caption', async () => {
    const names = ['photo.jpg', 'video.mp4', 'photo.png', 'photo.webp'];
    const album = names.map((name, index) => ({ media: `${web}/${name}`, spoiler: index === 1 }));
    const { status, body } = await send({ album, caption: 'All of it' });
    expect(status).toBe(200);
    const ids = body.message_ids as number[];
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(body.message_id).toBe(ids[0]);
    const seen = await inbox();
    expect(seen).toMatchObject(names.map((name) => ({ media: madeOf(name) })));
    expect(seen.map(({ text }) => text)).toEqual(['All of it', '', '', '']);
    expect(new Set(seen.map(({ album: id }) => id)).size).toBe(1);
    expect(seen[0]!.album).toEqual(expect.any(String));
    expect(seen[1]!.media).toMatchObject({ kind: 'video', spoiler: true });
  });

  it.each([
    ['in the first item', {}, 'one '],
    ['beside the album', { caption: '<i>one</i> ' }, undefined],
  ])('have a caption for each item, the first one %s', async (_, fields, first) => {
    const album = [first && `<i>${first}</i>`, undefined, 'a <b>third</b>', 'four'].map((caption, index) => ({
      base64: base64('photo.jpg'),
      filename: `${index}.jpg`,
      kind: 'document',
      ...(caption && { caption }),
    }));
    const request = { album, parse_mode: 'html', idempotency_key: `each ${first}`, ...fields };
    const { status, body } = await send(request);
    expect(status).toBe(200);
    expect(await inbox()).toMatchObject([
      { text: 'one', entities: [{ offset: 0, length: 3 }] },
      { text: '' },
      { text: 'a third', entities: [{ offset: 2, length: 5 }] },
      { text: 'four' },
    ]);
    expect(await send(request)).toMatchObject({ status: 200, body });
    const other = { ...request, album: album.with(3, { ...album[3]!, caption: 'five' }) };
    expect(await send(other)).toMatchObject({ status: 409, body: { class: 'idempotency_conflict' } });
  });

  it('say how much of the formatting of their caption Telegram will leave out', async () => {
    const album = [{ media: `${web}/photo.jpg` }, { media: `${web}/photo.png` }];
    const { body } = await send({ album, caption: '<b>a</b> '.repeat(101), parse_mode: 'html' });
    expect(body.notes).toEqual([expect.stringContaining('keeps the first 100 formatted stretches')]);
  });

  it('come in a multipart body with their items as parts', async () => {
    const form = new FormData();
    form.set('chat_id', String(demoChat));
    form.set(
      'album',
      JSON.stringify([
        { file: 'one', caption: 'Songs', thumbnail: { file: 'cover' } },
        { file: 'two' },
        { base64: base64('song.flac'), filename: 'three.flac' },
      ]),
    );
    form.set('two', new Blob([new Uint8Array(sample('song.m4a'))]), 'second.m4a');
    form.set('one', new Blob([new Uint8Array(sample('song.mp3'))]), 'first.mp3');
    form.set('cover', new Blob([new Uint8Array(sample('photo.jpg'))]), 'cover.jpg');
    expect(await stack.gateway.post('/send_media', form)).toMatchObject({ status: 200 });
    expect(await inbox()).toMatchObject([
      { text: 'Songs', media: { kind: 'audio', name: 'first.mp3', ...madeOf('song.mp3') } },
      { text: '', media: { name: 'second.m4a', ...madeOf('song.m4a') } },
      { text: '', media: { name: 'three.flac', ...madeOf('song.flac') } },
    ]);
    await expect.poll(spool).toEqual([]);
  });
});
