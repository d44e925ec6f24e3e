import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentence } from '../../kit/reason.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { kindTakes, mediaKinds } from '../model/media-kinds.ts';
import { recognise, type Candidate } from './recognise.ts';
import { mp4 } from './testing/films.ts';
import { declaredPng, roundFilm, sample, turnedPhoto, turnedVideo } from './testing/samples.ts';
import { id3, mp3 } from './testing/sounds.ts';

function recogniseBytes(bytes: Buffer, about: Partial<Candidate> = {}) {
  const path = join(temporaryFolder(), 'spooled');
  writeFileSync(path, bytes);
  const sizeBytes = about.sizeBytes ?? bytes.length;
  return recognise({
    field: 'media',
    name: undefined,
    kind: 'auto',
    mimeType: undefined,
    toldType: undefined,
    ...about,
    path,
    sizeBytes,
  });
}

const still = { width: 64, height: 48 };
const film = { ...still, durationS: expect.closeTo(2, 0), hasSound: true };

describe('recognise', () => {
  it.each([
    ['photo.jpg', { kind: 'photo', mimeType: 'image/jpeg', ...still }],
    ['photo.png', { kind: 'photo', mimeType: 'image/png', ...still }],
    ['photo.webp', { kind: 'photo', mimeType: 'image/webp', ...still }],
    ['clip.gif', { kind: 'animation', mimeType: 'image/gif', width: 32, height: 24 }],
    ['video.mp4', { kind: 'video', mimeType: 'video/mp4', ...film }],
    ['silent.mp4', { kind: 'video', mimeType: 'video/mp4', ...film, hasSound: false }],
    ['clip.mov', { kind: 'video', mimeType: 'video/quicktime', ...film }],
    ['clip.webm', { kind: 'video', mimeType: 'video/webm', ...film }],
    ['song.mp3', { kind: 'audio', mimeType: 'audio/mpeg', title: 'Ветер', performer: 'Хор' }],
    ['song.m4a', { kind: 'audio', mimeType: 'audio/mp4', title: 'Song', performer: 'Choir' }],
    ['song.flac', { kind: 'audio', mimeType: 'audio/flac', durationS: 1 }],
    ['song.ogg', { kind: 'audio', mimeType: 'audio/ogg', durationS: 1 }],
    ['song.wav', { kind: 'audio', mimeType: 'audio/wav', durationS: 1 }],
    ['voice.ogg', { kind: 'audio', mimeType: 'audio/ogg', durationS: expect.closeTo(2, 1) }],
  ])('recognises %s by its bytes, whatever it is called', async (name, found) => {
    expect(await recogniseBytes(sample(name), { name: 'report.txt' })).toMatchObject(found);
  });

  it('gives a film its size as it is shown, not as it is coded', async () => {
    expect(await recogniseBytes(turnedVideo())).toMatchObject({ width: 48, height: 64 });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'gives a photo of orientation %i its size as it is shown',
    async (way) => {
      const shown = way < 5 ? still : { width: 48, height: 64 };
      for (const kind of ['auto', 'photo', 'document'] as const) {
        for (const order of ['II', 'MM'] as const)
          expect(await recogniseBytes(turnedPhoto(way, order), { kind })).toMatchObject(shown);
      }
    },
  );

  it.each([
    [60, 'taken'],
    [60.4, 'taken'],
    [60.6, 'refused'],
  ])('counts the %d s of a video note in whole seconds: %s', async (seconds, outcome) => {
    const found = recogniseBytes(roundFilm(seconds), { kind: 'video_note' });
    if (outcome === 'taken') await expect(found).resolves.toMatchObject({ kind: 'video_note' });
    else await expect(found).rejects.toThrow('64 × 64 px and 61 s');
  });

  it.each([
    ['%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n', 'application/pdf'],
    ['FORM\0\0\0\x1eAIFFCOMM\0\0\0\x12', 'audio/aiff'],
    ['II*\0\x08\0\0\0', 'image/tiff'],
    ['#!AMR\n\x3c', 'audio/amr'],
  ])('calls what it does not read by its name, and not damaged: %j', async (text, type) => {
    for (const kind of ['photo', 'voice', 'audio'] as const) {
      const refusal = recogniseBytes(Buffer.from(text.padEnd(64, '\0'), 'latin1'), { kind });
      await expect(refusal).rejects.toThrow(`media is ${type}: ${kindTakes[kind]}`);
    }
  });

  it('takes sound for sound though its tags are damaged', async () => {
    const tags = id3(100);
    tags.write('\xff\xff\xff\xff', 14, 'latin1');
    expect(await recogniseBytes(Buffer.concat([tags, mp3(100)]), { kind: 'audio' })).toMatchObject({
      kind: 'audio',
      durationS: expect.closeTo(2.6, 1),
    });
  });

  it('reads hours of fragments, and what is left of one that is cut', async () => {
    const film = mp4({ fragments: Array<number>(20_000).fill(1) });
    const found = { kind: 'video', ...still, durationS: 20_000 };
    expect(await recogniseBytes(film, { kind: 'video' })).toMatchObject(found);
    const cut = await recogniseBytes(film.subarray(0, -200), { kind: 'video' });
    expect(cut).toMatchObject({ ...found, durationS: 19_999 });
  }, 30_000);

  it('calls damaged what is', async () => {
    const cut = sample('video.mp4').subarray(0, 60);
    await expect(recogniseBytes(cut, { kind: 'video' })).rejects.toThrow('media is damaged video/mp4');
    const photo = sample('photo.jpg').subarray(0, 40);
    await expect(recogniseBytes(photo, { kind: 'photo' })).rejects.toThrow('media is damaged image/jpeg');
  });

  it.each([
    ['voice.ogg', 'voice', { mimeType: 'audio/ogg', durationS: expect.closeTo(2, 1) }],
    ['song.mp3', 'voice', { mimeType: 'audio/mpeg', durationS: expect.closeTo(2, 0) }],
    ['song.m4a', 'voice', { mimeType: 'audio/mp4' }],
    ['round.mp4', 'video_note', { width: 64, height: 64 }],
    ['silent.mp4', 'animation', { hasSound: false }],
    ['clip.gif', 'animation', {}],
    ['song.mp3', 'audio', {}],
    ['clip.webm', 'video', {}],
    ...(['photo.jpg', 'clip.gif', 'video.mp4', 'song.mp3', 'voice.ogg'] as const).map(
      (name) => [name, 'document', {}] as const,
    ),
  ] as const)('takes %s as %s', async (name, kind, found) => {
    expect(await recogniseBytes(sample(name), { kind })).toMatchObject({ kind, ...found });
  });

  it.each([
    ['song.mp3', 'photo', 'is audio/mpeg'],
    ['clip.gif', 'photo', 'is image/gif'],
    ['photo.jpg', 'video', 'is image/jpeg'],
    ['song.m4a', 'video', 'is audio/x-m4a'],
    ['video.mp4', 'audio', 'is video/mp4'],
    ['song.flac', 'voice', 'is audio/flac'],
    ['song.ogg', 'voice', 'is audio/ogg'],
    ['video.mp4', 'video_note', 'is a video of 64 × 48 px and 2 s'],
    ['clip.webm', 'video_note', 'is video/webm'],
    ['video.mp4', 'animation', 'is video/mp4 with sound'],
    ['photo.png', 'animation', 'is image/png'],
  ] as const)('refuses %s as %s, saying what it takes', async (name, kind, sentence) => {
    const refusal = recogniseBytes(sample(name), { kind });
    await expect(refusal).rejects.toMatchObject({ class: 'media_invalid' });
    await expect(refusal).rejects.toThrow(`media ${sentence}`);
    await expect(refusal).rejects.toThrow(kindTakes[kind]);
  });

  it.each(mediaKinds.filter((kind) => kind !== 'document'))('refuses a text as %s', async (kind) => {
    const named = { kind, name: 'a.jpg', mimeType: 'image/jpeg' };
    await expect(recogniseBytes(Buffer.from('no picture'), named)).rejects.toMatchObject({
      class: 'media_invalid',
    });
  });

  it('takes anything else as a document, of the type it is said or named to be', async () => {
    const text = Buffer.from('text');
    expect(await recogniseBytes(text)).toEqual({ kind: 'document', mimeType: 'application/octet-stream' });
    expect(await recogniseBytes(text, { name: 'a.csv' })).toMatchObject({ mimeType: 'text/csv' });
    expect(await recogniseBytes(text, { name: 'a.csv', mimeType: 'text/x-log' })).toMatchObject({
      mimeType: 'text/x-log',
    });
  });

  it.each([
    [9000, 1001, 'at most 10000 px together, this one is 9000 × 1001'],
    [2101, 105, 'at most 20 times longer than wide, this one is 2101 × 105'],
    [105, 2101, 'at most 20 times longer than wide'],
  ])('sends a picture of %i × %i as a document, and says so', async (width, height, words) => {
    for (const kind of ['auto', 'photo'] as const) {
      const { note, ...found } = await recogniseBytes(declaredPng(width, height), { kind });
      expect(found).toEqual({ kind: 'document', mimeType: 'image/png', width, height });
      expect(sentence(note!)).toContain(words);
    }
  });

  it('sends a picture of more than 10 MB as a document, and says so', async () => {
    const found = await recogniseBytes(sample('photo.jpg'), { sizeBytes: 10 * 1024 * 1024 + 1 });
    expect(found.kind).toBe('document');
    expect(sentence(found.note!)).toContain('at most 10485760 bytes');
  });

  it.each([
    [9000, 1000],
    [2100, 105],
  ])('sends a picture of %i × %i as a photo', async (width, height) => {
    const found = await recogniseBytes(declaredPng(width, height));
    expect(found).toEqual({ kind: 'photo', mimeType: 'image/png', width, height });
  });

  it('refuses an image bomb by what it declares, unless it is to be a document', async () => {
    const bomb = declaredPng(60_000, 60_000);
    for (const kind of ['auto', 'photo'] as const)
      await expect(recogniseBytes(bomb, { kind })).rejects.toThrow('media declares 60000 × 60000 pixels');
    expect(await recogniseBytes(bomb, { kind: 'document' })).toMatchObject({ kind: 'document' });
  });

  it.each([
    'photo.jpg',
    'photo.png',
    'photo.webp',
    'clip.gif',
    'video.mp4',
    'clip.mov',
    'clip.webm',
    'song.m4a',
  ])(
    'takes what is left of a cut %s as a document, or still as what it is, but never fails',
    async (name) => {
      const whole = sample(name);
      for (const part of [8, 16, 24, 64, 200, Math.floor(whole.length / 2)])
        expect(mediaKinds).toContain((await recogniseBytes(whole.subarray(0, part))).kind);
    },
  );

  it('survives damaged files of every kind', async () => {
    for (const name of [
      'photo.jpg',
      'photo.webp',
      'video.mp4',
      'clip.webm',
      'song.mp3',
      'voice.ogg',
      'song.flac',
    ]) {
      for (let seed = 1; seed <= 30; seed++) {
        const bytes = sample(name);
        // A repeatable scatter of wrong bytes over the headers.
        for (let hit = 0; hit < 8; hit++)
          bytes[(seed * 7919 + hit * 104_729) % Math.min(bytes.length, 2000)] = (seed * 31 + hit * 17) & 0xff;
        const found = await recogniseBytes(bytes).catch((error: Error) => error);
        if (found instanceof Error) expect(found).toMatchObject({ class: 'media_invalid' });
      }
    }
  });
});
