/** A request that names two hosts means one thing to a proxy and another to the server behind it (RFC 9112, 3.2). */
import type { Middleware } from 'koa';
import { Problem } from './errors.ts';

/** Refuses with `bad_request` two headers Host, and an address that is a whole URL of another host. */
export const oneHost: Middleware = async (ctx, next) => {
  const { headersDistinct, url = '' } = ctx.req;
  const inUrl = url.startsWith('/') ? undefined : URL.parse(url)?.host;
  if (new Set([...(headersDistinct.host ?? []), ...(inUrl === undefined ? [] : [inUrl])]).size > 1)
    throw new Problem(
      'bad_request',
      'the request names two hosts: send one Host, and an address that begins with /',
    );
  await next();
};
