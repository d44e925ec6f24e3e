/** The server's RSA key: made once, kept in the data folder, and used raw with the paddings of the key exchange. */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TlWriter } from '../tl/writer.ts';
import { decryptIge } from './ige.ts';

/** The server's RSA key, ready for key exchanges. `fingerprint` is signed, as it travels in TL. */
export interface RsaKey {
  privateKey: KeyObject;
  publicKeyPem: string;
  publicKeyFile: string;
  fingerprint: bigint;
}

/** Reads the key from `folder`, or makes it there (private-key.pem with mode 0600, public-key.pem). */
export async function loadRsaKey(folder: string): Promise<RsaKey> {
  await mkdir(folder, { recursive: true });
  const privateKey = (await readKey(join(folder, 'private-key.pem'))) ?? (await makeKey(folder));
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const publicKeyFile = join(folder, 'public-key.pem');
  await writeFile(publicKeyFile, publicKeyPem);
  return { privateKey, publicKeyPem, publicKeyFile, fingerprint: fingerprintOf(publicKey) };
}

/** The last 8 bytes of the SHA-1 over modulus and exponent as TL bytes, little endian and signed. */
export function fingerprintOf(publicKey: KeyObject): bigint {
  const { n, e } = publicKey.export({ format: 'jwk' });
  const bytes = new TlWriter(512)
    .bytes(Buffer.from(n ?? '', 'base64url'))
    .bytes(Buffer.from(e ?? '', 'base64url'))
    .finish();
  return createHash('sha1').update(bytes).digest().readBigInt64LE(12);
}

/**
 * The candidates for the padded inner data of req_DH_params: RSA_PAD first, then the older padding
 * (SHA-1, data, random), whose SHA-1 the reader must check. Throws where the bytes are not for this key.
 */
export function openInnerData(key: RsaKey, encrypted: Buffer): { data: Buffer; sha1: Buffer | undefined } {
  const block = privateDecrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, encrypted);
  const padded = undoRsaPad(block);
  if (padded) return { data: padded, sha1: undefined };
  return { data: block.subarray(21), sha1: block.subarray(1, 21) };
}

/** Undoes RSA_PAD (core.telegram.org/mtproto/auth_key), or tells by undefined that it was not used. */
function undoRsaPad(block: Buffer): Buffer | undefined {
  const encrypted = block.subarray(32);
  const mask = createHash('sha256').update(encrypted).digest();
  const key = Buffer.from(mask.map((byte, i) => byte ^ block[i]!));
  const withHash = decryptIge(encrypted, key, Buffer.alloc(32));
  const data = Buffer.from(withHash.subarray(0, 192)).reverse();
  const hash = createHash('sha256').update(key).update(data).digest();
  return hash.equals(withHash.subarray(192)) ? data : undefined;
}

async function readKey(file: string): Promise<KeyObject | undefined> {
  try {
    return createPrivateKey(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} holds no RSA key: remove it and a new one is made`, { cause: error });
  }
}

async function makeKey(folder: string): Promise<KeyObject> {
  let privateKey: KeyObject;
  do {
    ({ privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 }));
  } while (beginsWithZero(fingerprintOf(createPublicKey(privateKey))));
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
  await writeFile(join(folder, 'private-key.pem'), pem, { mode: 0o600 });
  return privateKey;
}

/** Some clients compare fingerprints as hex without leading zeros. */
function beginsWithZero(fingerprint: bigint): boolean {
  return BigInt.asUintN(64, fingerprint) >> 60n === 0n;
}
