/** What an address answers to a method that it does not take. */
import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { Problem } from './errors.ts';
import { shortened } from './shorten.ts';

/**
 * Stands before the routes. Answers OPTIONS, and refuses any method but those of an address with 405; both name them in
 * `Allow`. An address that stands in the routes as it is, such as `/messages/retry`, is none of `/messages/:id`.
 * @throws Problem not_found with status 405
 */
export function onlyTheirMethods(...routers: Router[]): Middleware {
  return async (ctx, next) => {
    const found = routers.flatMap((router) => router.match(ctx.path, ctx.method).path);
    const exact = found.filter(({ path }) => path === ctx.path);
    const methods = new Set((exact.length > 0 ? exact : found).flatMap((layer) => layer.methods));
    if (methods.size === 0 || methods.has(ctx.method)) {
      await next();
      return;
    }
    if (ctx.method !== 'OPTIONS') throw methodNotTaken(ctx, [...methods]);
    ctx.set('Allow', [...methods].join(', '));
    ctx.status = 204;
  };
}

/** The refusal of a method; `methods` are those that the address takes. */
export function methodNotTaken(ctx: Context, methods: readonly string[]): Problem {
  ctx.set('Allow', methods.join(', '));
  const detail = `${shortened(ctx.path)} takes ${methods.join(', ')}, not ${ctx.method}`;
  return new Problem('not_found', detail, { status: 405 });
}
