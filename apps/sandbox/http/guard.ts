/** Keeps pages of the web away: they may neither read the inbox nor control it. */
import type { Middleware } from 'koa';
import { HttpError } from './body.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether listening on this host is for this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/**
 * Refuses cross-site requests everywhere and, on a server that listens on loopback alone, names that are not this
 * machine's (a page that lets its own name resolve to 127.0.0.1 would pass otherwise).
 */
export function guard(host: string): Middleware {
  return async (context, next) => {
    const name = context.host.replace(/:\d+$/, '').toLowerCase();
    if (isLoopback(host) && !LOOPBACK_NAMES.has(name) && name !== host) {
      throw new HttpError(403, `the Host ${context.host} is not this sandbox: use 127.0.0.1 or localhost`);
    }
    const origin = context.get('Origin');
    const site = context.get('Sec-Fetch-Site');
    const isCrossSite = site === 'cross-site' || site === 'same-site';
    const isOtherOrigin = origin !== '' && origin !== `${context.protocol}://${context.host}`;
    const changes = context.method !== 'GET' && context.method !== 'HEAD';
    if ((changes && (isCrossSite || isOtherOrigin)) || (isOtherOrigin && !changes)) {
      throw new HttpError(403, 'a page of another site may not use this sandbox');
    }
    await next();
  };
}
