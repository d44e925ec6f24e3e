/**
 * Framing on the TCP stream, told apart by its first bytes (core.telegram.org/mtproto/mtproto-transports):
 * ef abridged, eeeeeeee intermediate, dddddddd padded intermediate, zeros from byte 4 on full, otherwise obfuscated.
 */
import { crc32 } from 'node:zlib';
import { fillRandom, randomBelow16 } from './random-padding.ts';

/** Where the frame at the head of the stream lies: payload from `start` to `end`, next frame at `next`. */
export interface FrameSpan {
  start: number;
  end: number;
  next: number;
}

/** One way of framing. */
export interface Transport {
  name: 'abridged' | 'intermediate' | 'padded' | 'full';
  /** How many bytes at the very beginning only name the transport. */
  tagBytes: number;
  /** The frame at the head, undefined while its header is incomplete. Throws RangeError on nonsense. */
  measure(head: Buffer): FrameSpan | undefined;
  /** Checks a complete frame (from 0 to `next`). Throws RangeError where it is damaged. */
  check(frame: Buffer): void;
  /** The bytes to write for one payload. */
  frame(payload: Buffer): Buffer;
}

/** An error such as -404, which clients know by its length. */
const errorBytes = 4;
/** More than any frame that Telegram takes: 1 MB and some. */
const maxFrameBytes = 2 * 1024 * 1024;

/** The transport that these first bytes announce; undefined while there are too few of them. */
export function detectTransport(head: Buffer): Transport | 'obfuscated' | undefined {
  if (head.length === 0) return undefined;
  if (head[0] === 0xef) return abridged();
  if (head.length < 8) return undefined;
  const tag = head.readUInt32LE(0);
  if (tag === 0xeeeeeeee) return intermediate('intermediate');
  if (tag === 0xdddddddd) return intermediate('padded');
  if (head.readUInt32LE(4) === 0) return full();
  return 'obfuscated';
}

/** The transport that an obfuscated beginning names. Throws RangeError where it is none. */
export function transportInside(tag: Buffer): Transport {
  const name = tag.readUInt32LE(0);
  if (name === 0xefefefef) return abridged();
  if (name === 0xeeeeeeee) return intermediate('intermediate');
  if (name === 0xdddddddd) return intermediate('padded');
  throw new RangeError('no known transport');
}

function abridged(): Transport {
  return {
    name: 'abridged',
    tagBytes: 1,
    measure(head) {
      if (head.length < 1) return undefined;
      const short = head[0]! & 0x7f;
      if (short < 0x7f) return span(1, short * 4);
      return head.length < 4 ? undefined : span(4, head.readUIntLE(1, 3) * 4);
    },
    check() {},
    frame(payload) {
      const words = payload.length >>> 2;
      const header = words < 0x7f ? Buffer.of(words) : Buffer.of(0x7f, words, words >>> 8, words >>> 16);
      return Buffer.concat([header, payload]);
    },
  };
}

function intermediate(name: 'intermediate' | 'padded'): Transport {
  return {
    name,
    tagBytes: 4,
    measure(head) {
      if (head.length < 4) return undefined;
      const length = head.readUInt32LE(0) & 0x7fffffff;
      const { start, next } = span(4, length);
      return { start, end: name === 'padded' ? withoutPadding(head, start, length) : next, next };
    },
    check() {},
    frame(payload) {
      const padding = name === 'padded' && payload.length > errorBytes ? randomBelow16() : 0;
      const framed = Buffer.allocUnsafe(4 + payload.length + padding);
      framed.writeUInt32LE(payload.length + padding, 0);
      payload.copy(framed, 4);
      if (padding > 0) fillRandom(framed, 4 + payload.length);
      return framed;
    },
  };
}

/**
 * The end of a payload before its padding of 0 to 15 bytes: encrypted payloads are 8 bytes more than whole blocks.
 * Plain ones, whose key id is 0, tell their length within, and are left as they are.
 */
function withoutPadding(head: Buffer, start: number, length: number): number {
  const end = start + length;
  const isPlain = head.length >= end && length >= 8 && head.readBigInt64LE(start) === 0n;
  return isPlain || length < 24 ? end : end - ((length - 8) % 16);
}

function full(): Transport {
  let sequence = 0;
  return {
    name: 'full',
    tagBytes: 0,
    measure(head) {
      if (head.length < 4) return undefined;
      const length = head.readUInt32LE(0);
      if (length < 12 || length % 4 !== 0) throw new RangeError('a full frame with a wrong length');
      span(0, length);
      return { start: 8, end: length - 4, next: length };
    },
    check(frame) {
      const end = frame.length - 4;
      if (crc32(frame.subarray(0, end)) !== frame.readUInt32LE(end)) throw new RangeError('a wrong checksum');
    },
    frame(payload) {
      const framed = Buffer.allocUnsafe(payload.length + 12);
      framed.writeUInt32LE(framed.length, 0);
      framed.writeUInt32LE(sequence++, 4);
      payload.copy(framed, 8);
      framed.writeUInt32LE(crc32(framed.subarray(0, framed.length - 4)), framed.length - 4);
      return framed;
    },
  };
}

function span(start: number, length: number): FrameSpan {
  if (length === 0 || length > maxFrameBytes) throw new RangeError(`a frame of ${length} bytes`);
  return { start, end: start + length, next: start + length };
}
