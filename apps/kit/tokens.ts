/**
 * API tokens: each has a name for the log and scopes that say what it may do. Only hashes are kept, so that neither a
 * dump of the memory nor the time a comparison takes gives one away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Setting } from './config.ts';

export const scopes = ['send', 'read', 'control'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiToken {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly sha256: Buffer;
}

/** `name:scope+scope:token` or `name:scope+scope:sha256=hex`, by commas or one a line; `#` begins a comment line. */
export const tokensSetting: Setting<readonly ApiToken[]> = {
  takes:
    'name:scopes:token or name:scopes:sha256=hash, separated by commas or one a line of the file, each name once, ' +
    `scopes of ${scopes.join(', ')} joined by +, the token of 16 characters or more, ` +
    'for example crm:send+read:sha256=<64 hexadecimal digits>',
  fallback: [],
  secret: true,
  parse: (raw) => {
    const entries = raw
      .split('\n')
      .filter((line) => !line.trimStart().startsWith('#'))
      .flatMap((line) => line.split(','))
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const tokens = entries.map(readToken);
    if (tokens.some((token) => token === undefined)) return undefined;
    const names = new Set(tokens.map((token) => token!.name));
    return names.size === tokens.length && names.size > 0 ? (tokens as ApiToken[]) : undefined;
  },
};

/** Characters of a bearer token: RFC 6750, section 2.1. */
const entryForm = /^([\w.-]{1,64}):([a-z+]+):(?:sha256=([0-9a-f]{64})|([\w.~+/-]{16,}=*))$/i;

function readToken(entry: string): ApiToken | undefined {
  const [, name, scopeList, hash, token] = entryForm.exec(entry) ?? [];
  const given = scopeList?.split('+') ?? [];
  if (!name || !given.every((scope): scope is Scope => scopes.includes(scope as Scope))) return undefined;
  const sha256 = hash === undefined ? sha256Of(token!) : Buffer.from(hash, 'hex');
  return { name, scopes: new Set(given), sha256 };
}

/** The token that an `Authorization` header shows, or undefined. Takes the same time whichever it is. */
export function findToken(tokens: readonly ApiToken[], authorization: string): ApiToken | undefined {
  const [, shown] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (shown === undefined) return undefined;
  const hash = sha256Of(shown);
  let found: ApiToken | undefined;
  for (const token of tokens) if (timingSafeEqual(token.sha256, hash)) found = token;
  return found;
}

function sha256Of(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
