/** Sessions of an account: listed, revoked, carried to another data centre, and bound to temporary keys. */
import type { Account } from '../world/accounts.ts';
import { dcIds } from '../world/data-centres.ts';
import { signedInKey, type AuthKey } from '../mtproto/auth-keys.ts';
import { openBinding } from '../mtproto/key-binding.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { signedIn } from './auth.ts';
import { method, openMethod, type MethodTable } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

interface BindTempAuthKey extends TlObject {
  permAuthKeyId: bigint;
  nonce: bigint;
  expiresAt: number;
  encryptedMessage: Buffer;
}

export const authorizationMethods: MethodTable = {
  'account.getAuthorizations': method(({ state, account, call }) => {
    const current = signedInKey(call.session.authKey);
    const all = sessionsOf(state, account).sort((a, b) => b.activeAt - a.activeAt);
    const authorizations = all.map((authKey) => authorizationObject(authKey, authKey === current));
    return { _: 'account.authorizations', authorizationTtlDays: 180, authorizations };
  }),

  'account.resetAuthorization': method<TlObject & { hash: bigint }>(({ state, account }, { hash }) => {
    const found = sessionsOf(state, account).find((authKey) => hashOfKey(authKey) === hash);
    if (!found) throw new RpcError(400, 'HASH_INVALID');
    state.authKeys.refuse(found, 'SESSION_REVOKED');
    return true;
  }),

  'auth.resetAuthorizations': method(({ state, account, call }) => {
    for (const authKey of sessionsOf(state, account)) {
      if (authKey !== signedInKey(call.session.authKey)) state.authKeys.refuse(authKey, 'SESSION_REVOKED');
    }
    return true;
  }),

  'auth.exportAuthorization': method<TlObject & { dcId: number }>(({ state, account, call }, { dcId }) => {
    if (!dcIds.includes(dcId) || dcId === call.session.authKey.dc) throw new RpcError(400, 'DC_ID_INVALID');
    const bytes = state.signIns.exportTo(dcId, signedInKey(call.session.authKey));
    return { _: 'auth.exportedAuthorization', id: account.id, bytes };
  }),
};

/** Methods that an auth key may call before it is signed in. */
export const openAuthorizationMethods: MethodTable = {
  'auth.importAuthorization': openMethod<TlObject & { bytes: Buffer }>((context, { bytes }) => {
    const { state, call } = context;
    const from = state.signIns.importAt(call.session.authKey.dc, bytes);
    const account = state.accounts.find(from.accountId);
    if (!account) throw new RpcError(400, 'USER_ID_INVALID');
    return signedIn(context, account, from);
  }),

  'auth.bindTempAuthKey': openMethod<BindTempAuthKey>(({ state, call }, request) => {
    const { authKey } = call.session;
    const permanent = state.authKeys.find(bytesOfLong(request.permAuthKeyId));
    if (!permanent || permanent.expiresAt !== undefined) throw new RpcError(400, 'ENCRYPTED_MESSAGE_INVALID');
    if (authKey.expiresAt === undefined) throw new RpcError(400, 'TEMP_AUTH_KEY_EMPTY');
    if (authKey.boundTo && authKey.boundTo !== permanent)
      throw new RpcError(400, 'TEMP_AUTH_KEY_ALREADY_BOUND');
    const inner = openBinding(permanent, request.encryptedMessage, call.messageId);
    const fits =
      inner?.nonce === request.nonce &&
      inner.tempAuthKeyId === authKey.id.readBigInt64LE() &&
      inner.permAuthKeyId === request.permAuthKeyId &&
      inner.tempSessionId === call.session.id &&
      inner.expiresAt === request.expiresAt;
    if (!fits) throw new RpcError(400, 'ENCRYPTED_MESSAGE_INVALID');
    authKey.boundTo = permanent;
    return true;
  }),

  'auth.dropTempAuthKeys': openMethod(() => true),
};

/** The keys that signed in by themselves; those of other data centres that follow them are no sessions of their own. */
function sessionsOf({ authKeys }: SandboxState, account: Account): AuthKey[] {
  return authKeys.signedInAs(account.id).filter(({ importedFrom }) => importedFrom === undefined);
}

/** One session as account.getAuthorizations lists it; the current one has the hash 0. */
export function authorizationObject(authKey: AuthKey, isCurrent: boolean): TlObject {
  const { client, createdAt, activeAt } = authKey;
  return {
    _: 'authorization',
    current: isCurrent,
    hash: isCurrent ? 0n : hashOfKey(authKey),
    deviceModel: client?.deviceModel ?? '',
    platform: 'Desktop',
    systemVersion: client?.systemVersion ?? '',
    apiId: client?.apiId ?? 0,
    appName: 'Sandbox client',
    appVersion: client?.appVersion ?? '',
    dateCreated: Math.floor(createdAt / 1000),
    dateActive: Math.floor(activeAt / 1000),
    ip: authKey.addresses.keys().next().value ?? '',
    country: '',
    region: '',
  };
}

/** What names a session to its account. */
export function hashOfKey({ id }: AuthKey): bigint {
  return id.readBigInt64LE();
}

function bytesOfLong(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}
