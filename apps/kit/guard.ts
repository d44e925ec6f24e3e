/**
 * Keeps web pages out of services that trust their network: a browser sends the page's site with each request,
 * and a Host of its own choosing is how DNS rebinding looks.
 */
import { isIP, isIPv6 } from 'node:net';
import type { Middleware } from 'koa';
import { list } from './config.ts';
import { Problem } from './errors.ts';
import { shortened } from './shorten.ts';

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];
const everyAddress = new Set(['0.0.0.0', '::']);

/** Names and addresses that requests may have as their Host, beside those of this machine; a port does not matter. */
export const hostsSetting = list('host names separated by commas, for example vestnik.example.org', hostName);

function hostName(raw: string): string | undefined {
  const name = isIPv6(raw) ? `[${raw}]` : raw.replace(/:\d+$/, '');
  return /^[\w.-]+$|^\[[\da-f:]+\]$/i.test(name) ? name.toLowerCase() : undefined;
}

/** Whether an address to listen on is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/**
 * Refuses with `forbidden` any Host that is neither loopback, nor the address `listensOn`, nor one of `allowed`. A server
 * that listens on every address of its machine answers to any address: DNS rebinding needs a name.
 */
export function knownHosts(listensOn: string, allowed: readonly string[]): Middleware {
  const hosts = new Set([...loopbackHosts, ...allowed, hostName(listensOn) ?? listensOn]);
  const isKnown = (host: string) =>
    hosts.has(host) || (everyAddress.has(listensOn) && isIP(host.replace(/^\[|\]$/g, '')) !== 0);
  return async (ctx, next) => {
    const host = ctx.get('host').replace(/:\d+$/, '').toLowerCase();
    if (!isKnown(host)) {
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
