/** The auth keys that clients made here. Permanent ones are appended to a file, so that they outlive a restart. */
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import type { Session } from './session.ts';

/** One auth key with what the server knows of it. */
export interface AuthKey {
  key: Buffer;
  id: Buffer;
  salt: bigint;
  /** The account that this key is signed in as. */
  accountId: bigint | undefined;
  /** Set for a temporary key: when it ends, in ms since 1970. */
  expiresAt: number | undefined;
  sessions: Map<bigint, Session>;
}

/** The last 8 bytes of the key's SHA-1, by which messages name it. */
export function authKeyId(key: Buffer): Buffer {
  return createHash('sha1').update(key).digest().subarray(12);
}

/** The salt that messages of a key carry: the same as long as the key lives, also after a restart. */
export function saltOf(key: Buffer): bigint {
  return createHash('sha256').update('salt').update(key).digest().readBigInt64LE();
}

/** All auth keys of one server. */
export class AuthKeys {
  private readonly byId = new Map<string, AuthKey>();
  private readonly file: string;
  private writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.file = file;
  }

  /** Reads the keys that earlier runs wrote. Lines: key as hex, and the account's id or `-`. */
  async load(): Promise<void> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    for (const line of text.split('\n')) {
      const [hex, account] = line.split(' ');
      if (!hex || hex.length !== 512) continue;
      const known = this.add(Buffer.from(hex, 'hex'), undefined);
      known.accountId = account && account !== '-' ? BigInt(account) : undefined;
    }
  }

  /** The key with this 8-byte id, unless its time is over. */
  find(id: Buffer): AuthKey | undefined {
    const found = this.byId.get(id.toString('latin1'));
    if (found?.expiresAt === undefined || found.expiresAt > Date.now()) return found;
    this.byId.delete(id.toString('latin1'));
    return undefined;
  }

  /** Takes up a new key. */
  add(key: Buffer, expiresAt: number | undefined): AuthKey {
    const id = authKeyId(key);
    const added: AuthKey = {
      key,
      id,
      salt: saltOf(key),
      accountId: undefined,
      expiresAt,
      sessions: new Map(),
    };
    this.byId.set(id.toString('latin1'), added);
    return added;
  }

  /** Signs the key in as an account (or out), and writes that down for permanent keys. */
  signIn(authKey: AuthKey, accountId: bigint | undefined): void {
    authKey.accountId = accountId;
    if (authKey.expiresAt !== undefined) return;
    const line = `${authKey.key.toString('hex')} ${accountId ?? '-'}\n`;
    this.writing = this.writing.then(() => appendFile(this.file, line, { mode: 0o600 })).catch(() => {});
  }

  /** Resolves when all that was to be written is. */
  settled(): Promise<void> {
    return this.writing;
  }
}
