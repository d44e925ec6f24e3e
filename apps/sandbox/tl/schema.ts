/**
 * The TL schema, compiled once from the definitions that the client library ships.
 * Only the table is taken from there: reading and writing are our own, with native bigints.
 */
import definitions from 'telegram/tl/generated/api-definitions.js';
import { newestLayer, oldestLayer, unwrapped, variants, type Variant } from './layers.ts';

/** The layer that the definitions describe, and the one that is written where no client has announced another. */
export const schemaLayer = 229;

export type FieldKind =
  | 'flags'
  | 'int'
  | 'long'
  | 'double'
  | 'string'
  | 'bytes'
  | 'int128'
  | 'int256'
  | 'true'
  | 'bool'
  | 'boxed'
  | 'bare';

/** One field of a constructor. `flagsField` and `bit` are set on optional fields. */
export interface Field {
  name: string;
  kind: FieldKind;
  vector: 'none' | 'boxed' | 'bare';
  /** For `bare` fields: the constructor that follows without its id. */
  bareName: string;
  flagsField: string;
  bit: number;
}

/** One constructor or method of the schema. */
export interface Constructor {
  id: number;
  name: string;
  isMethod: boolean;
  fields: readonly Field[];
  /** How each layer has it, from OLDEST_LAYER on; undefined where all of them have it so. */
  byLayer: Constructor[] | undefined;
  /** The field that is written in its place, for a layer that does not have it. */
  unwraps: string | undefined;
}

interface RawField {
  isVector: boolean;
  isFlag: boolean;
  skipConstructorId: boolean;
  flagName: string | null;
  flagIndex: number;
  flagIndicator: boolean;
  type: string | null;
  useVectorId: boolean | null;
}

/** One definition as the client library ships it. */
export interface RawDefinition {
  name: string;
  constructorId: number;
  namespace?: string;
  isFunction: boolean;
  result: string;
  argsConfig: Record<string, RawField>;
}

const plainKinds = new Set(['int', 'long', 'double', 'string', 'bytes', 'int128', 'int256', 'true']);

/** Constructors and methods by their number. */
export const constructorsById = new Map<number, Constructor>();
/** Constructors (not methods) by their name. */
export const constructorsByName = new Map<string, Constructor>();
/** Methods by their name. */
export const methodsByName = new Map<string, Constructor>();

for (const definition of definitions as RawDefinition[]) {
  const constructor = compile(definition);
  constructorsById.set(constructor.id, constructor);
  (constructor.isMethod ? methodsByName : constructorsByName).set(constructor.name, constructor);
}

/** A service message that the definitions lack; it has the fields of its sister. */
const msgResendAnsReq = {
  ...constructorsByName.get('msgResendReq')!,
  id: 0x8610baeb,
  name: 'msgResendAnsReq',
};
constructorsById.set(msgResendAnsReq.id, msgResendAnsReq);
constructorsByName.set(msgResendAnsReq.name, msgResendAnsReq);

for (const variant of variants) {
  const today = named(variant.name);
  const compiled = compileVariant(today, variant);
  constructorsById.set(compiled.id, compiled);
  inLayers(today, compiled, variant.layers);
}
for (const { name, layers, field } of unwrapped) {
  const today = named(name);
  inLayers(today, { ...today, unwraps: field }, layers);
}

/** The constructor or method of a name; throws where the schema has none. */
export function named(name: string): Constructor {
  const found = constructorsByName.get(name) ?? methodsByName.get(name);
  if (!found) throw new Error(`no constructor ${name} in the schema`);
  return found;
}

function inLayers(today: Constructor, variant: Constructor, [first, last]: Variant['layers']): void {
  today.byLayer ??= new Array<Constructor>(newestLayer - oldestLayer + 1).fill(today);
  today.byLayer.fill(variant, first - oldestLayer, last - oldestLayer + 1);
}

function compile(definition: RawDefinition): Constructor {
  const short = lowerFirst(definition.name);
  const fields = Object.entries(definition.argsConfig).map(([name, raw]) => compileField(name, raw));
  const name = definition.namespace ? `${definition.namespace}.${short}` : short;
  return {
    id: definition.constructorId,
    name,
    isMethod: definition.isFunction,
    fields,
    byLayer: undefined,
    unwraps: undefined,
  };
}

function compileField(name: string, raw: RawField): Field {
  const kind = kindOf(raw);
  return {
    name,
    kind,
    vector: !raw.isVector ? 'none' : raw.useVectorId ? 'boxed' : 'bare',
    bareName: kind === 'bare' ? lowerFirst(raw.type ?? '') : '',
    flagsField: raw.isFlag ? (raw.flagName ?? '') : '',
    bit: raw.flagIndex,
  };
}

function compileVariant(today: Constructor, { id, without = [], with: more }: Variant): Constructor {
  const kept = today.fields.filter(({ name }) => !without.includes(name));
  const added = more?.split(' ').map(compileWord) ?? [];
  return { ...today, id, fields: [...kept, ...added], byLayer: undefined };
}

/** An optional field from its TL, as far as the words of layers.ts go. */
function compileWord(word: string): Field {
  const [, name = '', flagsField = '', bit, vector, type = ''] =
    /^(\w+):(\w+)\.(\d+)\?(Vector<)?([\w.]+)>?$/.exec(word) ?? [];
  return {
    name,
    kind: plainKinds.has(type) ? (type as FieldKind) : 'boxed',
    vector: vector ? 'boxed' : 'none',
    bareName: '',
    flagsField,
    bit: Number(bit),
  };
}

function kindOf(raw: RawField): FieldKind {
  if (raw.flagIndicator) return 'flags';
  if (raw.type === 'Bool') return 'bool';
  if (plainKinds.has(raw.type ?? '')) return raw.type as FieldKind;
  return raw.skipConstructorId ? 'bare' : 'boxed';
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
