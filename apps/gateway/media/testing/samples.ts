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

/** The film, held upright: its track is turned by a quarter. */
export function turnedVideo(): Buffer {
  const film = sample('video.mp4');
  const matrix = film.indexOf('tkhd') + 4 + 40;
  const one = 0x10000;
  [0, one, 0, -one, 0].forEach((value, index) => film.writeInt32BE(value, matrix + index * 4));
  return film;
}
