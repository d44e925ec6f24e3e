/** Signing in by a QR code: a token is shown by the new client, accepted by a signed-in one, and then imported. */
import { signedInKey } from '../mtproto/auth-keys.ts';
import type { SandboxState } from '../world/state.ts';
import { bytesOf } from '../tl/writer.ts';
import type { LoginToken } from '../world/sign-ins.ts';
import type { TlObject } from '../tl/values.ts';
import { signedIn } from './auth.ts';
import { method, openMethod, type MethodTable, type OpenContext } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { authorizationObject } from './authorizations.ts';

interface TokenRequest extends TlObject {
  token: Buffer;
}

/** Methods that an auth key may call before it is signed in. */
export const openQrMethods: MethodTable = {
  'auth.exportLoginToken': openMethod<TlObject & { apiId: number }>((context, { apiId }) => {
    if (apiId <= 0) throw new RpcError(400, 'API_ID_INVALID');
    const token = context.state.signIns.tokenFor(context.call.session);
    return token.acceptedBy === undefined ? tokenObject(token) : accepted(context, token);
  }),

  'auth.importLoginToken': openMethod<TokenRequest>((context, { token: bytes }) => {
    const token = context.state.signIns.token(bytes);
    return token.acceptedBy === undefined ? tokenObject(token) : accepted(context, token);
  }),
};

export const qrMethods: MethodTable = {
  'auth.acceptLoginToken': method<TokenRequest>(({ state, account }, { token: bytes }) => {
    const token = state.signIns.token(bytes);
    acceptLoginToken(state, token, account.id);
    return authorizationObject(signedInKey(token.session.authKey), false);
  }),
};

/** Accepts a token in the name of an account, and tells the client that shows it. Throws AUTH_TOKEN_ALREADY_ACCEPTED. */
export function acceptLoginToken({ accounts }: SandboxState, token: LoginToken, accountId: bigint): void {
  if (token.acceptedBy !== undefined) throw new RpcError(400, 'AUTH_TOKEN_ALREADY_ACCEPTED');
  if (!accounts.find(accountId)) throw new RpcError(400, 'USER_ID_INVALID');
  token.acceptedBy = accountId;
  const update = { _: 'updateShort', update: { _: 'updateLoginToken' }, date: Math.floor(Date.now() / 1000) };
  if (token.session.sink.isOpen) token.session.send(bytesOf(update), 'push', true);
}

/** The accepted token signs in, at the data centre of its account. */
function accepted(context: OpenContext, token: LoginToken): TlObject {
  const { state, call } = context;
  const account = state.accounts.find(token.acceptedBy);
  if (!account) throw new RpcError(400, 'AUTH_TOKEN_INVALID');
  const { dc } = account;
  if (dc !== call.session.authKey.dc) return { _: 'auth.loginTokenMigrateTo', dcId: dc, token: token.token };
  state.signIns.dropToken(token);
  if (account.password) {
    signedInKey(call.session.authKey).passwordFor = account.id;
    throw new RpcError(401, 'SESSION_PASSWORD_NEEDED');
  }
  return { _: 'auth.loginTokenSuccess', authorization: signedIn(context, account) };
}

function tokenObject({ token, expiresAt }: LoginToken): TlObject {
  return { _: 'auth.loginToken', token, expires: Math.floor(expiresAt / 1000) };
}
