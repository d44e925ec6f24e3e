/**
 * AES-256 block decryption in plain JavaScript, for IGE: OpenSSL offers no mode that chains decryptions as IGE does.
 * Tables after FIPS 197; the round keys are those of the equivalent inverse cipher.
 */

const SBOX = new Uint8Array(256);
const INVERSE_SBOX = new Uint8Array(256);
const TABLE_0 = new Uint32Array(256);
const TABLE_1 = new Uint32Array(256);
const TABLE_2 = new Uint32Array(256);
const TABLE_3 = new Uint32Array(256);
const ROUNDS = 14;
const KEY_WORDS = 8;

fillTables();

/** The 60 round-key words that decryption with this 32-byte key uses. */
export function decryptionKey(key: Uint8Array): Uint32Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const words = new Uint32Array(4 * (ROUNDS + 1));
  for (let i = 0; i < KEY_WORDS; i++) words[i] = view.getUint32(i * 4);
  let roundConstant = 1;
  for (let i = KEY_WORDS; i < words.length; i++) {
    let word = words[i - 1]!;
    if (i % KEY_WORDS === 0) {
      word = substitute((word << 8) | (word >>> 24)) ^ (roundConstant << 24);
      roundConstant = double(roundConstant);
    } else if (i % KEY_WORDS === 4) {
      word = substitute(word);
    }
    words[i] = words[i - KEY_WORDS]! ^ word;
  }
  return inverted(words);
}

/** Decrypts the four words at `block` in place. */
export function decryptBlock(keys: Uint32Array, block: Uint32Array): void {
  let a = block[0]! ^ keys[0]!;
  let b = block[1]! ^ keys[1]!;
  let c = block[2]! ^ keys[2]!;
  let d = block[3]! ^ keys[3]!;
  let k = 4;
  for (let round = 1; round < ROUNDS; round++, k += 4) {
    const w = mix(a, d, c, b) ^ keys[k]!;
    const x = mix(b, a, d, c) ^ keys[k + 1]!;
    const y = mix(c, b, a, d) ^ keys[k + 2]!;
    const z = mix(d, c, b, a) ^ keys[k + 3]!;
    a = w;
    b = x;
    c = y;
    d = z;
  }
  block[0] = last(a, d, c, b) ^ keys[k]!;
  block[1] = last(b, a, d, c) ^ keys[k + 1]!;
  block[2] = last(c, b, a, d) ^ keys[k + 2]!;
  block[3] = last(d, c, b, a) ^ keys[k + 3]!;
}

function mix(a: number, b: number, c: number, d: number): number {
  return TABLE_0[a >>> 24]! ^ TABLE_1[(b >>> 16) & 255]! ^ TABLE_2[(c >>> 8) & 255]! ^ TABLE_3[d & 255]!;
}

function last(a: number, b: number, c: number, d: number): number {
  return (
    (INVERSE_SBOX[a >>> 24]! << 24) |
    (INVERSE_SBOX[(b >>> 16) & 255]! << 16) |
    (INVERSE_SBOX[(c >>> 8) & 255]! << 8) |
    INVERSE_SBOX[d & 255]!
  );
}

/** Reverses the rounds and moves the inner keys through the inverse MixColumns. */
function inverted(words: Uint32Array): Uint32Array {
  const keys = new Uint32Array(words.length);
  for (let round = 0; round <= ROUNDS; round++) {
    for (let column = 0; column < 4; column++) {
      const word = words[4 * (ROUNDS - round) + column]!;
      const inner = round > 0 && round < ROUNDS;
      keys[4 * round + column] = inner ? mixSubstituted(word) : word;
    }
  }
  return keys;
}

function mixSubstituted(word: number): number {
  const s = substitute(word);
  return mix(s, s, s, s);
}

function substitute(word: number): number {
  return (
    (SBOX[word >>> 24]! << 24) |
    (SBOX[(word >>> 16) & 255]! << 16) |
    (SBOX[(word >>> 8) & 255]! << 8) |
    SBOX[word & 255]!
  );
}

function double(byte: number): number {
  return ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 255;
}

function fillTables(): void {
  let value = 1;
  let inverse = 1;
  SBOX[0] = 0x63;
  INVERSE_SBOX[0x63] = 0;
  do {
    value ^= double(value);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 255;
    if (inverse & 0x80) inverse ^= 0x09;
    const spread = inverse ^ (inverse << 1) ^ (inverse << 2) ^ (inverse << 3) ^ (inverse << 4);
    const substituted = ((spread ^ (spread >>> 8)) & 255) ^ 0x63;
    SBOX[value] = substituted;
    INVERSE_SBOX[substituted] = value;
  } while (value !== 1);
  for (let byte = 0; byte < 256; byte++) {
    const x = INVERSE_SBOX[byte]!;
    const [x2, x4, x8] = [double(x), double(double(x)), double(double(double(x)))];
    const word = ((x8 ^ x4 ^ x2) << 24) | ((x8 ^ x) << 16) | ((x8 ^ x4 ^ x) << 8) | (x8 ^ x2 ^ x);
    TABLE_0[byte] = word;
    TABLE_1[byte] = (word >>> 8) | (word << 24);
    TABLE_2[byte] = (word >>> 16) | (word << 16);
    TABLE_3[byte] = (word >>> 24) | (word << 8);
  }
}
