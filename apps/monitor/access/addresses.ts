/** Where a request comes from, and whether that address may ask at all. */
import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { Problem } from '../../kit/errors.ts';
import { createIsWithin, type Origin } from '../../kit/proxies.ts';

/** Has `ctx.ip` be the address that trusted proxies name: attempts are counted by it, and the audit shows it. */
export function seenAddress(originOf: (request: IncomingMessage) => Origin): Middleware {
  return async (ctx, next) => {
    ctx.request.ip = originOf(ctx.req).address;
    await next();
  };
}

/** Refuses with `forbidden` whoever is in none of these networks; with none given, nobody. */
export function allowedAddresses(networks: readonly string[]): Middleware {
  const isAllowed = networks.length === 0 ? () => true : createIsWithin(networks);
  return async (ctx, next) => {
    if (!isAllowed(ctx.ip)) {
      throw new Problem('forbidden', `the address ${ctx.ip} may not ask here: name it in ALLOWED_ADDRESSES`);
    }
    await next();
  };
}
