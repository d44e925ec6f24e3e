/**
 * The TL schema, compiled once from the definitions that the client library ships.
 * Only the table is taken from there: reading and writing are our own, with native bigints.
 */
import definitions from 'telegram/tl/generated/api-definitions.js';
import { OLDER_IDS, OLDER_METHODS } from './layers.ts';

/** The layer that the definitions describe. */
export const LAYER = 229;

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
  /** Its number in older layers, where that is another. */
  olderId: number;
  name: string;
  isMethod: boolean;
  fields: readonly Field[];
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

interface RawDefinition {
  name: string;
  constructorId: number;
  namespace?: string;
  isFunction: boolean;
  argsConfig: Record<string, RawField>;
}

const PLAIN_KINDS = new Set(['int', 'long', 'double', 'string', 'bytes', 'int128', 'int256', 'true']);

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

for (const [name, id] of OLDER_IDS) constructorsById.set(id, constructorsByName.get(name)!);
for (const line of OLDER_METHODS) {
  const method = compileLine(line);
  constructorsById.set(method.id, method);
  methodsByName.set(method.name, method);
}

function compile(definition: RawDefinition): Constructor {
  const short = lowerFirst(definition.name);
  const fields = Object.entries(definition.argsConfig).map(([name, raw]) => compileField(name, raw));
  const name = definition.namespace ? `${definition.namespace}.${short}` : short;
  return {
    id: definition.constructorId,
    olderId: OLDER_IDS.get(name) ?? definition.constructorId,
    name,
    isMethod: definition.isFunction,
    fields,
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

/** A method from a line of TL, as far as the lines of layers.ts go. */
function compileLine(line: string): Constructor {
  const [head = '', ...words] = line.split(' ');
  const [name = '', hex = ''] = head.split('#');
  const fields = words.map((word): Field => {
    const [, field = '', bit, vector, type = ''] =
      /^(\w+):(?:flags\.(\d+)\?)?(Vector<)?([\w#]+)>?$/.exec(word) ?? [];
    return {
      name: field,
      kind: type === '#' ? 'flags' : PLAIN_KINDS.has(type) ? (type as FieldKind) : 'boxed',
      vector: vector ? 'boxed' : 'none',
      bareName: '',
      flagsField: bit === undefined ? '' : 'flags',
      bit: Number(bit ?? -1),
    };
  });
  const id = Number.parseInt(hex, 16);
  return {
    id,
    olderId: id,
    name,
    isMethod: true,
    fields,
  };
}

function kindOf(raw: RawField): FieldKind {
  if (raw.flagIndicator) return 'flags';
  if (raw.type === 'Bool') return 'bool';
  if (PLAIN_KINDS.has(raw.type ?? '')) return raw.type as FieldKind;
  return raw.skipConstructorId ? 'bare' : 'boxed';
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
