/** Reads JSON bodies and answers JSON. Bigints become strings. */
import type { Context } from 'koa';
import type { z } from 'zod';
import { Problem } from '../../kit/errors.ts';

const maxBodyBytes = 4 * 1024 * 1024;

/** The request's body as the schema wants it. Rejects with Problem 400, 413 or 422. */
export async function bodyOf<Output>(context: Context, schema: z.ZodType<Output>): Promise<Output> {
  const parsed = schema.safeParse(await jsonOf(context));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const detail = `${field === '' ? 'the body' : field}: ${issue?.message ?? 'is wrong'}`;
  throw new Problem('bad_request', detail, { field });
}

/** What a page reads of a value that `jsonText` wrote. */
export type Json<Value> = Value extends bigint
  ? string
  : Value extends readonly (infer Item)[]
    ? Json<Item>[]
    : Value extends object
      ? { [Name in keyof Value]: Json<Value[Name]> }
      : Value;

/** Answers a value as JSON. */
export function sendJson(context: Context, value: unknown): void {
  context.type = 'application/json';
  context.body = jsonText(value);
}

/** JSON with bigints as strings. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
}

async function jsonOf(context: Context): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of context.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Problem('too_large', `a body may have ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new Problem('bad_request', 'the body is not JSON', { status: 400 });
  }
}
