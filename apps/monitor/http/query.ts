/** Query parameters, read by a schema whose messages complete "limit takes …". */
import type { ParsedUrlQuery } from 'node:querystring';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';

/** An empty parameter is as none: so a form sends what was left open. @throws Problem bad_request naming what is wrong */
export function readQuery<T extends z.ZodObject>(query: ParsedUrlQuery, schema: T): z.infer<T> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new Problem('bad_request', sentenceOf(read.error.issues[0]!, given, Object.keys(schema.shape)));
}

function sentenceOf(
  issue: z.core.$ZodIssue,
  given: Readonly<ParsedUrlQuery>,
  names: readonly string[],
): string {
  if (issue.code === 'unrecognized_keys')
    return `${shortened(issue.keys[0]!)} is not known here; there are ${names.join(', ')}`;
  const name = String(issue.path[0]);
  const value = given[name];
  if (Array.isArray(value)) return `${name} may be given once`;
  return `${name} takes ${issue.message}, not ${JSON.stringify(shortened(value ?? ''))}`;
}

/** Digits as a number from `min` to `max`. */
export function wholeNumber(min: number, max: number, what: string) {
  const takes = `${what} from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, takes)
    .transform(Number)
    .refine((value) => value >= min && value <= max, takes);
}

/** One of a closed list. */
export function oneOf(known: readonly string[]) {
  return z.enum(known, `one of ${known.join(', ')}`);
}

/** Words of a closed list separated by commas, in any case. */
export function words(known: readonly string[]) {
  return z.string().transform((text, ctx) =>
    text.split(',').map((part) => {
      const found = known.find((one) => one.toLowerCase() === part.trim().toLowerCase());
      if (found === undefined) ctx.addIssue(`one or more of ${known.join(', ')}`);
      return found ?? '';
    }),
  );
}
