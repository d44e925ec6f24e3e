import { Api, tlobjects } from 'telegram/tl/index.js';
import { BinaryReader } from 'telegram/extensions/BinaryReader.js';
import bigInt from 'big-integer';
import { expect, it } from 'vitest';
import { randomFrom } from '../../../kit/random.ts';
import { makeObjectsFast, schema, type Definition } from './fast-objects.ts';

type Instance = Record<string, unknown> & { CONSTRUCTOR_ID: number; getBytes(): Buffer };
const classes = tlobjects as Record<number, new (args: object) => Instance>;

const random = randomFrom(7);
/** But for one that the library cannot read itself. */
const objects = schema.filter(({ isFunction, name }) => !isFunction && name !== 'FutureSalts');
const byResult = Map.groupBy(objects, ({ result }) => result);
const byId = new Map(schema.map((definition) => [definition.constructorId, definition]));
const samplesOfEach = 4;

/** An object with random fields; below `depth` only with those it must have. */
function anyOf(definition: Definition, depth: number): Instance {
  const args: Record<string, unknown> = {};
  const bits = new Map<string, boolean>(); // Fields of one bit are there together.
  for (const [name, argument] of Object.entries(definition.argsConfig)) {
    const { type, isVector, isFlag, flagName, flagIndex, flagIndicator } = argument;
    const bit = `${flagName} ${flagIndex}`;
    if (!bits.has(bit)) bits.set(bit, depth > 0 && random() < 0.5);
    if (flagIndicator || (isFlag && !bits.get(bit))) continue;
    const count = depth <= 0 ? 0 : Math.floor(random() * 3);
    args[name] = isVector
      ? Array.from({ length: count }, () => anyValue(type!, depth - 1))
      : anyValue(type!, depth - 1);
  }
  return new classes[definition.constructorId]!(args);
}

function anyValue(type: string, depth: number): unknown {
  const number = Math.floor(random() * 2 ** 31);
  const isFar = { int: 31, long: 63, int128: 127, int256: 255 }[type];
  if (type === 'int' || type === 'date') return number;
  if (isFar) return bigInt(number).shiftLeft(isFar - 40);
  if (type === 'double') return random();
  if (type === 'string') return 'ё'.repeat(number % 300);
  if (type === 'bytes') return Buffer.alloc(number % 300, 7);
  if (type === 'Bool') return random() < 0.5;
  if (type === 'true') return true;
  const choices = byResult.get(type)!.toSorted((a, b) => size(a) - size(b));
  return anyOf(depth <= 0 ? choices[0]! : choices[number % choices.length]!, depth);
}

/** How much an object must hold at least. */
function size({ argsConfig }: Definition): number {
  const needed = Object.values(argsConfig).filter(({ isFlag, isVector }) => !isFlag && !isVector);
  return needed.reduce((sum, { type }) => sum + (/^[A-Z]/.test(type ?? '') && type !== 'Bool' ? 10 : 1), 0);
}

/** All that can be read of what was parsed. */
function seen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(seen);
  if (bigInt.isInstance(value)) return `${value.toString()}n`;
  if (value === null || typeof value !== 'object' || !('CONSTRUCTOR_ID' in value)) return value;
  const { className, classType, CONSTRUCTOR_ID, SUBCLASS_OF_ID } = value as Instance;
  const fields = Object.keys(byId.get(CONSTRUCTOR_ID)!.argsConfig);
  const read = fields.map((name) => [name, seen((value as Instance)[name])]);
  return { className, classType, CONSTRUCTOR_ID, SUBCLASS_OF_ID, ...Object.fromEntries(read) };
}

const parse = (bytes: Buffer) => new BinaryReader(bytes).tgReadObject() as Instance;

it('objects of every class are read as the library reads them', () => {
  const samples = objects.flatMap((definition) =>
    Array.from({ length: samplesOfEach }, (_, depth) => anyOf(definition, depth).getBytes()),
  );
  const before = samples.map((bytes) => seen(parse(bytes)));
  makeObjectsFast();
  const after = samples.map(parse);
  expect(samples.length).toBeGreaterThan(6_000);
  expect(after.map(seen)).toEqual(before);
  for (const [index, object] of after.entries()) {
    expect(object).toBeInstanceOf(classes[object.CONSTRUCTOR_ID]);
    expect(object.getBytes()).toEqual(samples[index]);
  }
});

it('a message has of its own only what it was sent with', () => {
  const message = new Api.Message({
    id: 7,
    peerId: new Api.PeerChat({ chatId: bigInt(7) }),
    date: 1,
    message: 'hello',
    out: true,
  });
  makeObjectsFast();
  const read = parse(message.getBytes());
  expect(Object.keys(read).sort()).toEqual(['date', 'flags', 'flags2', 'id', 'message', 'out', 'peerId']);
  expect(read).toMatchObject({ id: 7, out: true, pinned: false, media: null });
});
