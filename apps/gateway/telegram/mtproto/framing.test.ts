import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { abridged, FrameReader, intermediate, paddedIntermediate } from './framing.ts';
import { ProtocolError } from './message-key.ts';

const framings = { abridged, intermediate, paddedIntermediate };

describe.each(Object.entries(framings))('%s frames', (_, framing) => {
  const payloads = [40, 56, 104, 504, 520, 1_000, 100_008, 524_312].map((length) => {
    const payload = randomBytes(length);
    payload[0] = 1; // An encrypted message: of a plain one the key id is 0.
    return payload;
  });
  const stream = Buffer.concat(
    payloads.flatMap((payload) => {
      const { head, padding } = framing.head(payload.length);
      return [head, payload, padding];
    }),
  );

  it.each([1, 7, 1_000, 65_536, 1 << 20])('are cut out of a stream that comes %i bytes at a time', (size) => {
    const reader = new FrameReader(framing);
    const read: Buffer[] = [];
    // Byte by byte a large stream would take long: its beginning tells as much.
    const end = size === 1 ? 2_000 : stream.length;
    for (let at = 0; at < end; at += size)
      read.push(...reader.push(stream.subarray(at, Math.min(end, at + size))));
    expect(read.length).toBeGreaterThanOrEqual(5);
    expect(read.every((payload, index) => payload.equals(payloads[index]!))).toBe(true);
  });

  it('of no length are refused', () => {
    const reader = new FrameReader(framing);
    expect(() => [...reader.push(Buffer.alloc(8))]).toThrow(ProtocolError);
  });
});
