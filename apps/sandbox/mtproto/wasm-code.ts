/** Writes WebAssembly by hand, as far as one loop over 32-bit words needs it (webassembly.github.io/spec/core/binary). */

/** Encoded instructions; those that compute leave one word on the stack. */
export type Code = readonly number[];

const WORD = 0x7f;
const NO_VALUE = 0x40;
const END = 0x0b;
const WORD_ALIGNED = 2;
/** Numbers of a module's sections. */
const [TYPES, FUNCTIONS, MEMORIES, EXPORTS, BODIES] = [1, 3, 5, 7, 10] as const;

/** An unsigned number in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** A small number, which is never negative here, in signed LEB128. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

function binary(opcode: number, left: Code, right: Code): Code {
  return [...left, ...right, opcode];
}

export const number = (value: number): Code => [0x41, ...signed(value)];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [...value, 0x21, local];
export const add = (left: Code, right: Code): Code => binary(0x6a, left, right);
export const and = (left: Code, right: Code): Code => binary(0x71, left, right);
export const shiftLeft = (value: Code, bits: number): Code => binary(0x74, value, number(bits));
export const shiftRight = (value: Code, bits: number): Code => binary(0x76, value, number(bits));
export const xor = (...values: Code[]): Code => values.reduce((left, right) => binary(0x73, left, right));

/** The word at `address` and `offset` bytes on. */
export const loadWord = (address: Code, offset: number): Code => [
  ...address,
  ...[0x28, WORD_ALIGNED, ...unsigned(offset)],
];
/** The byte there. */
export const loadByte = (address: Code, offset: number): Code => [
  ...address,
  ...[0x2d, 0, ...unsigned(offset)],
];
export const storeWord = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  ...[0x36, WORD_ALIGNED, ...unsigned(offset)],
];

/** Repeats `body` while `left` is below `right`; runs it once at least. */
export function repeatWhileBelow(body: Code, left: Code, right: Code): Code {
  const loop = [0x03, NO_VALUE];
  const again = [0x0d, 0];
  return [...loop, ...body, ...left, ...right, 0x49, ...again, END];
}

/** As far as it is used here; the compiler's library for Node knows nothing of it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { memory: { buffer: ArrayBuffer }; run: WasmLoop['run'] } };
};

/** One function over a memory of 64 KB. */
export interface WasmLoop {
  memory: Buffer;
  run: (at: number, end: number) => void;
}

/** Compiles a function of two parameters and so many locals, all of them words. */
export function compileLoop(locals: number, body: Code): WasmLoop {
  const code = [1, ...unsigned(locals), WORD, ...body, END];
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(TYPES, [0x60, 2, WORD, WORD, 0]),
    ...section(FUNCTIONS, [0]),
    ...section(MEMORIES, [0, 1]),
    ...section(EXPORTS, [...name('memory'), 2, 0], [...name('run'), 0, 0]),
    ...section(BODIES, [...unsigned(code.length), ...code]),
  ]);
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return { memory: Buffer.from(memory.buffer), run };
}

function section(id: number, ...entries: Code[]): Code {
  const content = [entries.length, ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): Code {
  return [text.length, ...Buffer.from(text)];
}
