/** The encrypted part of auth.bindTempAuthKey: written with the permanent key in the older, first form of encryption. */
import { createHash } from 'node:crypto';
import { TlError, TlReader } from '../tl/reader.ts';
import type { AuthKey } from './auth-keys.ts';
import { decryptIge } from './ige.ts';

/** What the client states about its two keys. */
export interface KeyBinding {
  nonce: bigint;
  tempAuthKeyId: bigint;
  permAuthKeyId: bigint;
  tempSessionId: bigint;
  expiresAt: number;
}

const keyIdBytes = 8;
const headerBytes = keyIdBytes + 16;
/** Random in place of salt and session, then id, sequence and length. */
const prefixBytes = 32;

/** What stands in the message, or undefined where it was not written by the key's owner for this call. */
export function openBinding(permanent: AuthKey, message: Buffer, callId: bigint): KeyBinding | undefined {
  const cipher = message.subarray(headerBytes);
  if (cipher.length < prefixBytes || cipher.length % 16 !== 0) return undefined;
  if (!message.subarray(0, keyIdBytes).equals(permanent.id)) return undefined;
  const messageKey = message.subarray(keyIdBytes, headerBytes);
  const { key, iv } = firstFormAes(permanent.key, messageKey);
  const plain = decryptIge(cipher, key, iv);
  const end = prefixBytes + plain.readInt32LE(28);
  if (end < prefixBytes || end > plain.length || plain.readBigInt64LE(16) !== callId) return undefined;
  if (!sha1(plain.subarray(0, end)).subarray(4).equals(messageKey)) return undefined;
  try {
    const inner = new TlReader(plain, prefixBytes, end).tlObject();
    return inner._ === 'bindAuthKeyInner' ? (inner as unknown as KeyBinding) : undefined;
  } catch (error) {
    if (error instanceof TlError) return undefined;
    throw error;
  }
}

/** Key and IV of MTProto 1.0, for messages of clients (core.telegram.org/mtproto/description_v1). */
function firstFormAes(authKey: Buffer, messageKey: Buffer): { key: Buffer; iv: Buffer } {
  const a = sha1(messageKey, authKey.subarray(0, 32));
  const b = sha1(authKey.subarray(32, 48), messageKey, authKey.subarray(48, 64));
  const c = sha1(authKey.subarray(64, 96), messageKey);
  const d = sha1(messageKey, authKey.subarray(96, 128));
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]),
    iv: Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]),
  };
}

function sha1(...parts: Buffer[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
