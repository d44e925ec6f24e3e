/** MTProto 2.0's encryption of messages: the message key, and the AES key drawn from it (core.telegram.org/mtproto/description). */
import { createHash, hash, randomFillSync } from 'node:crypto';
import { IGE } from 'telegram/crypto/IGE.js';
import { encryptIge } from './ige-encrypt.ts';

/** Key id and message key, before the encrypted bytes of a packet. */
export const headBytes = 24;
/** What stands before a plain message while its message key is made: 32 bytes of the auth key. */
export const keyRoom = 32;
const least = { plain: 48, padding: 12, block: 16 };

/** A key of 256 bytes, with its id. */
export class AuthKey {
  readonly bytes: Buffer;
  readonly id: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.id = hash('sha1', bytes, 'buffer').subarray(12);
  }
}

/** The bytes of a message could not be opened, or are not what the protocol asks for. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** The length of `plainBytes` with padding: 12 to 27 bytes that make whole blocks of it. */
export function paddedLength(plainBytes: number): number {
  return Math.ceil((plainBytes + least.padding) / least.block) * least.block;
}

/**
 * Encrypts a plain message that stands in `memory` behind `keyRoom` bytes, and whose bytes from `used` (counted from
 * there) on are still to be filled with padding. Writes the packet: `headBytes` more than the padded message.
 */
export function seal(key: AuthKey, memory: Buffer, used: number, packet: Buffer): void {
  randomFillSync(memory, keyRoom + used);
  key.bytes.copy(memory, 0, 88, 88 + keyRoom);
  const messageKey = hash('sha256', memory, 'buffer').subarray(8, headBytes);
  key.id.copy(packet);
  messageKey.copy(packet, 8);
  const { aesKey, iv } = aesOf(key, messageKey, 0);
  encryptIge(memory.subarray(keyRoom), aesKey, iv, packet.subarray(headBytes));
}

/** The plain message of a server's packet. @throws ProtocolError where the key does not open it */
export function open(key: AuthKey, packet: Buffer): Buffer {
  const encrypted = packet.subarray(headBytes);
  if (encrypted.length < least.plain || encrypted.length % least.block !== 0)
    throw new ProtocolError(`a packet of ${packet.length} bytes`);
  if (!packet.subarray(0, 8).equals(key.id)) throw new ProtocolError('a packet of another key');
  const messageKey = packet.subarray(8, headBytes);
  const { aesKey, iv } = aesOf(key, messageKey, 8);
  const plain = new IGE(aesKey, iv).decryptIge(encrypted);
  const digest = createHash('sha256').update(key.bytes.subarray(96, 128)).update(plain).digest();
  if (!digest.subarray(8, headBytes).equals(messageKey))
    throw new ProtocolError('a packet with a wrong message key');
  return plain;
}

function aesOf({ bytes }: AuthKey, messageKey: Buffer, from: 0 | 8): { aesKey: Buffer; iv: Buffer } {
  const a = hash('sha256', Buffer.concat([messageKey, bytes.subarray(from, from + 36)]), 'buffer');
  const b = hash('sha256', Buffer.concat([bytes.subarray(from + 40, from + 76), messageKey]), 'buffer');
  return {
    aesKey: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24)]),
  };
}
