/**
 * Makes the library read the objects of an answer by a plan for each class. Its own way gives every object all fields
 * that its class could have, twice; a chat, its last message and its members have a hundred and fifty, and ten of them are
 * there. What is read stays the same: fast-objects.test.ts compares it.
 */
import definitions from 'telegram/tl/generated/api-definitions.js';
import { tlobjects } from 'telegram/tl/index.js';
import type { BinaryReader } from 'telegram/extensions/BinaryReader.js';

/** A field as the library's schema has it. */
interface Argument {
  readonly type: string | null;
  readonly isVector: boolean;
  readonly useVectorId: boolean | null;
  readonly isFlag: boolean;
  readonly flagName: string | null;
  readonly flagIndex: number;
  readonly flagIndicator: boolean;
  readonly skipConstructorId: boolean;
}

export interface Definition {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly constructorId: number;
  readonly isFunction: boolean;
  readonly result: string;
  readonly argsConfig: Readonly<Record<string, Argument>>;
}

type Read = (reader: BinaryReader) => unknown;

/** The library's schema. */
export const schema = definitions as unknown as readonly Definition[];

const plainTypes: Readonly<Record<string, Read>> = {
  int: (reader) => reader.readInt(),
  long: (reader) => reader.readLong(),
  int128: (reader) => reader.readLargeInt(128),
  int256: (reader) => reader.readLargeInt(256),
  double: (reader) => reader.readDouble(),
  string: (reader) => reader.tgReadString(),
  Bool: (reader) => reader.tgReadBool(),
  bytes: (reader) => reader.tgReadBytes(),
  date: (reader) => reader.tgReadDate(),
};
const readObject: Read = (reader) => reader.tgReadObject();

/** For all of this process, from now on. */
export function makeObjectsFast(): void {
  const classes = tlobjects as Record<number, { prototype: object; fromReader: Read }>;
  for (const definition of schema) {
    if (definition.isFunction || Object.values(definition.argsConfig).some(isBareObject)) continue;
    const of = classes[definition.constructorId]!;
    // Planned when first met: of all classes a few are.
    of.fromReader = (reader) => {
      of.fromReader = planOf(definition, of.prototype);
      return of.fromReader(reader);
    };
  }
}

/** Only of the protocol's own messages, which the library reads by other means. */
function isBareObject({ type, skipConstructorId, flagIndicator }: Argument): boolean {
  return !flagIndicator && skipConstructorId && type !== 'true' && plainTypes[type!] === undefined;
}

interface Field {
  readonly name: string;
  readonly read: Read;
  /** The bits that say that it is there: a field that was read before, and which of its bits. */
  readonly flags: string | null;
  readonly bit: number;
}

function planOf({ argsConfig }: Definition, prototype: object): Read {
  const fields: readonly Field[] = Object.entries(argsConfig).map(([name, argument]) => ({
    name,
    read: readerOf(argument),
    flags: argument.isFlag ? argument.flagName : null,
    bit: 1 << argument.flagIndex,
  }));
  const absent = withoutFields(prototype, argsConfig);
  return (reader) => {
    const object = Object.create(absent) as Record<string, unknown>;
    for (const { name, read, flags, bit } of fields)
      if (flags === null || ((object[flags] as number) & bit) !== 0) object[name] = read(reader);
    return object;
  };
}

/** An object of the library's class without any field: those that are there are put before it. */
function withoutFields(prototype: object, args: Definition['argsConfig']): object {
  const Class = prototype.constructor as new (args: object) => object;
  const object: object = Object.assign(Object.create(prototype) as object, new Class({}));
  const absent = Object.entries(args).map(([name, { type }]) => [name, type === 'true' ? false : null]);
  return Object.assign(object, Object.fromEntries(absent) as object);
}

function readerOf({ type, isVector, useVectorId, flagIndicator }: Argument): Read {
  if (flagIndicator) return plainTypes.int!;
  const readOne = type === 'true' ? () => true : (plainTypes[type!] ?? readObject);
  if (!isVector) return readOne;
  return (reader) => {
    if (useVectorId) reader.readInt();
    const values: unknown[] = [];
    for (let left = reader.readInt(); left > 0; left--) values.push(readOne(reader));
    return values;
  };
}
