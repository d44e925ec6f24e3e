/** AES-256 in IGE mode: encryption over OpenSSL's CBC, decryption block by block. */
import { createCipheriv } from 'node:crypto';
import { decryptBlock, decryptionKey } from './aes-decrypt.ts';

const BLOCK = 16;
const BLOCK_WORDS = 4;
const NO_BYTES = Buffer.alloc(0);

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

/** Decrypts whole blocks; `iv` is c_{-1} followed by p_{-1}. */
export function decryptIge(cipher: Buffer, key: Buffer, iv: Buffer): Buffer {
  if (cipher.length === 0) return NO_BYTES;
  const keys = decryptionKey(key);
  const plain = Buffer.allocUnsafe(cipher.length);
  const source = new DataView(cipher.buffer, cipher.byteOffset, cipher.length);
  const target = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const ivView = new DataView(iv.buffer, iv.byteOffset, iv.length);
  const lastCipher = words(ivView, 0);
  const lastPlain = words(ivView, BLOCK);
  const block = new Uint32Array(4);
  const current = new Uint32Array(4);
  for (let offset = 0; offset < cipher.length; offset += BLOCK) {
    for (let i = 0; i < 4; i++) {
      const word = source.getUint32(offset + 4 * i);
      current[i] = word;
      block[i] = word ^ lastPlain[i]!;
    }
    decryptBlock(keys, block);
    for (let i = 0; i < 4; i++) {
      const word = block[i]! ^ lastCipher[i]!;
      target.setUint32(offset + 4 * i, word);
      lastPlain[i] = word;
      lastCipher[i] = current[i]!;
    }
  }
  return plain;
}

/** The bytes as 32-bit words: a view where they lie on a word's boundary, else a copy. */
function wordsOf(bytes: Buffer): Uint32Array<ArrayBufferLike> {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const copy = new Uint32Array(bytes.length / 4);
  Buffer.from(copy.buffer).set(bytes);
  return copy;
}

function words(view: DataView, offset: number): Uint32Array {
  return Uint32Array.from({ length: 4 }, (_, i) => view.getUint32(offset + 4 * i));
}
