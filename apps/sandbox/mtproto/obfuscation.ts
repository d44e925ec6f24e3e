/**
 * Transport obfuscation (core.telegram.org/mtproto/mtproto-transports#transport-obfuscation): 64 random-looking bytes hold
 * the keys of both directions and the name of the transport inside.
 */
import { createCipheriv, createDecipheriv, createHash, type Cipheriv, type Decipheriv } from 'node:crypto';

/** The length of what such a connection begins with. */
export const obfuscationBytes = 64;
const tagAt = 56;

/** The two running ciphers of one connection. */
export class Obfuscation {
  /** The 4 bytes that name the transport inside. */
  readonly tag: Buffer;
  /** The data centre that the client asks a proxy for: negative for media. */
  readonly dc: number;
  readonly #incoming: Decipheriv;
  readonly #outgoing: Cipheriv;

  /** `start` are the first 64 bytes of the connection; a proxy's keys are mixed with its secret. */
  constructor(start: Buffer, secret?: Buffer) {
    const keyOf = (bytes: Buffer) =>
      secret ? createHash('sha256').update(bytes).update(secret).digest() : bytes;
    const reversed = Buffer.from(start.subarray(8, tagAt)).reverse();
    this.#incoming = createDecipheriv('aes-256-ctr', keyOf(start.subarray(8, 40)), start.subarray(40, tagAt));
    this.#outgoing = createCipheriv(
      'aes-256-ctr',
      keyOf(reversed.subarray(0, 32)),
      reversed.subarray(32, 48),
    );
    const opened = this.#incoming.update(start);
    this.tag = opened.subarray(tagAt, tagAt + 4);
    this.dc = opened.readInt16LE(tagAt + 4);
  }

  open(bytes: Buffer): Buffer {
    return this.#incoming.update(bytes);
  }

  seal(bytes: Buffer): Buffer {
    return this.#outgoing.update(bytes);
  }
}
