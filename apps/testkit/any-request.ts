/** For tests: a request of any method, made from the schema alone; optional fields are left out. */
import definitions from 'telegram/tl/generated/api-definitions.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';

interface Definition {
  name: string;
  namespace?: string;
  isFunction: boolean;
  subclassOfId: number;
  argsConfig: Record<
    string,
    { isVector: boolean; isFlag: boolean; flagIndicator: boolean; type: string | null }
  >;
}

/** What the library makes of a request; the id is that of the type which answers it, or of a bare type. */
export type AnyRequest = Api.AnyRequest & { SUBCLASS_OF_ID: number };

const PLAIN: Readonly<Record<string, () => unknown>> = {
  int: () => 1,
  long: () => returnBigInt(0),
  double: () => 0,
  string: () => '',
  bytes: () => Buffer.alloc(0),
  Bool: () => false,
  InputPeer: () => new Api.InputPeerSelf(),
  InputUser: () => new Api.InputUserSelf(),
};

const all = definitions as unknown as Definition[];

/** A request of the method with this name, as `messages.getAllStickers`. */
export function anyRequest(name: string): AnyRequest {
  const found = all.find((one) => one.isFunction && fullName(one) === name);
  if (!found) throw new Error(`no method ${name} in the schema`);
  return made(found) as AnyRequest;
}

function made(definition: Definition): unknown {
  const fields = Object.entries(definition.argsConfig)
    .filter(([, { isFlag, flagIndicator }]) => !isFlag && !flagIndicator)
    .map(([field, { isVector, type }]) => [field, isVector ? [] : valueOf(type ?? '')]);
  const room = (definition.namespace ? Api[definition.namespace as 'messages'] : Api) as object;
  const Class = (room as Record<string, new (fields: object) => unknown>)[definition.name]!;
  return new Class(Object.fromEntries(fields) as object);
}

/** A value of a type: a plain one, or the first constructor that is of it. */
function valueOf(type: string): unknown {
  const plain = PLAIN[type];
  if (plain) return plain();
  const sample = all.find((one) => !one.isFunction && typeOf(one) === type);
  if (!sample) throw new Error(`no constructor of ${type} in the schema`);
  return made(sample);
}

function typeOf(one: Definition): string {
  return (one as unknown as { result: string }).result;
}

function fullName({ name, namespace }: Definition): string {
  const short = name.charAt(0).toLowerCase() + name.slice(1);
  return namespace ? `${namespace}.${short}` : short;
}
