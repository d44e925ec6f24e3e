/** Objects of Telegram's schema, from the plain form that kinds of messages are written in to the library's. */
import { Api } from 'telegram/tl/index.js';
import type { TlObject } from '../model/account.ts';
import { schema } from './library/fast-objects.ts';

type Class = new (args: object) => object;

const constructors = new Map(
  schema.filter(({ namespace }) => !namespace).map(({ name, argsConfig }) => [name, argsConfig]),
);

/** What is an object of the library's already stays as it is. @throws Error for what the schema does not have */
export function fromPlain<T>({ className, ...fields }: TlObject): T {
  const known = constructors.get(className);
  if (!known) throw new Error(`Telegram's schema has no ${className}`);
  for (const name of Object.keys(fields))
    if (!Object.hasOwn(known, name)) throw new Error(`${className} has no field ${name}`);
  const args = Object.entries(fields).map(([name, value]) => [name, valueOf(value)] as const);
  return new (Api as unknown as Record<string, Class>)[className]!(Object.fromEntries(args)) as T;
}

function valueOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueOf);
  const isPlain = typeof value === 'object' && value && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? fromPlain(value as TlObject) : value;
}
