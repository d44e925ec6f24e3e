/** Reads JSON bodies and answers JSON. Bigints become strings. */
import { STATUS_CODES } from 'node:http';
import type { Context } from 'koa';
import type { z } from 'zod';
import { Problem } from '../../kit/errors.ts';

const maxBodyBytes = 4 * 1024 * 1024;

/** A refusal with a status, shown to the caller as `{error, field}`. */
export class HttpError extends Error {
  readonly status: number;
  readonly field: string | undefined;
  constructor(status: number, message: string, field?: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.field = field;
  }
}

/** The request's body as the schema wants it. Rejects with HttpError 400, 413 or 422. */
export async function bodyOf<Output>(context: Context, schema: z.ZodType<Output>): Promise<Output> {
  const parsed = schema.safeParse(await jsonOf(context));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new HttpError(422, `${field === '' ? 'the body' : field}: ${issue?.message ?? 'is wrong'}`, field);
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

/** Answers what went wrong; `error` repeats `detail` for the page. */
export function sendProblem(context: Context, error: unknown): void {
  const isKnown = error instanceof HttpError || error instanceof Problem;
  const status = isKnown ? error.status : 500;
  const detail = isKnown ? error.message : 'an error of the sandbox itself; see its log';
  const field = error instanceof HttpError ? error.field : undefined;
  context.status = status;
  sendJson(context, { ok: false, title: STATUS_CODES[status], status, detail, error: detail, field });
  context.type = 'application/problem+json';
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
    if (size > maxBodyBytes) throw new HttpError(413, `a body may have ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}
