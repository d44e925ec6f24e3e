/**
 * IGE decryption as WebAssembly, made when it is first needed: OpenSSL offers no mode that chains decryptions as IGE does,
 * and plain JavaScript takes nearly twice the time for the loop below, where an upload spends most of its own.
 * A word holds a column of AES's state with its first row in the lowest byte, so that words are read as they lie.
 */
import { decryptionKey, INVERSE_SBOX, MIXED_TABLES, ROUNDS } from './aes-decrypt.ts';
import { add, and, get, loadByte, loadWord, number, repeatWhileBelow } from './wasm-code.ts';
import { compileLoop, set, shiftLeft, shiftRight, storeWord, xor } from './wasm-code.ts';
import type { Code, WasmLoop } from './wasm-code.ts';

const BLOCK = 16;
const COLUMNS = [0, 1, 2, 3] as const;
const TABLE_BYTES = 1024;

/** What lies where in the memory. */
const SBOX_AT = 4 * TABLE_BYTES;
const KEYS_AT = SBOX_AT + 256;
const CHAIN_AT = KEYS_AT + 256;
const DATA_AT = 8192;
const STRETCH_BYTES = 32 * 1024;

/** Parameters, and locals of a word for each column. */
const AT = 0;
const END = 1;
const [CIPHER_BEFORE, PLAIN_BEFORE, CIPHER, STATE, NEXT] = [2, 6, 10, 14, 18];
const WORD_LOCALS = 20;

let loop: WasmLoop | undefined;

/** Decrypts whole blocks into `plain`, which may be `cipher` itself; `iv` is c_{-1} followed by p_{-1}. */
export function decryptBlocks(cipher: Buffer, key: Buffer, iv: Buffer, plain: Buffer): void {
  const { memory, run } = (loop ??= compile());
  decryptionKey(key).forEach((word, index) => memory.writeInt32BE(word, KEYS_AT + 4 * index));
  iv.copy(memory, CHAIN_AT);
  for (let start = 0; start < cipher.length; start += STRETCH_BYTES) {
    const end = DATA_AT + cipher.copy(memory, DATA_AT, start, start + STRETCH_BYTES);
    run(DATA_AT, end);
    memory.copy(plain, start, DATA_AT, end);
  }
}

function compile(): WasmLoop {
  const made = compileLoop(WORD_LOCALS, decryption());
  MIXED_TABLES.forEach((table, row) =>
    table.forEach((word, byte) => made.memory.writeInt32BE(word, row * TABLE_BYTES + 4 * byte)),
  );
  made.memory.set(INVERSE_SBOX, SBOX_AT);
  return made;
}

/** All blocks from AT to END, in place: p_i = D(c_i ^ p_{i-1}) ^ c_{i-1}. */
function decryption(): Code {
  const chained = [CIPHER_BEFORE, PLAIN_BEFORE].flatMap((locals) => COLUMNS.map((column) => locals + column));
  const start = chained.map((local, index) => set(local, loadWord(number(CHAIN_AT), 4 * index)));
  const finish = chained.map((local, index) => storeWord(number(CHAIN_AT), 4 * index, get(local)));
  return [...start, repeatWhileBelow(block(), get(AT), get(END)), ...finish].flat();
}

function block(): Code {
  const code: Code[] = [];
  for (const column of COLUMNS) {
    const mixedIn = xor(get(CIPHER + column), get(PLAIN_BEFORE + column), roundKey(0, column));
    code.push(set(CIPHER + column, loadWord(get(AT), 4 * column)), set(STATE + column, mixedIn));
  }
  let [from, to] = [STATE, NEXT];
  for (let round = 1; round < ROUNDS; round++) {
    for (const column of COLUMNS)
      code.push(set(to + column, xor(mixed(from, column), roundKey(round, column))));
    [from, to] = [to, from];
  }
  for (const column of COLUMNS) {
    const plain = xor(substituted(from, column), roundKey(ROUNDS, column), get(CIPHER_BEFORE + column));
    code.push(set(PLAIN_BEFORE + column, plain), storeWord(get(AT), 4 * column, get(PLAIN_BEFORE + column)));
  }
  for (const column of COLUMNS) code.push(set(CIPHER_BEFORE + column, get(CIPHER + column)));
  code.push(set(AT, add(get(AT), number(BLOCK))));
  return code.flat();
}

function roundKey(round: number, column: number): Code {
  return loadWord(number(0), KEYS_AT + BLOCK * round + 4 * column);
}

/** The inverse ShiftRows takes row r of a column from the column r places to the left. */
function source(state: number, column: number, row: number): Code {
  return get(state + ((column - row + 4) % 4));
}

/** One column after the inverse SubBytes, ShiftRows and MixColumns: a table of words for each row. */
function mixed(state: number, column: number): Code {
  const rows = COLUMNS.map((row) => {
    const word = source(state, column, row);
    const inPlace = row === 0 ? shiftLeft(word, 2) : shiftRight(word, 8 * row - 2);
    return loadWord(and(inPlace, number(4 * 255)), row * TABLE_BYTES);
  });
  return xor(...rows);
}

/** The same without MixColumns, for the last round. */
function substituted(state: number, column: number): Code {
  const rows = COLUMNS.map((row) => {
    const byte = and(shiftRight(source(state, column, row), 8 * row), number(255));
    return shiftLeft(loadByte(byte, SBOX_AT), 8 * row);
  });
  return xor(...rows);
}
