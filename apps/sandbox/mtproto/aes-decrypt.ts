/** What decrypting blocks of AES-256 takes: the tables and round keys of FIPS 197's equivalent inverse cipher. */

const SBOX = new Uint8Array(256);
export const INVERSE_SBOX = new Uint8Array(256);
const TABLE_0 = new Int32Array(256);
const TABLE_1 = new Int32Array(256);
const TABLE_2 = new Int32Array(256);
const TABLE_3 = new Int32Array(256);
/** A byte's column after the inverse SubBytes and MixColumns, by the row of the byte; the highest byte is row 0. */
export const MIXED_TABLES = [TABLE_0, TABLE_1, TABLE_2, TABLE_3] as const;
export const ROUNDS = 14;
const KEY_WORDS = 8;

fillTables();

/** The 60 round-key words that decryption with this 32-byte key uses. */
export function decryptionKey(key: Uint8Array): Int32Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const words = new Int32Array(4 * (ROUNDS + 1));
  for (let i = 0; i < KEY_WORDS; i++) words[i] = view.getInt32(i * 4);
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

function mix(a: number, b: number, c: number, d: number): number {
  return TABLE_0[a >>> 24]! ^ TABLE_1[(b >>> 16) & 255]! ^ TABLE_2[(c >>> 8) & 255]! ^ TABLE_3[d & 255]!;
}

/** Reverses the rounds and moves the inner keys through the inverse MixColumns. */
function inverted(words: Int32Array): Int32Array {
  const keys = new Int32Array(words.length);
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
