/**
 * AES-256 in IGE mode over OpenSSL's CBC, for parts of files. IGE is CBC in disguise: with q_i = p_i ^ p_{i-2} (q_0 = p_0,
 * q_1 = p_1 ^ p_{-1}), CBC over q under c_{-1} gives c_i ^ p_{i-1}. Nothing as large as a part is allocated.
 */
import { createCipheriv } from 'node:crypto';

const blockWords = 4;
const stretchWords = 8 * 1024;
const mixed = new Uint32Array(stretchWords);
const mixedBytes = Buffer.from(mixed.buffer);

/**
 * Encrypts the whole blocks of `plain` into `cipher`, which is as long. Both begin on a word's boundary. `iv` is c_{-1}
 * followed by p_{-1}.
 */
export function encryptIge(plain: Buffer, key: Buffer, iv: Buffer, cipher: Buffer): void {
  const [source, target, before] = [wordsOf(plain), wordsOf(cipher), wordsOf(Buffer.copyBytesFrom(iv))];
  const cbc = createCipheriv('aes-256-cbc', key, iv.subarray(0, 4 * blockWords)).setAutoPadding(false);
  for (let start = 0; start < source.length; start += stretchWords) {
    const end = Math.min(start + stretchWords, source.length);
    mixIn(source, before, start, end);
    const encrypted = cbc.update(mixedBytes.subarray(0, 4 * (end - start)));
    mixOut(wordsOf(encrypted), source, before, target, start, end);
    // Given back at once: the garbage collector lets some 50 MB of these come together first.
    encrypted.buffer.transfer(0);
  }
}

/** q_i of the words from `start` to `end`. */
function mixIn(source: Uint32Array, before: Uint32Array, start: number, end: number): void {
  let i = start;
  if (start === 0) {
    for (; i < blockWords; i++) mixed[i] = source[i]!;
    for (; i < Math.min(2 * blockWords, end); i++) mixed[i] = source[i]! ^ before[i]!;
  }
  for (; i < end; i++) mixed[i - start] = source[i]! ^ source[i - 2 * blockWords]!;
}

function mixOut(
  encrypted: Uint32Array,
  source: Uint32Array,
  before: Uint32Array,
  target: Uint32Array,
  start: number,
  end: number,
): void {
  let i = start;
  if (start === 0) for (; i < blockWords; i++) target[i] = encrypted[i]! ^ before[blockWords + i]!;
  for (; i < end; i++) target[i] = encrypted[i - start]! ^ source[i - blockWords]!;
}

function wordsOf({ buffer, byteOffset, byteLength }: Buffer): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
