/** The auth keys that clients made here. Permanent ones are appended to a file, so that they outlive a restart. */
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { isServed } from '../tl/layers.ts';
import { Salts } from './salts.ts';

/** What a client says of itself in initConnection. */
export interface ClientInfo {
  apiId: number;
  deviceModel: string;
  systemVersion: string;
  appVersion: string;
}

/** One auth key with what the server knows of it. Times are in ms since 1970. */
export interface AuthKey {
  key: Buffer;
  id: Buffer;
  salts: Salts;
  /** The data centre that it was made with; it is unknown to the others. */
  dc: number;
  /** The account that this key is signed in as. */
  accountId: bigint | undefined;
  /** The account whose code was right, and whose password is still to come. */
  passwordFor: bigint | undefined;
  /** Set for a temporary key: when it ends. */
  expiresAt: number | undefined;
  /** The key of another data centre whose exported authorization signed it in, and with which it is signed out. */
  importedFrom: AuthKey | undefined;
  /** The permanent key that a temporary one stands for. */
  boundTo: AuthKey | undefined;
  /** Why the key is good for nothing any more; the error's name. */
  refusal: 'SESSION_REVOKED' | 'AUTH_KEY_DUPLICATED' | undefined;
  client: ClientInfo | undefined;
  /** The API layer that was last announced with it; sessions that announce none have it too. */
  layer: number | undefined;
  createdAt: number;
  activeAt: number;
  /** The addresses that it is used from at the moment, with the number of connections. */
  addresses: Map<string, number>;
  /** The connections that called with it lately, with the time of the last call. */
  callers: Map<{ readonly isOpen: boolean }, number>;
}

/** The last 8 bytes of the key's SHA-1, by which messages name it. */
export function authKeyId(key: Buffer): Buffer {
  return createHash('sha1').update(key).digest().subarray(12);
}

/** The key that is signed in: the permanent one behind a temporary one, or the key itself. */
export function signedInKey(authKey: AuthKey): AuthKey {
  return authKey.boundTo ?? authKey;
}

/** All auth keys of one server. */
export class AuthKeys {
  readonly #byId = new Map<string, AuthKey>();
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the keys that earlier runs wrote. Lines: key as hex, the account's id, data centre, layer, id of the exporting key; `-` for none. */
  async load(homeDc: number): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const origins = new Map<AuthKey, string>();
    for (const line of text.split('\n')) {
      const [hex, account, dc, layer, origin] = line.split(' ');
      if (!hex || hex.length !== 512) continue;
      const known = this.add(Buffer.from(hex, 'hex'), Number(dc ?? homeDc), undefined);
      known.accountId = account && account !== '-' ? BigInt(account) : undefined;
      known.layer = isServed(Number(layer)) ? Number(layer) : undefined;
      if (origin && origin !== '-') origins.set(known, origin);
    }
    for (const [known, origin] of origins) known.importedFrom = this.find(Buffer.from(origin, 'hex'));
  }

  /** The key with this 8-byte id, unless its time is over. */
  find(id: Buffer): AuthKey | undefined {
    const found = this.#byId.get(id.toString('latin1'));
    if (found?.expiresAt === undefined || found.expiresAt > Date.now()) return found;
    this.#byId.delete(id.toString('latin1'));
    return undefined;
  }

  /** Takes up a new key; `firstSalt` came out of its exchange, at `atMs` by the server's clock. */
  add(
    key: Buffer,
    dc: number,
    expiresAt: number | undefined,
    firstSalt?: { salt: bigint; atMs: number },
  ): AuthKey {
    const id = authKeyId(key);
    const now = Date.now();
    const added: AuthKey = {
      key,
      id,
      salts: new Salts(key, firstSalt),
      dc,
      expiresAt,
      createdAt: now,
      activeAt: now,
      accountId: undefined,
      passwordFor: undefined,
      importedFrom: undefined,
      boundTo: undefined,
      refusal: undefined,
      client: undefined,
      layer: undefined,
      addresses: new Map(),
      callers: new Map(),
    };
    this.#byId.set(id.toString('latin1'), added);
    return added;
  }

  /** Signs the key in as an account (or out), with those that were signed in by it, and writes that down for permanent keys. */
  signIn(authKey: AuthKey, accountId: bigint | undefined, importedFrom?: AuthKey): void {
    const imported = accountId === authKey.accountId ? [] : this.#importedBy(authKey);
    Object.assign(authKey, { accountId, importedFrom, passwordFor: undefined });
    this.#write(authKey);
    for (const other of imported) this.signIn(other, undefined);
  }

  /** Takes note of the layer that a client announces with this key, so that it need not again, even after a restart. */
  noteLayer(authKey: AuthKey, layer: number): void {
    if (authKey.layer === layer) return;
    authKey.layer = layer;
    this.#write(authKey);
  }

  /** Ends the sign-in of a key from elsewhere: its calls are refused from now on. */
  refuse(authKey: AuthKey, refusal: NonNullable<AuthKey['refusal']>): void {
    const imported = this.#importedBy(authKey);
    this.signIn(authKey, undefined);
    for (const refused of [authKey, ...imported]) refused.refusal = refusal;
  }

  /** Forgets a key; messages that name it are answered with -404. */
  destroy(authKey: AuthKey): void {
    this.signIn(authKey, undefined);
    this.#byId.delete(authKey.id.toString('latin1'));
  }

  /** The permanent keys that are signed in as an account. */
  signedInAs(accountId: bigint): AuthKey[] {
    const all = [...this.#byId.values()];
    return all.filter((authKey) => authKey.accountId === accountId && authKey.expiresAt === undefined);
  }

  #importedBy(authKey: AuthKey): AuthKey[] {
    if (authKey.accountId === undefined) return [];
    return [...this.#byId.values()].filter(({ importedFrom }) => importedFrom === authKey);
  }

  #write({ key, accountId, dc, layer, importedFrom, expiresAt }: AuthKey): void {
    if (expiresAt !== undefined) return;
    const origin = importedFrom?.id.toString('hex') ?? '-';
    const line = `${key.toString('hex')} ${accountId ?? '-'} ${dc} ${layer ?? '-'} ${origin}\n`;
    this.#writing = this.#writing.then(() => appendFile(this.#file, line, { mode: 0o600 })).catch(() => {});
  }

  /** Resolves when all that was to be written is. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
