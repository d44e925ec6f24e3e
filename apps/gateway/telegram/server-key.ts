/** Makes the client library accept the RSA key of another server than Telegram's own, such as the sandbox. */
import { createHash, createPublicKey } from 'node:crypto';
import bigInt from 'big-integer';
import { _serverKeys } from 'telegram/crypto/RSA.js';

/**
 * Trusts the RSA public key in `pem`. The library's table of keys is one for the process.
 * @throws Error when `pem` is not an RSA public key
 */
export function trustServerKey(pem: string): void {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`not an RSA key but ${key.asymmetricKeyType}`);
  const { n, e } = key.export({ format: 'jwk' });
  const modulus = Buffer.from(n!, 'base64url');
  const exponent = Buffer.from(e!, 'base64url');
  _serverKeys.set(fingerprint(modulus, exponent), {
    n: bigInt(modulus.toString('hex'), 16),
    e: exponent.readUIntBE(0, exponent.length),
  });
}

/** The last 8 bytes of sha1 over both numbers as TL bytes, as the signed decimal the library looks up. */
function fingerprint(modulus: Buffer, exponent: Buffer): string {
  const digest = createHash('sha1').update(tlBytes(modulus)).update(tlBytes(exponent)).digest();
  return digest.readBigInt64LE(digest.length - 8).toString();
}

/** Bytes in TL: a length of 1 or 4 bytes before them, zeros after them up to a multiple of 4. */
function tlBytes(data: Buffer): Buffer {
  const head =
    data.length < 254
      ? Buffer.from([data.length])
      : Buffer.from([254, data.length & 255, (data.length >> 8) & 255, data.length >> 16]);
  const padding = Buffer.alloc((4 - ((head.length + data.length) % 4)) % 4);
  return Buffer.concat([head, data, padding]);
}
