/** Writes plain objects as TL bytes into one growing buffer. */
import { oldestLayer } from './layers.ts';
import { prepared, type Prepared } from './prepared.ts';
import { boolFalse, boolTrue, vector } from './reader.ts';
import { constructorsByName, schemaLayer, named, type Constructor, type Field } from './schema.ts';
import type { TlObject, TlValue } from './values.ts';

/** The name of the first flags of every constructor; there are two at most. */
const flags = 'flags';

/** A growing buffer of TL bytes. */
export class TlWriter {
  #buffer: Buffer;
  #length = 0;
  readonly #layerIndex: number;

  /** `layer` is that of the client who is to read it, one that is served. */
  constructor(size = 256, layer = schemaLayer) {
    this.#layerIndex = layer - oldestLayer;
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** The bytes written so far; a view that is valid until the next write. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Begins anew in the same memory. */
  reset(): this {
    this.#length = 0;
    return this;
  }

  int(value: number): this {
    const start = this.#grow(4);
    this.#buffer.writeInt32LE(value | 0, start);
    return this;
  }

  uint(value: number): this {
    return this.int(value);
  }

  long(value: bigint): this {
    const start = this.#grow(8);
    this.#buffer.writeBigInt64LE(BigInt.asIntN(64, value), start);
    return this;
  }

  double(value: number): this {
    const start = this.#grow(8);
    this.#buffer.writeDoubleLE(value, start);
    return this;
  }

  raw(bytes: Buffer): this {
    const start = this.#grow(bytes.length);
    bytes.copy(this.#buffer, start);
    return this;
  }

  bytes(value: Buffer): this {
    const start = this.#startBytes(value.length);
    value.copy(this.#buffer, start);
    return this;
  }

  string(value: string): this {
    const start = this.#startBytes(Buffer.byteLength(value, 'utf8'));
    this.#buffer.write(value, start, 'utf8');
    return this;
  }

  bool(value: boolean): this {
    return this.uint(value ? boolTrue : boolFalse);
  }

  /** What a method answers: an object, a Bool, or a vector of objects, longs or ints. */
  result(value: TlValue): this {
    if (typeof value === 'boolean') return this.bool(value);
    if (typeof value === 'bigint') return this.long(value);
    if (typeof value === 'number') return this.int(value);
    if (Array.isArray(value)) {
      this.uint(vector).int(value.length);
      for (const item of value as readonly TlValue[]) this.result(item);
      return this;
    }
    return this.object(value as TlObject);
  }

  /** A boxed object, as the layer has it. */
  object(object: TlObject): this {
    if (object._ === prepared) return this.#prepared(object as Prepared);
    const today = constructorsByName.get(object._) ?? named(object._);
    const constructor = today.byLayer === undefined ? today : today.byLayer[this.#layerIndex]!;
    if (constructor.unwraps !== undefined) return this.object(object[constructor.unwraps] as TlObject);
    return this.uint(constructor.id).#fields(constructor, object);
  }

  #prepared({ object, bytes }: Prepared): this {
    const written = bytes[this.#layerIndex];
    if (written) return this.raw(written);
    const start = this.#length;
    this.object(object);
    bytes[this.#layerIndex] = Buffer.from(this.#buffer.subarray(start, this.#length));
    return this;
  }

  #fields(constructor: Constructor, object: TlObject): this {
    let flagsAt = 0;
    let moreFlagsAt = 0;
    for (const field of constructor.fields) {
      if (field.kind === 'flags') {
        if (field.name === flags) flagsAt = this.#length;
        else moreFlagsAt = this.#length;
        this.int(0);
        continue;
      }
      const value = object[field.name];
      if (field.flagsField !== '') {
        if (isAbsent(value, field)) continue;
        const at = field.flagsField === flags ? flagsAt : moreFlagsAt;
        this.#buffer[at + (field.bit >> 3)]! |= 1 << (field.bit & 7);
        if (field.kind === 'true') continue;
      }
      if (field.vector === 'none') this.#single(field, value, constructor.name);
      else this.#vector(field, value, constructor.name);
    }
    return this;
  }

  #vector(field: Field, value: TlValue, owner: string): void {
    if (!Array.isArray(value)) throw new Error(`${owner}.${field.name} must be a list`);
    if (field.vector === 'boxed') this.uint(vector);
    this.int(value.length);
    for (const item of value as readonly TlValue[]) this.#single(field, item, owner);
  }

  #single(field: Field, value: TlValue, owner: string): void {
    if (value == null) throw new Error(`${owner}.${field.name} is missing`);
    switch (field.kind) {
      case 'flags':
      case 'true':
        return;
      case 'int':
        return void this.int(value as number);
      case 'long':
        return void this.long(value as bigint);
      case 'double':
        return void this.double(value as number);
      case 'string':
        return void this.string(value as string);
      case 'bytes':
        return void this.bytes(value as Buffer);
      case 'int128':
      case 'int256':
        return void this.raw(value as Buffer);
      case 'bool':
        return void this.bool(value as boolean);
      case 'boxed':
        return void this.object(value as TlObject);
      case 'bare': {
        const constructor = constructorsByName.get(field.bareName);
        if (!constructor) throw new Error(`no constructor ${field.bareName} in the schema`);
        this.#fields(constructor, value as TlObject);
      }
    }
  }

  #startBytes(length: number): number {
    const header = length < 254 ? 1 : 4;
    const padding = -(header + length) & 3;
    const start = this.#grow(header + length + padding);
    if (header === 1) this.#buffer[start] = length;
    else this.#buffer.writeUInt32LE(((length << 8) | 254) >>> 0, start);
    this.#buffer.fill(0, start + header + length, start + header + length + padding);
    return start + header;
  }

  /** Makes room, in a new buffer if need be: call it before `this.buffer` is looked at. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    return start;
  }
}

/** The TL bytes of one object. */
export function bytesOf(object: TlObject, layer = schemaLayer): Buffer {
  return new TlWriter(256, layer).object(object).finish();
}

function isAbsent(value: TlValue, field: Field): boolean {
  return value == null || (value === false && field.kind !== 'bool');
}
