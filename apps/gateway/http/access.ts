/** Who may call what: tokens, their scopes, and how often. */
import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import { clientOf, routeOf, setClient } from '../../kit/app.ts';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Origin } from '../../kit/proxies.ts';
import { createRateLimit } from '../../kit/rate-limit.ts';
import { findToken, type ApiToken, type Scope } from '../../kit/tokens.ts';

/** One of these scopes is enough; `open` needs no token. */
export type Access = readonly Scope[] | 'open';

export interface AccessDeps {
  /** None: whoever reaches the gateway may do everything. */
  readonly tokens: readonly ApiToken[];
  readonly rateLimitPerS: number;
  readonly originOf: (request: IncomingMessage) => Origin;
  readonly clock: Clock;
  /** What the matched endpoint asks for. */
  readonly accessOf: (method: string, route: string) => Access;
}

interface AccessState {
  seesAll?: boolean;
}

/** The caller whose messages alone this request may see and act on; undefined where it may those of everybody. */
export function ownerSeenBy(ctx: Context): string | undefined {
  return (ctx.state as AccessState).seesAll ? undefined : clientOf(ctx);
}

/**
 * Stands before the routes, behind what finds them. A caller is its token, or its address while it shows none that is known: guessing tokens
 * is limited too.
 */
export function createAccess(deps: AccessDeps): Middleware {
  const rateLimit = createRateLimit(deps.rateLimitPerS, deps.clock);
  const check = (ctx: Context, route: string): void => {
    const access = deps.accessOf(ctx.method === 'HEAD' ? 'GET' : ctx.method, route);
    const token = findToken(deps.tokens, ctx.get('authorization'));
    if (token) {
      setClient(ctx, token.name);
      (ctx.state as AccessState).seesAll = token.scopes.has('control');
    }
    if (access === 'open') return;
    const waitSeconds = rateLimit.take(token ? `token ${token.name}` : deps.originOf(ctx.req).address);
    if (waitSeconds > 0) throw rateLimited(deps.rateLimitPerS, waitSeconds);
    if (deps.tokens.length > 0) authorise(ctx, token, access);
  };
  return async (ctx, next) => {
    const route = routeOf(ctx);
    if (route !== undefined) check(ctx, route);
    await next();
  };
}

/** Challenges as RFC 6750 has them. @throws Problem unauthorized, forbidden */
function authorise(ctx: Context, token: ApiToken | undefined, scopes: readonly Scope[]): void {
  if (!token) {
    const isShown = ctx.get('authorization') !== '';
    ctx.set('WWW-Authenticate', `Bearer realm="vestnik"${isShown ? ', error="invalid_token"' : ''}`);
    const what = isShown ? 'the token is not one of API_TOKENS' : 'this gateway asks for a token';
    throw new Problem('unauthorized', `${what}: send Authorization: Bearer and a token`);
  }
  if (scopes.some((scope) => token.scopes.has(scope))) return;
  const needed = scopes.join(' or ');
  ctx.set('WWW-Authenticate', `Bearer realm="vestnik", error="insufficient_scope", scope="${scopes[0]}"`);
  throw new Problem('forbidden', `the token ${token.name} has not the scope ${needed} that this needs`);
}

function rateLimited(perSecond: number, waitSeconds: number): Problem {
  const detail = `more than ${perSecond} requests a second (RATE_LIMIT_PER_S): nothing was done, ask again later`;
  return new Problem('rate_limited', detail, { retryAfter: Math.ceil(waitSeconds * 1000) / 1000 });
}
