import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { mp4Size } from './mp4-size.ts';
import { sample, turnedVideo } from './testing/samples.ts';

function sizeOf(...parts: Uint8Array[]) {
  const path = join(temporaryFolder(), 'film');
  writeFileSync(path, Buffer.concat(parts));
  return mp4Size(path);
}

/** A box; `long` writes its length with 64 bits, `open` leaves it to the end of the file. */
function box(type: string, content: Buffer, form: 'short' | 'long' | 'open' = 'short'): Buffer {
  const head = Buffer.alloc(form === 'long' ? 16 : 8);
  head.writeUInt32BE(form === 'long' ? 1 : form === 'open' ? 0 : content.length + 8);
  head.write(type, 4, 'latin1');
  if (form === 'long') head.writeBigUInt64BE(BigInt(content.length + 16), 8);
  return Buffer.concat([head, content]);
}

function header(version: 0 | 1, width: number, height: number): Buffer {
  const content = Buffer.alloc(version === 1 ? 96 : 84);
  content[0] = version;
  content.writeInt32BE(0x10000, content.length - 44);
  content.writeUInt32BE(width * 0x10000, content.length - 8);
  content.writeUInt32BE(height * 0x10000, content.length - 4);
  return box('tkhd', content);
}

describe('mp4Size', () => {
  it.each(['video.mp4', 'clip.mov'])('reads %s', async (name) => {
    expect(await sizeOf(sample(name))).toEqual({ width: 64, height: 48 });
  });

  it('turns what is shown turned', async () => {
    expect(await sizeOf(turnedVideo())).toEqual({ width: 48, height: 64 });
  });

  it.each(['short', 'long', 'open'] as const)(
    'reads lengths that are %s, behind a large mdat',
    async (form) => {
      const trak = box('trak', header(1, 1920, 1080));
      expect(
        await sizeOf(
          box('mdat', Buffer.alloc(100_000), form === 'open' ? 'short' : form),
          box('moov', trak, form),
        ),
      ).toEqual({
        width: 1920,
        height: 1080,
      });
    },
  );

  it('passes over tracks that show nothing', async () => {
    const tracks = [box('trak', header(0, 0, 0)), box('trak', header(0, 320, 240))];
    expect(await sizeOf(box('moov', Buffer.concat(tracks)))).toEqual({ width: 320, height: 240 });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(1000)],
    [
      'a length beyond the end',
      Buffer.concat([box('moov', Buffer.alloc(0)), Buffer.from('7fffffff6d6f6f76', 'hex')]),
    ],
    ['a header that is cut', box('moov', box('trak', box('tkhd', Buffer.alloc(20))))],
    ['tiny boxes without end', Buffer.concat(Array<Buffer>(20_000).fill(box('free', Buffer.alloc(0))))],
  ])('finds none in %s', async (_, bytes) => expect(await sizeOf(bytes)).toBeUndefined());

  it('never fails on a cut or damaged film', async () => {
    const film = sample('video.mp4');
    for (let at = 0; at < 1200; at += 13) {
      await sizeOf(film.subarray(0, at));
      const damaged = Buffer.from(film);
      damaged[at] = damaged[at]! ^ 0xff;
      await sizeOf(damaged);
    }
  });
});
