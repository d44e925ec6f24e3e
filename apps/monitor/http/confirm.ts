/** What cannot be undone at once is done only when the body says that it is meant. */
import type { Context } from 'koa';
import { readObject } from '../../kit/bodies/body.ts';
import { Problem } from '../../kit/errors.ts';

/** @returns the body. @throws Problem bad_request unless it says that this is meant */
export async function mustConfirm(ctx: Context, word: string): Promise<Record<string, unknown>> {
  const body = await optionalObject(ctx);
  if (body.confirm === word) return body;
  throw new Problem('bad_request', `confirm takes "${word}": this action is done only when it is confirmed`);
}

/** The body of a request as an object; empty where there is none. @throws as readObject */
export async function optionalObject(ctx: Context): Promise<Record<string, unknown>> {
  const length = ctx.get('content-length');
  const isEmpty = length === '0' || length + ctx.get('transfer-encoding') === '';
  return isEmpty ? {} : readObject(ctx.req, { maxBytes: 10_000 });
}
