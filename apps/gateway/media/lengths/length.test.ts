import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { opusType } from '../../model/media-kinds.ts';
import { mp4, webm } from '../testing/films.ts';
import { sample } from '../testing/samples.ts';
import { adts, id3, mp3, oggOpus, oggPage, opusSilence, wav } from '../testing/sounds.ts';
import { realLength } from './length.ts';

function lengthOf(bytes: Buffer, type: string) {
  const path = join(temporaryFolder(), 'sound');
  writeFileSync(path, bytes);
  return realLength(path, type);
}

type Case = readonly [what: string, bytes: () => Buffer, seconds: number];

const ogg: Case[] = [
  ...[1, 5, 12, 20, 120].map((s) => [`${s} s`, () => oggOpus(opusSilence(s)), s] as const),
  ['positions that are not told', () => oggOpus(opusSilence(20), { isUntold: true }), 20],
  ['a beginning cut off', () => oggOpus(opusSilence(20), { start: 3600 * 48_000 }), 20],
  [
    'streams that were joined',
    () => Buffer.concat([1, 2].map((serial) => oggOpus(opusSilence(10), { serial }))),
    20,
  ],
  [
    'joined streams of one number',
    () => Buffer.concat([1, 1].map((serial) => oggOpus(opusSilence(10), { serial }))),
    20,
  ],
  ['a last page that is cut', () => oggOpus(opusSilence(20)).subarray(0, -3), 20],
  ['bytes lost between pages', () => withoutPage(oggOpus(opusSilence(20)), 9), 20],
];

function withoutPage(bytes: Buffer, page: number): Buffer {
  let at = 0;
  for (let each = 0; each < page; each++) at = bytes.indexOf('OggS', at + 1);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 40)]);
}

const vorbis: Case[] = [
  ['as it is', () => sample('song.ogg'), 1],
  ['joined', () => Buffer.concat([sample('song.ogg'), sample('song.ogg')]), 2],
  ['Speex', () => otherOgg(speexHead()), 20],
  ['FLAC', () => otherOgg(flacHead()), 20],
];

/** A stream of a codec whose packets are not looked into: pages tell 16,000 samples a second. */
function otherOgg(head: Buffer): Buffer {
  const pages = Array.from({ length: 20 }, (_, page) =>
    oggPage(7, page + 1, (page + 1) * 16_000, [Buffer.alloc(9)]),
  );
  return Buffer.concat([oggPage(7, 0, 0, [head], { flags: 2 }), ...pages]);
}

function speexHead(): Buffer {
  const head = Buffer.alloc(80);
  head.write('Speex   1.2');
  head.writeUInt32LE(16_000, 36);
  return head;
}

function flacHead(): Buffer {
  const head = Buffer.alloc(51);
  head.write('\x7fFLAC', 'latin1');
  head.writeUIntBE(16_000 << 4, 27, 3);
  return head;
}

const mpeg: Case[] = [
  ['no head that counts its frames', () => mp3(766), 20],
  ['a large cover', () => Buffer.concat([id3(3_000_000), mp3(766)]), 20],
  ['tags between two that were joined', () => Buffer.concat([mp3(383), id3(1000), mp3(383)]), 20],
  ['other bytes between its frames', () => Buffer.concat([mp3(383), Buffer.alloc(5000, 1), mp3(383)]), 20],
  ['tags at its end', () => Buffer.concat([mp3(766), Buffer.from('TAG'), Buffer.alloc(125)]), 20],
  ['a last frame that is cut', () => mp3(766).subarray(0, -50), 20],
];

const wave: Case[] = [
  ['a length that is right', () => wav(160_000, 160_000), 20],
  ['0xFFFFFFFF, as it was streamed', () => wav(160_000, 0xffff_ffff), 20],
  ['0', () => wav(160_000, 0), 20],
  ['compressed sound', () => compressedWav(160_000), 20],
  ['more than there is', () => wav(160_000, 1_600_000), 20],
  [
    'a chunk behind its sound',
    () => Buffer.concat([wav(160_000, 160_000), Buffer.from('LIST\x04\0\0\0abcd')]),
    20,
  ],
];

