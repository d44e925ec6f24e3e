/**
 * AES-256 in IGE mode. WebAssembly decrypts, because OpenSSL has no mode that chains decryptions as IGE does, and
 * encrypts what is short; OpenSSL's CBC encrypts what is long in half the time.
 */
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getWasmUrl, ige256Decrypt, ige256Encrypt, initSync } from '@mtcute/wasm';

const blockBytes = 16;
const blockWords = 4;
/** Up to here WebAssembly encrypts faster. */
const shortBytes = 512;

let isReady = false;

function prepare(): void {
  if (!isReady) initSync(readFileSync(fileURLToPath(getWasmUrl())));
  isReady = true;
}

/**
 * Encrypts whole blocks. IGE is CBC in disguise: with q_i = p_i ^ p_{i-2} (q_0 = p_0, q_1 = p_1 ^ p_{-1}),
 * CBC over q under c_{-1} gives c_i ^ p_{i-1}. `iv` is c_{-1} followed by p_{-1}.
 */
export function encryptIge(plain: Buffer, key: Buffer, iv: Buffer): Buffer {
  if (plain.length <= shortBytes) {
    prepare();
    return asBuffer(ige256Encrypt(plain, key, iv));
  }
  const source = wordsOf(plain);
  const before = wordsOf(iv);
  const mixed = source.slice();
  const firstMixed = Math.min(mixed.length, 2 * blockWords);
  for (let i = blockWords; i < firstMixed; i++) mixed[i]! ^= before[i]!;
  for (let i = 2 * blockWords; i < mixed.length; i++) mixed[i]! ^= source[i - 2 * blockWords]!;
  const cbc = createCipheriv('aes-256-cbc', key, iv.subarray(0, blockBytes)).setAutoPadding(false);
  const result = wordsOf(cbc.update(mixed));
  const firstResult = Math.min(result.length, blockWords);
  for (let i = 0; i < firstResult; i++) result[i]! ^= before[blockWords + i]!;
  for (let i = blockWords; i < result.length; i++) result[i]! ^= source[i - blockWords]!;
  return asBuffer(result);
}

/** Decrypts whole blocks; `iv` is c_{-1} followed by p_{-1}. Throws RangeError where a block is not whole. */
export function decryptIge(cipher: Buffer, key: Buffer, iv: Buffer): Buffer {
  if (cipher.length % blockBytes !== 0) throw new RangeError(`${cipher.length} bytes are not whole blocks`);
  prepare();
  return asBuffer(ige256Decrypt(cipher, key, iv));
}

function asBuffer({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The bytes as 32-bit words: a view where they lie on a word's boundary, else a copy. */
function wordsOf(bytes: Buffer): Uint32Array<ArrayBufferLike> {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const copy = new Uint32Array(bytes.length / 4);
  Buffer.from(copy.buffer).set(bytes);
  return copy;
}
