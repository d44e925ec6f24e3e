/**
 * AES-256 block decryption in plain JavaScript, for IGE: OpenSSL offers no mode that chains decryptions as IGE does.
 * Tables after FIPS 197; the round keys are those of the equivalent inverse cipher.
 */

const SBOX = new Uint8Array(256);
const INVERSE_SBOX = new Uint8Array(256);
const TABLE_0 = new Int32Array(256);
const TABLE_1 = new Int32Array(256);
const TABLE_2 = new Int32Array(256);
const TABLE_3 = new Int32Array(256);
const ROUNDS = 14;
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

/** What IGE carries from block to block: the last cipher block, and the last plain one. */
export type IgeState = Int32Array;

/**
 * Decrypts the blocks of `source` from `start` to `end` into `target` as IGE chains them, and leaves `state` as it is
 * after them. All is in local variables: this is where an upload spends its time.
 */
export function decryptIgeBlocks(
  keys: Int32Array,
  source: DataView,
  target: DataView,
  state: IgeState,
  start: number,
  end: number,
): void {
  let c0 = state[0]!;
  let c1 = state[1]!;
  let c2 = state[2]!;
  let c3 = state[3]!;
  let p0 = state[4]!;
  let p1 = state[5]!;
  let p2 = state[6]!;
  let p3 = state[7]!;
  for (let at = start; at < end; at += 16) {
    const n0 = source.getInt32(at);
    const n1 = source.getInt32(at + 4);
    const n2 = source.getInt32(at + 8);
    const n3 = source.getInt32(at + 12);
    let a = n0 ^ p0 ^ keys[0]!;
    let b = n1 ^ p1 ^ keys[1]!;
    let c = n2 ^ p2 ^ keys[2]!;
    let d = n3 ^ p3 ^ keys[3]!;
    let k = 4;
    for (let round = 1; round < ROUNDS; round++, k += 4) {
      const w = mix(a, d, c, b) ^ keys[k]!;
      const x = mix(b, a, d, c) ^ keys[k + 1]!;
      const y = mix(c, b, a, d) ^ keys[k + 2]!;
      d = mix(d, c, b, a) ^ keys[k + 3]!;
      a = w;
      b = x;
      c = y;
    }
    p0 = last(a, d, c, b) ^ keys[k]! ^ c0;
    p1 = last(b, a, d, c) ^ keys[k + 1]! ^ c1;
    p2 = last(c, b, a, d) ^ keys[k + 2]! ^ c2;
    p3 = last(d, c, b, a) ^ keys[k + 3]! ^ c3;
    target.setInt32(at, p0);
    target.setInt32(at + 4, p1);
    target.setInt32(at + 8, p2);
    target.setInt32(at + 12, p3);
    c0 = n0;
    c1 = n1;
    c2 = n2;
    c3 = n3;
  }
  state[0] = c0;
  state[1] = c1;
  state[2] = c2;
  state[3] = c3;
  state[4] = p0;
  state[5] = p1;
  state[6] = p2;
  state[7] = p3;
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
