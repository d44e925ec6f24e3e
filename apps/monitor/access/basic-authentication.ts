/** Basic authentication. A password is hashed once; requests that repeat it are known by a keyed digest. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Context, Middleware } from 'koa';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
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

const free = 4;
const pauseMs = 2_000;
/** Two guesses of another may stand before a right password. */
const longestWaitMs = 3 * pauseMs;
const forgetAfterMs = 3_600_000;
const mostSources = 10_000;

/**
 * Attempts to sign in, counted by user name and address: after a few they are checked one after another, with a pause
 * before each. A right password is checked in its turn, so that nobody who guesses beside it keeps it out. Of IPv6 the
 * whole network of 64 bits counts as one, for that is what a single machine has to choose addresses from.
 */
export class Attempts {
  readonly #clock: Pick<Clock, 'uptime'>;
  readonly #bySource = new Map<string, { count: number; checkedAt: number }>();

  constructor(clock: Pick<Clock, 'uptime'>) {
    this.#clock = clock;
  }

  /** Counts an attempt: milliseconds until it is to be checked, or undefined where too many wait for their turn. */
  take(user: string, address: string): number | undefined {
    const source = sourceOf(user, address);
    const now = this.#clock.uptime();
    const entry = this.#bySource.get(source);
    const isFresh = entry === undefined || now - entry.checkedAt > forgetAfterMs;
    const { count, checkedAt } = isFresh ? { count: 0, checkedAt: now } : entry;
    const at = count < free ? now : Math.max(now, checkedAt + pauseMs);
    if (at - now > longestWaitMs) return undefined;
    // Set anew, so that the map stays in the order of the last attempt and the oldest is dropped.
    this.#bySource.delete(source);
    this.#bySource.set(source, { count: count + 1, checkedAt: at });
    if (this.#bySource.size > mostSources) this.#bySource.delete(this.#bySource.keys().next().value!);
    return at - now;
  }

  /** Forgets what was tried: the password is known there. */
  forgive(user: string, address: string): void {
    this.#bySource.delete(sourceOf(user, address));
  }
}

function sourceOf(user: string, address: string): string {
  return `${networkOf(address)} ${user.slice(0, 64)}`;
}

/** What attempts from an address are counted to. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head.split(':');
  // A `::` within the first four groups stands for zeros.
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...(tail?.split(':') ?? [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
