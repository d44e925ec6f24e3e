/** How payloads are told apart in a stream of bytes (core.telegram.org/mtproto/mtproto-transports). */
import { randomBytes, randomInt } from 'node:crypto';
import { ProtocolError } from './message-key.ts';

const longestFrame = 16 * 1024 * 1024;

export interface Frame {
  readonly payload: Buffer;
  readonly end: number;
}

/** One way of framing, for one connection. */
export interface Framing {
  /** What a connection begins with, or what stands for it within an obfuscated beginning. */
  readonly tag: number;
  /** The header to write before a payload, and what to write after it. */
  head(length: number): { head: Buffer; padding: Buffer };
  /** The payload at the head of `bytes` and where the next frame begins, or how many bytes there have to be first. */
  next(bytes: Buffer): Frame | number;
}

const nothing = Buffer.alloc(0);

/** The shortest one, which Telegram's own clients use. */
export const abridged: Framing = {
  tag: 0xefefefef,
  head(length) {
    const words = length >> 2;
    return {
      head: words < 127 ? Buffer.of(words) : Buffer.of(127, words, words >> 8, words >> 16),
      padding: nothing,
    };
  },
  next(bytes) {
    if (bytes.length === 0) return 1;
    const short = bytes[0]!;
    if (short < 127) return cut(bytes, 1, short * 4, 0);
    return bytes.length < 4 ? 4 : cut(bytes, 4, bytes.readUIntLE(1, 3) * 4, 0);
  },
};

/** The one for MTProxies with a secret of 16 bytes. */
export const intermediate: Framing = {
  tag: 0xeeeeeeee,
  head: (length) => ({ head: lengthBytes(length), padding: nothing }),
  next: (bytes) => (bytes.length < 4 ? 4 : cut(bytes, 4, lengthAt(bytes), 0)),
};

/** The one that other MTProxies ask for: up to 15 random bytes behind each payload hide its length. */
export const paddedIntermediate: Framing = {
  tag: 0xdddddddd,
  head(length) {
    const padding = randomBytes(randomInt(16));
    return { head: lengthBytes(length + padding.length), padding };
  },
  next(bytes) {
    if (bytes.length < 4) return 4;
    const length = lengthAt(bytes);
    // Encrypted payloads are 8 bytes more than whole blocks; an error is 4 bytes; plain messages tell their length.
    return cut(bytes, 4, length, length < 24 ? 0 : (length - 8) % 16);
  },
};

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

function lengthAt(bytes: Buffer): number {
  return bytes.readUInt32LE(0) & 0x7fff_ffff;
}

function cut(bytes: Buffer, start: number, length: number, padding: number): Frame | number {
  const end = start + length;
  if (length < 4 || end > longestFrame) throw new ProtocolError(`a frame of ${length} bytes`);
  if (bytes.length < end) return end;
  const isPlain = padding > 0 && bytes.readBigInt64LE(start) === 0n;
  return { payload: bytes.subarray(start, isPlain ? end : end - padding), end };
}

/** Cuts a stream into payloads, without copying a large one over and over. */
export class FrameReader {
  readonly #framing: Framing;
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = 1;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** The payloads that are whole with this chunk. @throws ProtocolError */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return;
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let next = this.#framing.next(bytes);
    for (; typeof next !== 'number'; next = this.#framing.next(bytes)) {
      bytes = bytes.subarray(next.end);
      yield next.payload;
    }
    this.#chunks = bytes.length > 0 ? [bytes] : [];
    this.#length = bytes.length;
    this.#wanted = next;
  }
}
