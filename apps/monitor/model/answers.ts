/** How the monitor reads what others sent: a field that is not as expected is null, and takes nothing else with it. */
import { z } from 'zod';
import type { SentReason } from '../../kit/reason.ts';

/** Null where there is none, or one that does not fit. */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema.nullable().catch(null);
}

/** The strings of a list; empty where it is not one. */
export const strings = z
  .array(z.string().nullable().catch(null))
  .catch([])
  .transform((all) => all.filter((each) => each !== null));

/** A reason of another service. */
export const sentReason: z.ZodType<SentReason> = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).catch({}),
  because: z
    .lazy(() => sentReason)
    .optional()
    .catch(undefined),
});

/** What a text beside them says, by codes; absent in what an older version kept. */
export const someReasons = z.array(sentReason).readonly().optional().catch(undefined);

/** The value of a text of JSON; null where it is not JSON, or does not fit. */
export function readJson<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The values of a text with one JSON value a line; a line that a crash has cut is passed over. */
export function readJsonLines<T>(schema: z.ZodType<T>, text: string): T[] {
  return text.split('\n').flatMap((line) => readJson(schema, line) ?? []);
}
