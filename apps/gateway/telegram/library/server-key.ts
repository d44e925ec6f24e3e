/** Makes the client library accept the RSA key of another server than Telegram's own, such as the sandbox. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import bigInt from 'big-integer';
import { _serverKeys } from 'telegram/crypto/RSA.js';

const setting =
  'TELEGRAM_DC_PUBLIC_KEY_FILE takes a PEM file with the RSA public key of TELEGRAM_DC, of 2048 bits';

/** The PEM in a file, which is a key that can be trusted. @throws Error that names the setting and what it takes */
export function readServerKey(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${setting}; ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  rsaKey(pem, file);
  return pem;
}

/**
 * Trusts the RSA public key in `pem`. The library's table of keys is one for the process.
 * @throws Error when `pem` is not an RSA public key
 */
export function trustServerKey(pem: string): void {
  const key = rsaKey(pem, 'the one given');
  const { n, e } = key.export({ format: 'jwk' });
  const modulus = Buffer.from(n!, 'base64url');
  const exponent = Buffer.from(e!, 'base64url');
  _serverKeys.set(fingerprint(modulus, exponent), {
    n: bigInt(modulus.toString('hex'), 16),
    e: exponent.readUIntBE(0, exponent.length),
  });
}

function rsaKey(pem: string, name: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (error) {
    throw new Error(`${setting}; ${name} is not one`, { cause: error });
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails } = key;
  if (type !== 'rsa') throw new Error(`${setting}; ${name} has a key of the type ${type}`);
  const bits = asymmetricKeyDetails?.modulusLength;
  if (bits !== 2048) throw new Error(`${setting}; ${name} has one of ${bits} bits`);
  return key;
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
