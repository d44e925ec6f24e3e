/** Making an auth key with a server (core.telegram.org/mtproto/auth_key). Every nonce, hash and number is checked. */
import {
  constants,
  createHash,
  createPublicKey,
  hash,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { Factorizator } from 'telegram/crypto/Factorizator.js';
import { IGE } from 'telegram/crypto/IGE.js';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import bigInt from 'big-integer';
import { agree } from './diffie-hellman.ts';
import { tlBytes, tlLongs } from './incoming.ts';
import { AuthKey, ProtocolError } from './message-key.ts';

/** A key, the salt that both sides know from making it, and what the server's clock showed, in seconds since the epoch. */
export interface MadeKey {
  readonly key: AuthKey;
  readonly salt: bigint;
  readonly serverTimeS: number;
}

/** Sends one plain message and resolves with the answer. */
export type Exchange = (message: Buffer) => Promise<Buffer>;

const ids = {
  reqPq: 0xbe7e8ef1,
  resPq: 0x05162463,
  innerDc: 0xa9f55f95,
  reqDh: 0xd712e4be,
  dhOk: 0xd0e8075c,
  serverInner: 0xb5890dba,
  clientInner: 0x6643b654,
  setClientDh: 0xf5045f1f,
  dhGenOk: 0x3bcbf734,
} as const;
const zeroIv = Buffer.alloc(32);

/** Makes a key for a data centre. @throws ProtocolError */
export async function makeKey(exchange: Exchange, dcId: number): Promise<MadeKey> {
  const nonce = randomBytes(16);
  const newNonce = randomBytes(32);
  const first = await exchange(message(ids.reqPq, nonce));
  expectAnswer(first, ids.resPq, nonce);
  const serverNonce = Buffer.from(first.subarray(20, 36));
  const pq = tlBytes(first, 36);
  const rsa = knownKey(tlLongs(first, 36 + tlLength(pq)));
  const { p, q } = factors(pq);
  const inner = message(ids.innerDc, tl(pq), tl(p), tl(q), nonce, serverNonce, newNonce, int(dcId));
  const fingerprint = Buffer.alloc(8);
  fingerprint.writeBigInt64LE(rsa.fingerprint);
  const second = await exchange(
    message(ids.reqDh, nonce, serverNonce, tl(p), tl(q), fingerprint, tl(encryptForServer(inner, rsa.key))),
  );
  expectAnswer(second, ids.dhOk, nonce, serverNonce);
  const aes = temporaryAes(serverNonce, newNonce);
  const answer = openAnswer(tlBytes(second, 36), aes);
  expectAnswer(answer, ids.serverInner, nonce, serverNonce);
  const prime = tlBytes(answer, 40);
  const theirs = tlBytes(answer, 40 + tlLength(prime));
  const serverTimeS = answer.readInt32LE(40 + tlLength(prime) + tlLength(theirs));
  const { shown, key } = agree(answer.readInt32LE(36), prime, theirs);
  const ours = message(ids.clientInner, nonce, serverNonce, Buffer.alloc(8), tl(shown));
  const sealed = new IGE(...aes).encryptIge(withHash(ours));
  const third = await exchange(message(ids.setClientDh, nonce, serverNonce, tl(sealed)));
  expectAnswer(third, ids.dhGenOk, nonce, serverNonce);
  const auxHash = hash('sha1', key, 'buffer').subarray(0, 8);
  const expected = sha1(newNonce, Buffer.of(1), auxHash).subarray(4);
  if (!third.subarray(36, 52).equals(expected))
    throw new ProtocolError('the server did not make the same key');
  const salt = newNonce.readBigInt64LE() ^ serverNonce.readBigInt64LE();
  return { key: new AuthKey(key), salt, serverTimeS };
}

function expectAnswer(answer: Buffer, constructor: number, ...nonces: Buffer[]): void {
  if (answer.length < 36 || answer.readUInt32LE(0) !== constructor)
    throw new ProtocolError(`the key exchange was answered 0x${answer.toString('hex', 0, 4)}`);
  nonces.forEach((nonce, index) => {
    const at = 4 + 16 * index;
    if (!answer.subarray(at, at + 16).equals(nonce))
      throw new ProtocolError('a nonce of the key exchange differs');
  });
}

function knownKey(fingerprints: readonly bigint[]): { fingerprint: bigint; key: KeyObject } {
  for (const fingerprint of fingerprints) {
    const known = _serverKeys.get(fingerprint.toString());
    if (known) return { fingerprint, key: publicKeyOf(known) };
  }
  throw new ProtocolError(
    'the server has another RSA key than those trusted here: TELEGRAM_DC_PUBLIC_KEY_FILE takes the key of TELEGRAM_DC',
  );
}

function publicKeyOf({ n, e }: { n: bigInt.BigInteger; e: number }): KeyObject {
  const base64url = (hex: string) =>
    Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
  const jwk = { kty: 'RSA', n: base64url(n.toString(16)), e: base64url(e.toString(16)) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function factors(pq: Buffer): { p: Buffer; q: Buffer } {
  const { p, q } = Factorizator.factorize(bigInt(pq.toString('hex'), 16));
  const bytes = (number: bigInt.BigInteger) => {
    const hex = number.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  };
  return { p: bytes(p), q: bytes(q) };
}

/** RSA_PAD: reversed data and its hash under a random key, and that key hidden in what comes out. */
function encryptForServer(inner: Buffer, key: KeyObject): Buffer {
  const padded = Buffer.concat([inner, randomBytes(192 - inner.length)]);
  const reversed = Buffer.from(padded).reverse();
  for (let left = 20; ; left--) {
    const aesKey = randomBytes(32);
    const withDigest = Buffer.concat([reversed, sha256(aesKey, padded)]);
    const encrypted = new IGE(aesKey, zeroIv).encryptIge(withDigest);
    const digest = sha256(encrypted);
    const hidden = aesKey.map((byte, index) => byte ^ digest[index]!);
    try {
      return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.concat([hidden, encrypted]));
    } catch (error) {
      // The number is not below the modulus, as one in two is: once more with another key.
      if (left === 0) throw error;
    }
  }
}

function temporaryAes(serverNonce: Buffer, newNonce: Buffer): [Buffer, Buffer] {
  const both = sha1(serverNonce, newNonce);
  const key = Buffer.concat([sha1(newNonce, serverNonce), both.subarray(0, 12)]);
  const iv = Buffer.concat([both.subarray(12), sha1(newNonce, newNonce), newNonce.subarray(0, 4)]);
  return [key, iv];
}

function openAnswer(encrypted: Buffer, aes: [Buffer, Buffer]): Buffer {
  if (encrypted.length < 32 || encrypted.length % 16 !== 0)
    throw new ProtocolError('an answer that is cut off');
  const plain = new IGE(...aes).decryptIge(encrypted);
  const answer = plain.subarray(20);
  const prime = tlBytes(answer, 40);
  const shown = tlBytes(answer, 40 + tlLength(prime));
  const end = 40 + tlLength(prime) + tlLength(shown) + 4;
  if (!sha1(answer.subarray(0, end)).equals(plain.subarray(0, 20)))
    throw new ProtocolError('the hash of an answer differs');
  return answer;
}

function withHash(data: Buffer): Buffer {
  return Buffer.concat([sha1(data), data, randomBytes(-(20 + data.length) & 15)]);
}

function message(constructor: number, ...fields: Buffer[]): Buffer {
  return Buffer.concat([int(constructor), ...fields]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}

/** Bytes as TL writes them. */
function tl(data: Buffer): Buffer {
  const head =
    data.length < 254
      ? Buffer.of(data.length)
      : Buffer.of(254, data.length, data.length >> 8, data.length >> 16);
  return Buffer.concat([head, data, Buffer.alloc(-(head.length + data.length) & 3)]);
}

function tlLength(data: Buffer): number {
  const head = data.length < 254 ? 1 : 4;
  return head + data.length + (-(head + data.length) & 3);
}

function sha1(...data: Buffer[]): Buffer {
  return digestOf('sha1', data);
}

function sha256(...data: Buffer[]): Buffer {
  return digestOf('sha256', data);
}

function digestOf(algorithm: string, data: readonly Buffer[]): Buffer {
  const digest = createHash(algorithm);
  for (const part of data) digest.update(part);
  return digest.digest();
}
