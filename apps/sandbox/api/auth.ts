/** auth.*: signing in by phone, code and password, and signing out. */
import { randomBytes } from 'node:crypto';
import { digitsOf, type Account, type CodeBy } from '../world/accounts.ts';
import { signedInKey, type AuthKey } from '../mtproto/auth-keys.ts';
import { dhGenerator, dhPrime } from '../mtproto/diffie-hellman.ts';
import type { PasswordProof } from '../world/password.ts';
import type { SentCode } from '../world/sign-ins.ts';
import type { TlObject } from '../tl/values.ts';
import { selfObject } from './entities.ts';
import { method, openMethod, type MethodTable, type OpenContext } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const codeLength = 5;
const resendAfterS = 60;

interface PhoneRequest extends TlObject {
  phoneNumber: string;
  phoneCodeHash: string;
  phoneCode?: string;
  emailVerification?: TlObject & { code?: string };
}

const codeTypes: Readonly<Record<CodeBy, TlObject>> = {
  app: { _: 'auth.sentCodeTypeApp', length: codeLength },
  email: { _: 'auth.sentCodeTypeEmailCode', emailPattern: 's***x@example.com', length: codeLength },
  fragment: {
    _: 'auth.sentCodeTypeFragmentSms',
    url: 'https://fragment.com/my/numbers',
    length: codeLength,
  },
  email_setup: { _: 'auth.sentCodeTypeSetUpEmailRequired' },
};
const bySms: TlObject = { _: 'auth.sentCodeTypeSms', length: codeLength };

export const authMethods: MethodTable = {
  'auth.logOut': method(({ state, call }) => {
    state.authKeys.signIn(signedInKey(call.session.authKey), undefined);
    return { _: 'auth.loggedOut' };
  }),
};

/** Methods that an auth key may call before it is signed in. */
export const openAuthMethods: MethodTable = {
  'auth.sendCode': openMethod<PhoneRequest & { apiId: number }>((context, { phoneNumber, apiId }) => {
    if (apiId <= 0) throw new RpcError(400, 'API_ID_INVALID');
    const phone = digitsOf(phoneNumber);
    if (!/^\d{7,15}$/.test(phone)) throw new RpcError(400, 'PHONE_NUMBER_INVALID');
    const account = context.state.accounts.findPhone(phone);
    if (account) checkDataCentre(context, account);
    return sentCode(context, context.state.signIns.sendCode(phone), codeTypes[account?.codeBy ?? 'app']);
  }),

  'auth.resendCode': openMethod<PhoneRequest>((context, { phoneNumber, phoneCodeHash }) => {
    const phone = digitsOf(phoneNumber);
    context.state.signIns.cancelCode(phone, phoneCodeHash);
    return sentCode(context, context.state.signIns.sendCode(phone), bySms);
  }),

  'auth.cancelCode': openMethod<PhoneRequest>(({ state }, { phoneNumber, phoneCodeHash }) => {
    state.signIns.cancelCode(digitsOf(phoneNumber), phoneCodeHash);
    return true;
  }),

  'auth.signIn': openMethod<PhoneRequest>((context, { phoneNumber, phoneCodeHash, ...given }) => {
    const { state, call } = context;
    const phone = digitsOf(phoneNumber);
    const account = state.accounts.findPhone(phone);
    const code = account?.codeBy === 'email' ? given.emailVerification?.code : given.phoneCode;
    state.signIns.useCode(phone, phoneCodeHash, code ?? '');
    if (!account) throw new RpcError(400, 'PHONE_NUMBER_UNOCCUPIED');
    checkDataCentre(context, account);
    if (!account.password) return signedIn(context, account);
    signedInKey(call.session.authKey).passwordFor = account.id;
    throw new RpcError(401, 'SESSION_PASSWORD_NEEDED');
  }),

  'account.getPassword': openMethod(async (context) => {
    const password = accountOfPassword(context).password;
    const shared = newAlgorithms();
    if (!password) return { _: 'account.password', ...shared };
    const { srpId, shown } = await password.challenge();
    const challenge = { currentAlgo: password.algorithm, srp_B: shown, srpId, hint: password.hint };
    return { _: 'account.password', hasPassword: true, ...challenge, ...shared };
  }),

  'auth.checkPassword': openMethod<TlObject & { password: TlObject }>(
    async (context, { password: proof }) => {
      const account = accountOfPassword(context);
      if (!account.password || proof._ !== 'inputCheckPasswordSRP')
        throw new RpcError(400, 'PASSWORD_HASH_INVALID');
      const problem = await account.password.problemOf(proof as unknown as PasswordProof);
      if (problem) throw new RpcError(400, problem);
      return signedIn(context, account);
    },
  ),
};

/** Signs the caller's key in, and answers with who it is. `importedFrom` exported the authorization. */
export function signedIn(
  { state, call, log }: OpenContext,
  account: Account,
  importedFrom?: AuthKey,
): TlObject {
  const authKey = signedInKey(call.session.authKey);
  authKey.refusal = undefined;
  state.authKeys.signIn(authKey, account.id, importedFrom);
  if (call.session.wantsUpdates) account.subscribers.add(call.session);
  log.info({ phone: account.phone, dc: authKey.dc }, 'signed in');
  return { _: 'auth.authorization', user: selfObject(account) };
}

/** Accounts sign in at the data centre that they live in. Throws PHONE_MIGRATE_n. */
function checkDataCentre({ call }: OpenContext, account: Account): void {
  if (account.dc !== call.session.authKey.dc) throw new RpcError(303, `PHONE_MIGRATE_${account.dc}`);
}

function accountOfPassword({ state, call }: OpenContext): Account {
  const { passwordFor, accountId } = signedInKey(call.session.authKey);
  const account = state.accounts.find(passwordFor ?? accountId);
  if (!account) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED');
  return account;
}

/** The code is shown where a developer looks: in the log, in the inbox, and at GET /codes. */
function sentCode({ state, log, call }: OpenContext, sent: SentCode, type: TlObject): TlObject {
  log.info({ phone: sent.phone, code: sent.code }, 'sign-in code');
  state.events.line(call.query._, undefined, `sign-in code for ${sent.phone}: ${sent.code}`);
  return {
    _: 'auth.sentCode',
    type,
    phoneCodeHash: sent.phoneCodeHash,
    nextType: { _: 'auth.codeTypeSms' },
    timeout: resendAfterS,
  };
}

/** The fields of account.password that are there with and without a password: algorithms for a new one (core.telegram.org/api/srp). */
function newAlgorithms() {
  const newAlgo: TlObject = {
    _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
    salt1: randomBytes(8),
    salt2: randomBytes(16),
    g: dhGenerator,
    p: dhPrime,
  };
  const newSecureAlgo: TlObject = {
    _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000',
    salt: randomBytes(8),
  };
  return { newAlgo, newSecureAlgo, secureRandom: randomBytes(256) };
}
