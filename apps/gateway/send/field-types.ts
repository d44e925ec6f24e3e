/** Types of fields that JSON and forms both can hold. */
import { z } from 'zod';

/** A word of a closed list, in any case. */
export function wordOf<const T extends string>(words: readonly T[]) {
  return z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(words));
}

const flagTakes = 'takes true or false';

/** True or false, or as a form has them. */
export const flag = z
  .union([z.boolean(), wordOf(['true', 'false', '1', '0'])], { error: flagTakes })
  .transform((value) => value === true || value === 'true' || value === '1');

/** An object or list that a form has as its JSON. */
export function jsonOfForm(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** In these an empty text is a mistake: the message would go at once, or without a key. */
const neverBlank = new Set(['schedule_at', 'idempotency_key']);

/** A body without the optional fields that are null, or an empty text as forms and tools send it. */
export function withoutBlanks(body: unknown, shape: object): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const isBlank = (name: string, value: unknown) =>
    Object.hasOwn(shape, name) && (value === null || (value === '' && !neverBlank.has(name)));
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => !isBlank(name, value)));
}
