/**
 * Keeps web pages out of services that trust their network: a browser sends the page's site with each request,
 * and a Host of its own choosing is how DNS rebinding looks.
 */
import type { Middleware } from 'koa';
import { Problem } from './errors.ts';
import { shortened } from './shorten.ts';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address to listen on is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Refuses with `forbidden` any Host that is neither loopback nor one of `known` (names or addresses, no port). */
export function knownHosts(known: Iterable<string>): Middleware {
  const hosts = new Set([...loopbackHosts, ...known]);
  return async (ctx, next) => {
    const host = ctx.get('host').replace(/:\d+$/, '').toLowerCase();
    if (!hosts.has(host)) {
      throw new Problem(
        'forbidden',
        `the Host ${shortened(host)} is not known here: name it in ALLOWED_HOSTS`,
      );
    }
    await next();
  };
}

/** Refuses with `forbidden` any request that changes something and that a browser sent for a page of another site. */
export const sameSite: Middleware = async (ctx, next) => {
  const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
  if (!reads && isCrossSite(ctx.get('sec-fetch-site'), ctx.get('origin'), ctx.get('host'))) {
    throw new Problem('forbidden', 'requests from a page of another site are refused');
  }
  await next();
};

function isCrossSite(fetchSite: string, origin: string, host: string): boolean {
  if (fetchSite !== '') return fetchSite !== 'same-origin' && fetchSite !== 'none';
  if (origin === '') return false;
  return URL.parse(origin)?.host !== host;
}
