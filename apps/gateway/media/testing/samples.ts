/** Small real files of each kind, and files that only claim to be something. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Path of a file in `samples/`. */
export function samplePath(name: string): string {
  return join(import.meta.dirname, 'samples', name);
}

/** Bytes of a file in `samples/`. */
export function sample(name: string): Buffer {
  return readFileSync(samplePath(name));
}

/** A PNG that declares a size and has no pixels. */
export function declaredPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(2)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The photo as a camera that was held otherwise writes it: `orientation` from 1 to 8, in either order of bytes. */
export function turnedPhoto(orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const tiff = Buffer.alloc(26);
  const write = (bytes: number) => (value: number, at: number) =>
    order === 'II' ? tiff.writeUIntLE(value, at, bytes) : tiff.writeUIntBE(value, at, bytes);
  const short = write(2);
  const long = write(4);
  tiff.write(order, 'latin1');
  short(42, 2);
  long(8, 4);
  short(1, 8);
  short(0x0112, 10);
  short(3, 12);
  long(1, 14);
  short(orientation, 18);
  const head = Buffer.from([0xff, 0xe1, 0, tiff.length + 8, ...Buffer.from('Exif\0\0')]);
  const photo = sample('photo.jpg');
  return Buffer.concat([photo.subarray(0, 2), head, tiff, photo.subarray(2)]);
}

/** The film, held upright: its track is turned by a quarter. */
export function turnedVideo(): Buffer {
  const film = sample('video.mp4');
  const matrix = film.indexOf('tkhd') + 4 + 40;
  const one = 0x10000;
  [0, one, 0, -one, 0].forEach((value, index) => film.writeInt32BE(value, matrix + index * 4));
  return film;
}

/** The round film, of so many seconds by its samples: its head still tells two. */
export function roundFilm(seconds: number): Buffer {
  const film = sample('round.mp4');
  const ticksPerSecond = 10_240;
  const samples = 10;
  film.writeUInt32BE((seconds * ticksPerSecond) / samples, film.indexOf('stts') + 16);
  film.writeUInt32BE(seconds * 1000, film.indexOf('elst') + 12);
  return film;
}

/** The WebM as a browser records it: its head tells a length of 0. */
export function untoldWebm(): Buffer {
  const film = sample('clip.webm');
  const duration = Buffer.from('448988', 'hex');
  return film.fill(0, film.indexOf(duration) + duration.length, film.indexOf(duration) + duration.length + 8);
}
