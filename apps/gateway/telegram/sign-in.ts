/**
 * Signing an account in: by phone and code, by QR code, and a further session by the word of one that is signed in.
 * Follows the account to its data centre. Asks people through `Prompts`; never keeps what they answer.
 */
import { Api } from 'telegram/tl/index.js';
import { computeCheck } from 'telegram/Password.js';
import type { Clock } from '../../kit/clock.ts';
import { TelegramError } from '../model/telegram-error.ts';
import type { Link } from './link.ts';
import { AnswerUnreadable } from './mtproto/session.ts';
import type { Session } from './session.ts';

export interface DataCentre {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
}

/** Opens a link with a new key to a data centre. */
export type OpenNew = (dataCentre: DataCentre) => Promise<Link>;

export interface SignInOptions {
  readonly open: OpenNew;
  readonly home: DataCentre;
  readonly apiId: number;
  readonly apiHash: string;
  readonly prompts: Prompts;
  readonly clock: Clock;
}

export interface Prompts {
  /** The code Telegram sent; `where` says how. Asked again, with `isWrong`, after a wrong one. */
  code(where: string, isWrong: boolean): Promise<string>;
  /** The two-step password; `hint` is the account's own. */
  password(hint: string | undefined, isWrong: boolean): Promise<string>;
}

/** A session that is signed in; the link is the caller's to close. */
export interface SignedIn {
  readonly link: Link;
  readonly session: Session;
  readonly user: { readonly id: string; readonly name: string; readonly username: string | undefined };
}

const callTimeoutMs = 30_000;
const giveUpTimeoutMs = 5_000;
const tries = 3;
const qrPollMs = 3_000;
/** A network may be sent elsewhere first, and the phone number from there. */
const longestMigration = 3;
const qrPatienceMs = 5 * 60_000;

/** Signs in by phone and code, and by password where the account has one. @throws TelegramError */
export async function signInByCode(options: SignInOptions, phoneNumber: string): Promise<SignedIn> {
  const at = await openAt(options, options.home);
  const { apiId, apiHash, prompts } = options;
  const request = new Api.auth.SendCode({ phoneNumber, apiId, apiHash, settings: new Api.CodeSettings({}) });
  const [where, sent] = await migrating(options, at, (link) =>
    link.call<Api.auth.TypeSentCode>(request, callTimeoutMs),
  );
  const delivery = sent instanceof Api.auth.SentCode ? deliveryOf(sent.type) : undefined;
  if (!(sent instanceof Api.auth.SentCode) || delivery === undefined) {
    const { className } = sent instanceof Api.auth.SentCode ? sent.type : sent;
    return givingUp(
      where,
      new Error(
        `Telegram asks for ${className}, which this command does not know: use --qr, which needs no code`,
      ),
    );
  }
  const { phoneCodeHash, type } = sent;
  for (let attempt = 1; ; attempt++) {
    const code = await prompts.code(delivery, attempt > 1);
    try {
      const proof =
        type instanceof Api.auth.SentCodeTypeEmailCode
          ? { emailVerification: new Api.EmailVerificationCode({ code }) }
          : { phoneCode: code };
      const signIn = new Api.auth.SignIn({ phoneNumber, phoneCodeHash, ...proof });
      const answer = await where.link.call<Api.auth.TypeAuthorization>(signIn, callTimeoutMs);
      if (answer instanceof Api.auth.AuthorizationSignUpRequired) throw noAccount();
      return await signedIn(where);
    } catch (error) {
      if (isType(error, 'SESSION_PASSWORD_NEEDED')) return await signInByPassword(options, where);
      if (isType(error, 'PHONE_NUMBER_UNOCCUPIED')) return givingUp(where, noAccount());
      const isWrong = isType(error, 'PHONE_CODE_INVALID') || isType(error, 'CODE_INVALID');
      if (!isWrong || attempt === tries) return givingUp(where, error);
    }
  }
}

/** Signs in by a QR code that is scanned with a phone; `show` is called again whenever the code changes. */
export async function signInByQr(options: SignInOptions, show: (url: string) => void): Promise<SignedIn> {
  let at = await openAt(options, options.home);
  const until = options.clock.now() + qrPatienceMs;
  let shown = '';
  while (options.clock.now() < until) {
    const { apiId, apiHash } = options;
    const request = new Api.auth.ExportLoginToken({ apiId, apiHash, exceptIds: [] });
    try {
      const [where, answer] = await migrating(options, at, (link) =>
        link.call<Api.auth.TypeLoginToken>(request, callTimeoutMs),
      );
      at = where;
      if (answer instanceof Api.auth.LoginTokenSuccess) return await signedIn(at);
      if (answer instanceof Api.auth.LoginTokenMigrateTo) {
        at = await moveTo(options, at, answer.dcId);
        await at.link.call(new Api.auth.ImportLoginToken({ token: answer.token }), callTimeoutMs);
        return await signedIn(at);
      }
      const url = `tg://login?token=${answer.token.toString('base64url')}`;
      if (url !== shown) show((shown = url));
    } catch (error) {
      if (isType(error, 'SESSION_PASSWORD_NEEDED')) return await signInByPassword(options, at);
      await givingUp(at, error);
    }
    await options.clock.sleep(qrPollMs);
  }
  return givingUp(at, new Error('nobody scanned the QR code within 5 minutes: try again'));
}

