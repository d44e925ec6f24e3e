import { crc32 } from 'node:zlib';
import definitions from 'telegram/tl/generated/api-definitions.js';
import { describe, expect, it } from 'vitest';
import { isServed, newestLayer, oldestLayer, unwrapped, variants, type Variant } from './layers.ts';
import { prepare } from './prepared.ts';
import { TlReader } from './reader.ts';
import { constructorsById, named, type Constructor, type Field, type RawDefinition } from './schema.ts';
import type { TlObject, TlValue } from './values.ts';
import { bytesOf } from './writer.ts';

const allLayers = Array.from({ length: newestLayer - oldestLayer + 1 }, (_, index) => oldestLayer + index);
const names = [...new Set(variants.map(({ name }) => name))];
/** Results of methods that have another type where the method has another number. */
const otherResults: Record<string, string> = {
  'channels.joinChannel': 'Updates',
  'messages.importChatInvite': 'Updates',
};

it('serves layers 225 to 232 and no other', () => {
  expect(allLayers.filter(isServed)).toEqual([225, 226, 227, 228, 229, 230, 231, 232]);
  expect([0, 144, 158, 224, 233, Number.NaN].filter(isServed)).toEqual([]);
});

it.each(variants.map((variant) => [variant.name, variant] as const))(
  '%s has the number of its definition, which is a checksum of it',
  (_, variant) => {
    expect(crc32(definitionOf(variant)).toString(16)).toBe(variant.id.toString(16));
  },
);

describe.each(allLayers)('in layer %i', (layer) => {
  it.each(names)('%s is read as it was written, with all of its fields', (name) => {
    const variant = variantIn(layer, name);
    const object = sampleOf(variant);
    const bytes = bytesOf(object, layer);
    expect(bytes.readUInt32LE()).toBe(variant.id);
    const reader = new TlReader(bytes);
    expect(withoutFlags(reader.tlObject())).toEqual(object);
    expect(reader.offset).toBe(bytes.length);
  });

  it('a field that the layer does not have is not written', () => {
    const user = { ...sampleOf(named('user')), linkedCommunityId: 7n };
    const read = new TlReader(bytesOf(user, layer)).tlObject();
    expect(read.linkedCommunityId).toBe(layer < 228 ? undefined : 7n);
  });

  it.each(unwrapped)('$name is $field alone in the layers that do not have it', ({ name, layers, field }) => {
    const inner: TlObject = { _: 'updatesTooLong' };
    const read = new TlReader(bytesOf({ _: name, [field]: inner }, layer)).tlObject();
    const isIn = layer >= layers[0] && layer <= layers[1];
    expect(read).toEqual(isIn ? inner : { _: name, [field]: inner });
  });
});

it('a prepared object is written once for each layer', () => {
  const user = sampleOf(named('user'));
  const prepared = prepare(user);
  for (const layer of [225, 232, 225]) expect(bytesOf(prepared, layer)).toEqual(bytesOf(user, layer));
  expect(prepared.bytes.filter(Boolean)).toHaveLength(2);
});

function variantIn(layer: number, name: string): Constructor {
  const found = variants.find(
    ({ name: own, layers: [first, last] }) => own === name && layer >= first && layer <= last,
  );
  return found ? constructorsById.get(found.id)! : named(name);
}

/** An object that has every field of a constructor. */
function sampleOf({ name, fields }: Constructor): TlObject {
  const values = fields.filter(({ kind }) => kind !== 'flags').map((field) => [field.name, sampleFor(field)]);
  return { _: name, ...(Object.fromEntries(values) as Record<string, TlValue>) };
}

function sampleFor({ kind, vector }: Field): TlValue {
  const samples = {
    int: 5,
    long: 6n,
    double: 1.5,
    string: 'text',
    bytes: Buffer.of(1, 2, 3),
    true: true,
    bool: true,
    boxed: { _: 'inputPeerSelf' },
    int128: Buffer.alloc(16, 1),
    int256: Buffer.alloc(32, 2),
  };
  const sample = samples[kind as keyof typeof samples];
  return vector === 'none' ? sample : [sample];
}

function withoutFlags(object: TlObject): TlObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !/^flags2?$/.test(name))) as TlObject;
}

/** What a number is the CRC-32 of: the line of TL with no optional booleans and no brackets, and with bytes as strings. */
function definitionOf({ name, without = [], with: more }: Variant): string {
  const all = definitions as RawDefinition[];
  const { argsConfig, result } = all.find((definition) => fullName(definition) === name)!;
  const words = Object.entries(argsConfig)
    .filter(([field, { isFlag, type }]) => !(isFlag && type === 'true') && !without.includes(field))
    .map(([field, raw]) => {
      const type = raw.flagIndicator ? '#' : raw.type === 'bytes' ? 'string' : raw.type;
      const condition = raw.isFlag ? `${raw.flagName}.${raw.flagIndex}?` : '';
      return `${field}:${condition}${raw.isVector ? 'Vector ' : ''}${type}`;
    });
  const added = more ? [more.replaceAll('<', ' ').replaceAll('>', '')] : [];
  const line = [...words, ...added].join(' ').replace(/[a-z]+[A-Z]\w*(?=:)/g, snakeCase);
  return `${name} ${line} = ${otherResults[name] ?? result}`;
}

function fullName({ namespace, name }: RawDefinition): string {
  return `${namespace ? `${namespace}.` : ''}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
