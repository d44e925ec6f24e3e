/**
 * The key exchange of one connection (core.telegram.org/mtproto/auth_key): plain messages in, plain messages out,
 * and a new auth key at the end.
 */
import { createHash, randomBytes } from 'node:crypto';
import { TlError, TlReader } from '../tl/reader.ts';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';
import { dhGenerator, dhPrime, makeHalf, sharedKey, type DhHalf } from './diffie-hellman.ts';
import { decryptIge, encryptIge } from './ige.ts';
import { openInnerData, type RsaKey } from './rsa-key.ts';

/** Two primes, so that clients factorise at once; p < q. */
const p = 1229739323n;
const q = 1402015859n;

/** A key that was agreed on. */
export interface AgreedKey {
  key: Buffer;
  /** Set for a temporary key. */
  expiresInS: number | undefined;
  /** The salt that both sides know from the exchange; it holds until the server names another. */
  firstSalt: bigint;
}

/** Called with each key that was agreed on. */
export type OnAuthKey = (agreed: AgreedKey) => void;

/** One exchange in progress. */
export class Handshake {
  readonly #rsaKey: RsaKey;
  readonly #onAuthKey: OnAuthKey;
  readonly #now: () => number;
  readonly #serverNonce = randomBytes(16);
  #nonce: Buffer | undefined;
  #newNonce: Buffer | undefined;
  #half: DhHalf | undefined;
  #expiresInS: number | undefined;

  /** `now` is the server's clock, in ms since 1970. */
  constructor(rsaKey: RsaKey, onAuthKey: OnAuthKey, now: () => number) {
    this.#rsaKey = rsaKey;
    this.#now = now;
    this.#onAuthKey = onAuthKey;
  }

  /** Answers one plain message. Throws TlError on anything out of order. */
  answer(message: Buffer): Buffer {
    const request = new TlReader(message).tlObject();
    switch (request._) {
      case 'reqPqMulti':
      case 'reqPq':
        return this.#start(request);
      case 'reqDHParams':
        return this.#showHalf(request);
      case 'setClientDHParams':
        return this.#finish(request);
      default:
        throw new TlError(`${request._} is no part of a key exchange`);
    }
  }

  #start(request: TlObject): Buffer {
    this.#nonce = Buffer.from(request.nonce as Buffer);
    const pq = Buffer.alloc(8);
    pq.writeBigUInt64BE(p * q);
    return bytesOf({
      _: 'resPQ',
      nonce: this.#nonce,
      serverNonce: this.#serverNonce,
      pq,
      serverPublicKeyFingerprints: [this.#rsaKey.fingerprint],
    });
  }

  #showHalf(request: TlObject): Buffer {
    const nonce = this.#checkedNonce(request);
    if (request.publicKeyFingerprint !== this.#rsaKey.fingerprint) throw new TlError('no such RSA key here');
    const inner = this.#readInner(request.encryptedData as Buffer);
    this.#newNonce = Buffer.from(inner.newNonce as Buffer);
    this.#expiresInS = typeof inner.expiresIn === 'number' ? inner.expiresIn : undefined;
    this.#half = makeHalf();
    const answer = bytesOf({
      _: 'serverDHInnerData',
      nonce,
      serverNonce: this.#serverNonce,
      g: dhGenerator,
      dhPrime,
      gA: this.#half.shown,
      serverTime: Math.floor(this.#now() / 1000),
    });
    const { key, iv } = this.#temporaryAes(this.#newNonce);
    const encryptedAnswer = encryptIge(withHashAndPadding(answer), key, iv);
    return bytesOf({ _: 'serverDHParamsOk', nonce, serverNonce: this.#serverNonce, encryptedAnswer });
  }

  #finish(request: TlObject): Buffer {
    const nonce = this.#checkedNonce(request);
    if (!this.#newNonce || !this.#half) throw new TlError('set_client_DH_params came too early');
    const { key, iv } = this.#temporaryAes(this.#newNonce);
    const encrypted = request.encryptedData as Buffer;
    if (encrypted.length < 32 || encrypted.length % 16 !== 0) throw new TlError('not whole AES blocks');
    const plain = decryptIge(encrypted, key, iv);
    const reader = new TlReader(plain, 20);
    const inner = reader.tlObject();
    checkSha1(plain.subarray(0, 20), plain.subarray(20, reader.offset));
    if (inner._ !== 'clientDHInnerData') throw new TlError(`${inner._} instead of the client's half`);
    const authKey = sharedKey(this.#half, inner.gB as Buffer);
    if (!authKey) throw new TlError('the client value of the exchange is out of range');
    const firstSalt = this.#newNonce.readBigInt64LE() ^ this.#serverNonce.readBigInt64LE();
    this.#onAuthKey({ key: authKey, expiresInS: this.#expiresInS, firstSalt });
    const auxHash = createHash('sha1').update(authKey).digest().subarray(0, 8);
    const hash = createHash('sha1').update(this.#newNonce).update(Buffer.of(1)).update(auxHash).digest();
    const newNonceHash1 = hash.subarray(4, 20);
    return bytesOf({ _: 'dhGenOk', nonce, serverNonce: this.#serverNonce, newNonceHash1 });
  }

  #readInner(encrypted: Buffer): TlObject {
    if (encrypted.length !== 256) throw new TlError('the encrypted inner data must have 256 bytes');
    const { data, sha1 } = openInnerData(this.#rsaKey, encrypted);
    const reader = new TlReader(data);
    const inner = reader.tlObject();
    if (sha1) checkSha1(sha1, data.subarray(0, reader.offset));
    if (!/^pQInnerData(TempDc|Temp|Dc)?$/.test(inner._)) throw new TlError(`${inner._} is no inner data`);
    this.#checkedNonce(inner);
    return inner;
  }

  #checkedNonce(object: TlObject): Buffer {
    const { nonce, serverNonce } = object as TlObject & { nonce: Buffer; serverNonce: Buffer };
    if (!this.#nonce?.equals(nonce) || !this.#serverNonce.equals(serverNonce)) {
      throw new TlError('a nonce of the key exchange does not fit');
    }
    return this.#nonce;
  }

  #temporaryAes(newNonce: Buffer): { key: Buffer; iv: Buffer } {
    const sha1 = (first: Buffer, second: Buffer) => createHash('sha1').update(first).update(second).digest();
    const both = sha1(this.#serverNonce, newNonce);
    return {
      key: Buffer.concat([sha1(newNonce, this.#serverNonce), both.subarray(0, 12)]),
      iv: Buffer.concat([both.subarray(12), sha1(newNonce, newNonce), newNonce.subarray(0, 4)]),
    };
  }
}

function withHashAndPadding(data: Buffer): Buffer {
  const padding = randomBytes(-(20 + data.length) & 15);
  return Buffer.concat([createHash('sha1').update(data).digest(), data, padding]);
}

function checkSha1(expected: Buffer, data: Buffer): void {
  if (!createHash('sha1').update(data).digest().equals(expected)) throw new TlError('a SHA-1 does not fit');
}
