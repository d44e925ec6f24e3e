/** AES-256 in IGE mode: encryption over OpenSSL's CBC, decryption in WebAssembly. */
import { createCipheriv } from 'node:crypto';
import { decryptBlocks } from './ige-decrypt.ts';

const BLOCK = 16;
const BLOCK_WORDS = 4;

/**
 * Encrypts whole blocks. IGE is CBC in disguise: with q_i = p_i ^ p_{i-2} (q_0 = p_0, q_1 = p_1 ^ p_{-1}),
 * CBC over q under c_{-1} gives c_i ^ p_{i-1}. `iv` is c_{-1} followed by p_{-1}.
 */
export function encryptIge(plain: Buffer, key: Buffer, iv: Buffer): Buffer {
  const source = wordsOf(plain);
  const before = wordsOf(iv);
  const mixed = source.slice();
  const firstMixed = Math.min(mixed.length, 2 * BLOCK_WORDS);
  for (let i = BLOCK_WORDS; i < firstMixed; i++) mixed[i]! ^= before[i]!;
  for (let i = 2 * BLOCK_WORDS; i < mixed.length; i++) mixed[i]! ^= source[i - 2 * BLOCK_WORDS]!;
  const cbc = createCipheriv('aes-256-cbc', key, iv.subarray(0, BLOCK)).setAutoPadding(false);
  const result = wordsOf(cbc.update(mixed));
  const firstResult = Math.min(result.length, BLOCK_WORDS);
  for (let i = 0; i < firstResult; i++) result[i]! ^= before[BLOCK_WORDS + i]!;
  for (let i = BLOCK_WORDS; i < result.length; i++) result[i]! ^= source[i - BLOCK_WORDS]!;
  return Buffer.from(result.buffer, result.byteOffset, result.byteLength);
}

/**
 * Decrypts whole blocks into `plain`, which may be `cipher` itself; `iv` is c_{-1} followed by p_{-1}. Throws RangeError
 * where a block is not whole.
 */
export function decryptIge(
  cipher: Buffer,
  key: Buffer,
  iv: Buffer,
  plain: Buffer = Buffer.allocUnsafe(cipher.length),
): Buffer {
  if (cipher.length % BLOCK !== 0) throw new RangeError(`${cipher.length} bytes are no whole blocks`);
  decryptBlocks(cipher, key, iv, plain);
  return plain;
}

/** The bytes as 32-bit words: a view where they lie on a word's boundary, else a copy. */
function wordsOf(bytes: Buffer): Uint32Array<ArrayBufferLike> {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const copy = new Uint32Array(bytes.length / 4);
  Buffer.from(copy.buffer).set(bytes);
  return copy;
}