/** With as many samples as a chunk of their number tells, in fewer bytes than its rate of bytes would have it. */
function compressedWav(samples: number): Buffer {
  const bytes = wav(samples / 2, samples / 2);
  bytes[20] = 2;
  const fact = Buffer.from('fact\x04\0\0\0\0\0\0\0', 'latin1');
  fact.writeUInt32LE(samples, 8);
  return Buffer.concat([bytes.subarray(0, 36), fact, bytes.subarray(36)]);
}

/** The 36 bits of its samples are told as `told`. */
function flac(told: number, bytes = sample('song.flac')): Buffer {
  bytes.writeUInt8((bytes.readUInt8(21) & 0xf0) | Math.floor(told / 2 ** 32), 21);
  bytes.writeUInt32BE(told % 2 ** 32, 22);
  return bytes;
}

const lossless: Case[] = [
  ['a length of 0, as it was streamed', () => flac(0), 1],
  ['a length of hours', () => flac(2 ** 33), 1],
];

const films: Case[] = [
  ['a right head', () => mp4({ told: 20, samples: 20 }), 20],
  ['a head that tells 0', () => mp4({ told: 0, samples: 20 }), 20],
  ['a head that tells another length', () => mp4({ told: 3600, samples: 20 }), 20],
  ['fragments', () => mp4({ fragments: [8, 12] }), 20],
  ['a first part, and fragments', () => mp4({ told: 4, samples: 4, fragments: [8, 8] }), 20],
  ['edits that show a part', () => mp4({ told: 20, samples: 60, shown: 20 }), 20],
  ['edits that show more than there is', () => mp4({ told: 60, samples: 20, shown: 60 }), 20],
];

const web: Case[] = (['told', 'open'] as const).flatMap((sizes): Case[] => [
  [`no length, sizes ${sizes}`, () => webm(20, sizes), 20],
  [`a right length, sizes ${sizes}`, () => webm(20, sizes, { told: 20.5 }), 20.5],
  [`a wrong length, sizes ${sizes}`, () => webm(20, sizes, { told: 3600 }), 20],
  [`a late beginning, sizes ${sizes}`, () => webm(20, sizes, { start: 3600 }), 20],
]);

const types: Record<string, readonly Case[]> = {
  [opusType]: ogg,
  'audio/ogg': vorbis,
  'audio/mpeg': mpeg,
  'audio/aac': [
    ['frames', () => adts(861), 20],
    ['a last frame that is cut', () => adts(861).subarray(0, -9), 20],
  ],
  'audio/wav': wave,
  'audio/flac': lossless,
  'video/mp4': films,
  'audio/mp4': films,
  'video/webm': web,
};

describe.each(Object.entries(types))('the length of %s', (type, cases) => {
  it.each(cases)('with %s', async (_, bytes, seconds) => {
    expect(Math.abs((await lengthOf(bytes(), type))! - seconds)).toBeLessThan(0.1);
  });

  it('is told of no damaged bytes, and never fails', async () => {
    const whole = cases[0]![1]();
    for (let at = 0; at < Math.min(whole.length, 400); at += 7) {
      await lengthOf(whole.subarray(0, at), type);
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ 0xff;
      await lengthOf(damaged, type);
    }
    expect(await lengthOf(Buffer.alloc(1000), type)).toBeUndefined();
    expect(await lengthOf(Buffer.alloc(100_000, 0xff), type)).toBeUndefined();
  });
});

it('joins a page of Opus to what began on the one before', async () => {
  const [packet] = opusSilence(1);
  const long = Buffer.concat([packet!, Buffer.alloc(252 + 10)]);
  const start = oggOpus([]);
  const split = Buffer.concat([
    start,
    oggPage(7, 2, -1, [long.subarray(0, 255)], { goesOn: true }),
    oggPage(7, 3, -1, [long.subarray(255)], { flags: 1 }),
  ]);
  expect(await lengthOf(split, opusType)).toBeCloseTo((960 - 312) / 48_000);
});
