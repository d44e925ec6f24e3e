/** auth.*: temporary keys and signing out. Signing in by phone and code has no place here yet. */
import type { TlObject } from '../tl/values.ts';
import { method, type MethodTable } from './method.ts';

interface BindTempAuthKey extends TlObject {
  permAuthKeyId: bigint;
}

export const authMethods: MethodTable = {
  'auth.logOut': method(({ state, call }) => {
    state.authKeys.signIn(call.session.authKey, undefined);
    return { _: 'auth.loggedOut' };
  }),
};

/** Methods that an auth key may call before it is signed in; they see no account. */
export const openAuthMethods: MethodTable = {
  'auth.bindTempAuthKey': method<BindTempAuthKey>(({ state, call }, { permAuthKeyId }) => {
    const id = Buffer.alloc(8);
    id.writeBigInt64LE(permAuthKeyId);
    const permanent = state.authKeys.find(id);
    if (permanent) state.authKeys.signIn(call.session.authKey, permanent.accountId);
    return true;
  }),
};
