/**
 * What payloads look like on the wire: as they are framed, or like noise
 * (core.telegram.org/mtproto/mtproto-transports#transport-obfuscation).
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** The bytes of one connection on their way out and in. */
export interface Wire {
  /** Of one payload's parts, with whatever a connection begins with before the first. */
  seal(parts: readonly Buffer[]): readonly Buffer[];
  open(chunk: Buffer): Buffer;
}

export interface ObfuscationOptions {
  /** The framing's name, four bytes long. */
  readonly tag: number;
  /** The data centre, for a proxy to choose by; negative for media. */
  readonly dcId: number;
  /** Of an MTProxy: the keys are mixed with it. */
  readonly secret: Buffer | undefined;
}

const startBytes = 64;
const keyAt = 8;
const vectorAt = 40;
const tagAt = 56;
/** What another protocol begins with: HEAD, POST, GET, OPTI, a framing that is not obfuscated, or TLS. */
const taken = new Set([0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0xdddddddd, 0xeeeeeeee, 0x02010316]);

/** A connection that says at its beginning how it is framed. */
export function plainWire(tag: number): Wire {
  let first: Buffer[] = [Buffer.of(tag & 0xff)];
  return {
    seal(parts) {
      const all = [...first, ...parts];
      first = [];
      return all;
    },
    open: (chunk) => chunk,
  };
}

/** A connection that looks like noise from its first byte on. */
export function obfuscatedWire({ tag, dcId, secret }: ObfuscationOptions): Wire {
  const start = randomStart();
  start.writeUInt32LE(tag, tagAt);
  start.writeInt16LE(dcId, tagAt + 4);
  const keyOf = (bytes: Buffer) =>
    secret ? createHash('sha256').update(bytes).update(secret).digest() : Buffer.from(bytes);
  const reversed = Buffer.from(start.subarray(keyAt, tagAt)).reverse();
  const vector = Buffer.from(start.subarray(vectorAt, tagAt));
  const outgoing = createCipheriv('aes-256-ctr', keyOf(start.subarray(keyAt, vectorAt)), vector);
  const incoming = createDecipheriv('aes-256-ctr', keyOf(reversed.subarray(0, 32)), reversed.subarray(32));
  // The keys stand in the open; only what follows them is sent as the cipher has it.
  outgoing.update(start).copy(start, tagAt, tagAt);
  let first: Buffer[] = [start];
  return {
    seal(parts) {
      const all = [...first, ...parts.map((part) => outgoing.update(part))];
      first = [];
      return all;
    },
    open: (chunk) => incoming.update(chunk),
  };
}

function randomStart(): Buffer {
  for (;;) {
    const start = randomBytes(startBytes);
    if (start[0] !== 0xef && !taken.has(start.readUInt32LE(0)) && start.readUInt32LE(4) !== 0) return start;
  }
}
