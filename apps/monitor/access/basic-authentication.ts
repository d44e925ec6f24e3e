/** Basic authentication. A password is hashed once; requests that repeat it are known by a keyed digest. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import { Attempts } from './attempts.ts';
import { isPassword } from './passwords.ts';

export interface Access {
  readonly user: string;
  readonly passwordHash: string;
}

const retryAfter = 2;
const sessionMs = 12 * 3_600_000;
const mostSessions = 1_000;
/** A check takes 32 MB and a moment of a core: a flood of them from many addresses is not let in. */
const mostChecks = 16;
/** How many wait for their turn, over all addresses. */
const mostWaiting = 500;

/** Refuses with 401 whoever does not know the password, and with 429 where more guess at once than are checked. */
export function basicAuthentication(access: Access, clock: Clock): Middleware {
  const attempts = new Attempts(clock);
  const key = randomBytes(32);
  /** Digests of credentials that were right, with the time until which that is remembered. */
  const known = new Map<string, number>();
  /** Checks under way: a page loads its parts at once, and one hash is enough for all of them. */
  const checks = new Map<string, Promise<boolean>>();
  let hashing = 0;

  const check = async (header: string, digest: string, address: string): Promise<boolean> => {
    const credentials = credentialsOf(header);
    const waitMs = attempts.take(credentials.user, address);
    if (waitMs === undefined) throw tooMany();
    if (waitMs > 0) await clock.sleep(waitMs);
    if (hashing >= mostChecks) throw tooMany();
    hashing += 1;
    const isRight = await isUser(credentials, access).finally(() => (hashing -= 1));
    if (!isRight) return false;
    attempts.forgive(credentials.user, address);
    if (known.size >= mostSessions) known.delete(known.keys().next().value!);
    known.set(digest, clock.now() + sessionMs);
    return true;
  };

  return async (ctx, next) => {
    const header = ctx.get('authorization');
    if (header === '') throw challenge(ctx, 'sign in with the user and password of the monitor');
    const digest = createHmac('sha256', key).update(header).digest('base64');
    if ((known.get(digest) ?? 0) <= clock.now()) {
      if (!checks.has(digest) && checks.size >= mostWaiting) throw tooMany();
      const running = checks.get(digest) ?? check(header, digest, ctx.ip);
      checks.set(digest, running);
      const right = await running.finally(() => checks.delete(digest));
      if (!right) throw challenge(ctx, 'wrong user or password');
    }
    (ctx.state as { user?: string }).user = access.user;
    await next();
  };
}

/** Who made the request. */
export function userOf(ctx: Context): string {
  return (ctx.state as { user?: string }).user ?? '';
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

function credentialsOf(header: string): Credentials {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header) ?? [];
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  return { user: credentials.slice(0, Math.max(colon, 0)), password: credentials.slice(colon + 1) };
}

async function isUser(given: Credentials, { user, passwordHash }: Access): Promise<boolean> {
  const rightUser = timingSafeEqual(sha256(given.user), sha256(user));
  const rightPassword = await isPassword(given.password, passwordHash);
  return rightUser && rightPassword;
}

function challenge(ctx: Context, detail: string): Problem {
  ctx.set('WWW-Authenticate', 'Basic realm="Vestnik", charset="UTF-8"');
  return new Problem('unauthorized', detail);
}

function tooMany(): Problem {
  const detail = `too many attempts to sign in at once: try again in ${retryAfter} s`;
  return new Problem('unauthorized', detail, { status: 429, retryAfter });
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
