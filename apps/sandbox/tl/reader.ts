/** Reads TL bytes into plain objects. Everything malformed ends in a TlError, never in a hang or a huge allocation. */
import { unzipSync } from 'node:zlib';
import { constructorsById, constructorsByName, type Constructor, type Field } from './schema.ts';
import type { TlObject, TlValue } from './values.ts';

export const boolTrue = 0x997275b5;
export const boolFalse = 0xbc799737;
export const vector = 0x1cb5c415;
export const gzipPacked = 0x3072cfa1;

const maxDepth = 40;
const maxUnpackedBytes = 8 * 1024 * 1024;

/** The bytes are no valid TL. `unknownConstructor` is set where a constructor's number is not in the schema. */
export class TlError extends Error {
  readonly unknownConstructor: number | undefined;
  constructor(message: string, unknownConstructor?: number) {
    super(message);
    this.name = 'TlError';
    this.unknownConstructor = unknownConstructor;
  }
}

/** A cursor over TL bytes, from `offset` up to `end`. */
export class TlReader {
  readonly buffer: Buffer;
  readonly end: number;
  offset: number;

  constructor(buffer: Buffer, offset = 0, end = buffer.length) {
    this.buffer = buffer;
    this.offset = offset;
    this.end = end;
  }

  /** Moves over `count` bytes and returns where they start. */
  take(count: number): number {
    const start = this.offset;
    if (count < 0 || start + count > this.end) throw new TlError('the TL bytes end too early');
    this.offset = start + count;
    return start;
  }

  int(): number {
    return this.buffer.readInt32LE(this.take(4));
  }

  uint(): number {
    return this.buffer.readUInt32LE(this.take(4));
  }

  long(): bigint {
    return this.buffer.readBigInt64LE(this.take(8));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.take(8));
  }

  /** A view of the next `count` bytes, not a copy. */
  raw(count: number): Buffer {
    const start = this.take(count);
    return this.buffer.subarray(start, start + count);
  }

  /** The bytes of a TL `bytes` or `string` field; a view, not a copy. */
  bytes(): Buffer {
    let length = this.buffer.readUInt8(this.take(1));
    let header = 1;
    if (length === 254) {
      length = this.buffer.readUIntLE(this.take(3), 3);
      header = 4;
    }
    const start = this.take(length);
    this.take(-(header + length) & 3);
    return this.buffer.subarray(start, start + length);
  }

  /** A boxed object, a boxed Bool, or a boxed vector of boxed objects. Packed ones are unpacked. */
  object(depth = 0): TlValue {
    if (depth > maxDepth) throw new TlError('the TL objects are nested too deeply');
    const id = this.uint();
    if (id === boolTrue) return true;
    if (id === boolFalse) return false;
    if (id === gzipPacked) return new TlReader(unpack(this.bytes())).object(depth + 1);
    if (id === vector) return this.#vectorOf(() => this.object(depth + 1));
    const constructor = constructorsById.get(id);
    if (!constructor) throw new TlError(`no constructor 0x${id.toString(16)} in the schema`, id);
    return this.#fieldsOf(constructor, depth);
  }

  /** A boxed object that must not be a Bool or a vector. */
  tlObject(depth = 0): TlObject {
    const value = this.object(depth);
    if (typeof value !== 'object' || value === null || !('_' in value))
      throw new TlError('expected an object');
    return value;
  }

  #fieldsOf(constructor: Constructor, depth: number): TlObject {
    const object: TlObject = { _: constructor.name };
    for (const field of constructor.fields) {
      if (field.flagsField) {
        const present = (((object[field.flagsField] as number) >>> field.bit) & 1) === 1;
        if (field.kind === 'true') object[field.name] = present;
        else if (present) object[field.name] = this.#fieldValue(field, depth);
      } else {
        object[field.name] = this.#fieldValue(field, depth);
      }
    }
    return object;
  }

  #fieldValue(field: Field, depth: number): TlValue {
    if (field.vector === 'none') return this.#single(field, depth);
    if (field.vector === 'boxed' && this.uint() !== vector) throw new TlError('expected a vector');
    return this.#vectorOf(() => this.#single(field, depth));
  }

  #vectorOf(read: () => TlValue): TlValue[] {
    const count = this.int();
    if (count < 0 || count > (this.end - this.offset) / 4)
      throw new TlError('a vector is longer than its bytes');
    const values: TlValue[] = [];
    for (let index = 0; index < count; index++) values.push(read());
    return values;
  }

  #single(field: Field, depth: number): TlValue {
    switch (field.kind) {
      case 'flags':
      case 'int':
        return this.int();
      case 'long':
        return this.long();
      case 'double':
        return this.double();
      case 'string':
        return this.bytes().toString('utf8');
      case 'bytes':
        return this.bytes();
      case 'int128':
        return this.raw(16);
      case 'int256':
        return this.raw(32);
      case 'true':
        return true;
      case 'bool':
      case 'boxed':
        return this.object(depth + 1);
      case 'bare': {
        const constructor = constructorsByName.get(field.bareName);
        if (!constructor) throw new TlError(`no constructor ${field.bareName} in the schema`);
        return this.#fieldsOf(constructor, depth + 1);
      }
    }
  }
}

/** Unpacks gzip or zlib data, up to a bound. */
export function unpack(packed: Buffer): Buffer {
  try {
    return unzipSync(packed, { maxOutputLength: maxUnpackedBytes });
  } catch {
    throw new TlError('the packed data cannot be unpacked');
  }
}
