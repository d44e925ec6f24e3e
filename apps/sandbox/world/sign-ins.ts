/** Signing in: the codes that were sent, the login tokens of QR codes, and authorizations on their way to another data centre. */
import { randomBytes, randomInt } from 'node:crypto';
import { RpcError } from '../mtproto/rpc-error.ts';
import { signedInKey, type AuthKey } from '../mtproto/auth-keys.ts';
import type { Session } from '../mtproto/session.ts';

/** A code that was sent. Times are in ms since 1970. */
export interface SentCode {
  phone: string;
  code: string;
  phoneCodeHash: string;
  sentAt: number;
  expiresAt: number;
}

/** A login token that a client shows as a QR code. */
export interface LoginToken {
  token: Buffer;
  expiresAt: number;
  /** The session that asked for it last, which hears when it is accepted. */
  session: Session;
  /** The account that accepted it. */
  acceptedBy: bigint | undefined;
}

const codeValidMs = 300_000;
const tokenValidMs = 30_000;
const exportValidMs = 60_000;
const maxWrongCodes = 5;
const maxKept = 200;

/** The sign-ins that are under way on one server. */
export class SignIns {
  readonly #codes = new Map<string, SentCode & { wrong: number }>();
  readonly #tokens = new Map<string, LoginToken>();
  readonly #exports = new Map<string, { from: AuthKey; dc: number; expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Makes a code for a phone number. */
  sendCode(phone: string): SentCode {
    const phoneCodeHash = randomBytes(9).toString('hex');
    const code = String(randomInt(100_000)).padStart(5, '0');
    const sentAt = this.#now();
    const sent = { phone, code, phoneCodeHash, sentAt, expiresAt: sentAt + codeValidMs, wrong: 0 };
    keep(this.#codes, phoneCodeHash, sent);
    return sent;
  }

  /** Forgets a code that was sent. Throws PHONE_CODE_HASH_EMPTY or PHONE_CODE_EXPIRED. */
  cancelCode(phone: string, phoneCodeHash: string): void {
    this.#codes.delete(this.#codeOf(phone, phoneCodeHash).phoneCodeHash);
  }

  /** Checks a code, and does not accept it a second time. Throws PHONE_CODE_INVALID, _EMPTY, _EXPIRED or _HASH_EMPTY. */
  useCode(phone: string, phoneCodeHash: string, code: string): void {
    const sent = this.#codeOf(phone, phoneCodeHash);
    if (code === '') throw new RpcError(400, 'PHONE_CODE_EMPTY');
    if (code !== sent.code) {
      if (++sent.wrong >= maxWrongCodes) this.#codes.delete(phoneCodeHash);
      throw new RpcError(400, 'PHONE_CODE_INVALID');
    }
    this.#codes.delete(phoneCodeHash);
  }

  /** The codes that still hold, the newest last. */
  openCodes(): SentCode[] {
    return [...this.#codes.values()].filter(({ expiresAt }) => expiresAt > this.#now());
  }

  /** The login token of a session's key: the same one while it holds. */
  tokenFor(session: Session): LoginToken {
    const authKey = signedInKey(session.authKey);
    for (const known of this.#tokens.values()) {
      if (signedInKey(known.session.authKey) !== authKey || known.expiresAt <= this.#now()) continue;
      known.session = session;
      return known;
    }
    const token = randomBytes(16);
    const made = { token, expiresAt: this.#now() + tokenValidMs, session, acceptedBy: undefined };
    keep<LoginToken>(this.#tokens, token.toString('hex'), made);
    return made;
  }

  /** The token that these bytes are. Throws AUTH_TOKEN_INVALID or AUTH_TOKEN_EXPIRED. */
  token(bytes: Buffer): LoginToken {
    const found = this.#tokens.get(bytes.toString('hex'));
    if (!found) throw new RpcError(400, 'AUTH_TOKEN_INVALID');
    if (found.expiresAt <= this.#now()) throw new RpcError(400, 'AUTH_TOKEN_EXPIRED');
    return found;
  }

  /** The token that was shown last and still waits for someone to accept it. */
  newestToken(): LoginToken | undefined {
    const waiting = [...this.#tokens.values()].filter(({ acceptedBy, expiresAt }) => {
      return acceptedBy === undefined && expiresAt > this.#now();
    });
    return waiting.at(-1);
  }

  dropToken({ token }: LoginToken): void {
    this.#tokens.delete(token.toString('hex'));
  }

  /** What a client takes to another data centre to be signed in there as well. */
  exportTo(dc: number, from: AuthKey): Buffer {
    const bytes = randomBytes(64);
    keep(this.#exports, bytes.toString('hex'), { from, dc, expiresAt: this.#now() + exportValidMs });
    return bytes;
  }

  /** The key that exported these bytes, once. Throws AUTH_BYTES_INVALID. */
  importAt(dc: number, bytes: Buffer): AuthKey {
    const key = bytes.toString('hex');
    const found = this.#exports.get(key);
    if (!found || found.dc !== dc || found.expiresAt <= this.#now())
      throw new RpcError(400, 'AUTH_BYTES_INVALID');
    this.#exports.delete(key);
    return found.from;
  }

  #codeOf(phone: string, phoneCodeHash: string): SentCode & { wrong: number } {
    if (phoneCodeHash === '') throw new RpcError(400, 'PHONE_CODE_HASH_EMPTY');
    const sent = this.#codes.get(phoneCodeHash);
    if (!sent || sent.phone !== phone || sent.expiresAt <= this.#now())
      throw new RpcError(400, 'PHONE_CODE_EXPIRED');
    return sent;
  }
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= maxKept) map.delete(map.keys().next().value!);
  map.set(key, value);
}
