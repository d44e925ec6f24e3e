import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { kindTakes, mediaKinds } from './kinds.ts';
import { recognise, type Candidate } from './recognise.ts';
import { declaredPng, sample, turnedVideo } from './testing/samples.ts';

function recogniseBytes(bytes: Buffer, about: Partial<Candidate> = {}) {
  const path = join(temporaryFolder(), 'spooled');
  writeFileSync(path, bytes);
  const sizeBytes = about.sizeBytes ?? bytes.length;
  return recognise({
    field: 'media',
    name: undefined,
    kind: 'auto',
    mimeType: undefined,
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

  it.each([
    ['voice.ogg', 'voice', { mimeType: 'audio/ogg', durationS: expect.closeTo(2, 1) }],
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
    ['song.mp3', 'voice', 'is audio/mpeg'],
    ['song.ogg', 'voice', 'is audio/ogg'],
    ['video.mp4', 'video_note', 'is a video of 64 × 48 px and 3 s'],
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
  ])('sends a picture of %i × %i as a document, and says so', async (width, height, sentence) => {
    for (const kind of ['auto', 'photo'] as const) {
      expect(await recogniseBytes(declaredPng(width, height), { kind })).toMatchObject({
        ...{ kind: 'document', mimeType: 'image/png', width, height },
        note: expect.stringContaining(sentence),
      });
    }
  });

  it('sends a picture of more than 10 MB as a document, and says so', async () => {
    const found = await recogniseBytes(sample('photo.jpg'), { sizeBytes: 10 * 1024 * 1024 + 1 });
    expect(found).toMatchObject({
      kind: 'document',
      note: expect.stringContaining('at most 10485760 bytes'),
    });
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
