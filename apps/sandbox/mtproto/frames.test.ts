import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { FrameReader } from './frames.ts';
import { detectTransport, type Transport } from './transports.ts';

const tags = {
  abridged: Buffer.of(0xef),
  intermediate: Buffer.alloc(4, 0xee),
  padded: Buffer.alloc(4, 0xdd),
  full: Buffer.alloc(0),
};
/** Encrypted payloads are 24 bytes and whole blocks. */
const payloads = [40, 24 + 16 * 31, 24 + 16 * 40, 24 + 16 * 40_000].map((length) => randomBytes(length));

for (const [name, tag] of Object.entries(tags)) {
  it(`reads ${name} frames, however the stream is cut`, () => {
    const writer = detectTransport(Buffer.concat([tag, Buffer.alloc(8)])) as Transport;
    const stream = Buffer.concat([tag, ...payloads.map((payload) => writer.frame(payload))]);
    for (const step of [1, 7, 1000, stream.length]) {
      if (step === 1 && stream.length > 5000 && name !== 'full') continue;
      const reader = new FrameReader();
      const read: Buffer[] = [];
      for (let at = 0; at < stream.length; at += step)
        read.push(...reader.push(stream.subarray(at, at + step)));
      expect(reader.transport?.name).toBe(name);
      expect(read.map((payload) => payload.toString('base64'))).toEqual(
        payloads.map((payload) => payload.toString('base64')),
      );
    }
  });
}

it('pads padded frames by 0 to 15 bytes, other than errors', () => {
  const { frame } = detectTransport(Buffer.concat([tags.padded, Buffer.alloc(4)])) as Transport;
  const payload = randomBytes(40);
  const lengths = Array.from({ length: 2000 }, () => frame(payload).readUInt32LE(0) - payload.length);
  expect([...new Set(lengths)].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n));
  expect(frame(Buffer.alloc(4, 0xff))).toHaveLength(8);
});

it('leaves plain messages whole, whose length is no whole number of blocks', () => {
  const payload = Buffer.concat([Buffer.alloc(20), randomBytes(320)]);
  const framed = Buffer.concat([tags.padded, Buffer.alloc(4), payload]);
  framed.writeUInt32LE(payload.length, 4);
  expect(new FrameReader().push(framed)).toEqual([payload]);
});

it('takes the padding off padded frames', () => {
  const payload = randomBytes(24 + 32);
  const framed = Buffer.concat([Buffer.alloc(4), payload, randomBytes(5)]);
  framed.writeUInt32LE(framed.length - 4);
  expect(new FrameReader().push(Buffer.concat([tags.padded, framed]))).toEqual([payload]);
});

it.each([
  [
    'a full frame with a wrong checksum',
    () => damaged((detectTransport(Buffer.alloc(8)) as Transport).frame(randomBytes(40))),
  ],
  ['a frame of no bytes', () => Buffer.of(0xef, 0)],
  ['a frame of 16 MB', () => Buffer.of(0xef, 0x7f, 0xff, 0xff, 0x3f)],
  ['an obfuscated transport that does not exist', () => Buffer.alloc(64, 0x41)],
])('refuses %s', (_, bytes) => {
  expect(() => new FrameReader().push(bytes())).toThrow(RangeError);
});

function damaged(frame: Buffer): Buffer {
  frame[20]! ^= 1;
  return frame;
}