/** A further session of the same account: the first one accepts it, so that nobody has to type another code. @throws Error naming the step */
export async function signInBySession(options: SignInOptions, first: SignedIn): Promise<SignedIn> {
  const at = await openAt(options, first.session);
  const { apiId, apiHash } = options;
  const request = new Api.auth.ExportLoginToken({ apiId, apiHash, exceptIds: [] });
  let step = 'auth.exportLoginToken';
  try {
    const offered = await at.link.call<Api.auth.TypeLoginToken>(request, callTimeoutMs);
    if (!(offered instanceof Api.auth.LoginToken)) throw new Error(`answered by ${offered.className}`);
    step = 'auth.acceptLoginToken';
    await first.link.call(new Api.auth.AcceptLoginToken({ token: offered.token }), callTimeoutMs);
    step = 'auth.exportLoginToken, once accepted';
    await at.link.call<Api.auth.TypeLoginToken>(request, callTimeoutMs);
    step = 'users.getUsers';
    return await signedIn(at);
  } catch (error) {
    if (isType(error, 'SESSION_PASSWORD_NEEDED')) return await signInByPassword(options, at);
    return givingUp(at, new Error(`${step}: ${(error as Error).message}`, { cause: error }));
  }
}

/** Whom a session speaks for. @throws TelegramError when it is signed in no more */
export async function userOf(link: Link): Promise<SignedIn['user']> {
  const [user] = await link.call<Api.TypeUser[]>(
    new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }),
    callTimeoutMs,
  );
  if (!(user instanceof Api.User)) throw new TelegramError(401, 'AUTH_KEY_UNREGISTERED', 'users.getUsers');
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ');
  return { id: user.id.toString(), name, username: user.username };
}

/** Ends a session on Telegram's side. */
export async function signOut(link: Link, timeoutMs = callTimeoutMs): Promise<void> {
  await link.call(new Api.auth.LogOut(), timeoutMs);
}

interface At {
  readonly link: Link;
  readonly dataCentre: DataCentre;
}

async function openAt(options: SignInOptions, dataCentre: DataCentre): Promise<At> {
  return { link: await options.open(dataCentre), dataCentre };
}

async function signInByPassword({ prompts }: SignInOptions, at: At): Promise<SignedIn> {
  try {
    for (let attempt = 1; ; attempt++) {
      const needed = await at.link.call<Api.account.Password>(new Api.account.GetPassword(), callTimeoutMs);
      const password = await computeCheck(needed, await prompts.password(needed.hint, attempt > 1));
      try {
        await at.link.call(new Api.auth.CheckPassword({ password }), callTimeoutMs);
        return await signedIn(at);
      } catch (error) {
        if (!isType(error, 'PASSWORD_HASH_INVALID') || attempt === tries) throw error;
      }
    }
  } catch (error) {
    return givingUp(at, error);
  }
}

/** Calls, and again at the data centre that Telegram sends the caller to. */
async function migrating<T>(
  options: SignInOptions,
  at: At,
  call: (link: Link) => Promise<T>,
  left = longestMigration,
): Promise<[At, T]> {
  try {
    return [at, await call(at.link)];
  } catch (error) {
    if (isType(error, 'SESSION_PASSWORD_NEEDED')) throw error;
    const dcId = left > 0 ? migrationOf(error) : undefined;
    if (dcId === undefined) return givingUp(at, error);
    return migrating(options, await moveTo(options, at, dcId), call, left - 1);
  }
}

/** The data centre that the error sends the caller to. */
function migrationOf(error: unknown): number | undefined {
  const isMigration = ['PHONE_MIGRATE', 'NETWORK_MIGRATE', 'USER_MIGRATE'].some((type) =>
    isType(error, type),
  );
  return isMigration ? (error as TelegramError).argument : undefined;
}

async function moveTo(options: SignInOptions, from: At, dcId: number): Promise<At> {
  try {
    const config = await from.link.call<Api.Config>(new Api.help.GetConfig(), callTimeoutMs);
    const option = config.dcOptions.find(
      ({ id, ipv6, mediaOnly, cdn, tcpoOnly }) => id === dcId && !ipv6 && !mediaOnly && !cdn && !tcpoOnly,
    );
    if (!option) throw new Error(`Telegram names no address of its data centre ${dcId}`);
    return await openAt(options, { dcId, host: option.ipAddress, port: option.port });
  } finally {
    from.link.close();
  }
}

async function signedIn({ link, dataCentre }: At): Promise<SignedIn> {
  const { dcId, host, port } = dataCentre;
  return { link, session: { dcId, host, port, authKey: link.authKey }, user: await userOf(link) };
}

/** Leaves no key behind that Telegram signed in, or may have. */
async function givingUp(at: At, error: unknown): Promise<never> {
  const isOut = await signOut(at.link, giveUpTimeoutMs).then(
    () => true,
    (refusal: unknown) => refusal instanceof TelegramError && refusal.code === 401, // It was not signed in.
  );
  at.link.close();
  if (error instanceof AnswerUnreadable)
    throw new Error(
      `an answer of Telegram could not be read (${error.message}); ${isOut ? 'nothing is signed in now' : 'look in Telegram (Settings, Devices) for a session to end'}`,
      {
        cause: error,
      },
    );
  throw error;
}

function noAccount(): Error {
  return new Error('there is no Telegram account with this phone number');
}

function isType(error: unknown, type: string): boolean {
  return error instanceof TelegramError && error.type === type;
}

/** How the code comes, in words; undefined where it is not one to be typed here. */
function deliveryOf(type: Api.auth.TypeSentCodeType): string | undefined {
  if (type instanceof Api.auth.SentCodeTypeApp) return 'in Telegram, on a device that is signed in';
  if (type instanceof Api.auth.SentCodeTypeSms) return 'by SMS';
  if (type instanceof Api.auth.SentCodeTypeCall) return 'by a call';
  if (type instanceof Api.auth.SentCodeTypeEmailCode) return `by e-mail to ${type.emailPattern}`;
  return undefined;
}
