/** npm run login, whoami and logout: the sessions of an account, one for each gateway. */
import { formatSession } from '../gateway/telegram/session.ts';
import {
  readSessionFile,
  removeSessionFile,
  services,
  writeSessionFile,
  type ServiceName,
} from '../gateway/telegram/session-file.ts';
import {
  signInByCode,
  signInByQr,
  signInBySession,
  signOut,
  userOf,
  type SignedIn,
  type SignInOptions,
} from '../gateway/telegram/sign-in.ts';
import { systemClock } from '../kit/clock.ts';
import { StartError } from '../kit/run.ts';
import { fileOf, lock, open, SessionEnded, withSession, withUnlockedSession } from './gateway-sessions.ts';
import type { AccountSettings } from './settings.ts';
import { qrText, type Terminal } from './terminal.ts';

/** Signs the account in once and makes a session for each gateway; by QR code where `useQr`. */
export async function login(settings: AccountSettings, terminal: Terminal, useQr: boolean): Promise<void> {
  const releases = services.map((service) => lock(settings, service));
  try {
    for (const service of services) await refuseLiving(settings, terminal, service);
    const options = signInOptions(settings, terminal);
    const phone = useQr ? undefined : await askPhone(terminal);
    const signIn = () =>
      phone === undefined ? signInByQr(options, show(terminal)) : signInByCode(options, phone);
    const first = await signIn();
    const second = await further(options, terminal, first, signIn);
    terminal.say(`Signed in as ${nameOf(first.user)}. A session for each gateway:`);
    for (const [index, { link, session }] of [first, second].entries()) {
      const file = fileOf(settings, services[index]!);
      writeSessionFile(file, formatSession(session));
      link.close();
      terminal.say(`  ${services[index]}: ${file}`);
    }
    terminal.say(
      'The gateways read them from there. Anyone with these files can send as you: keep them private.',
    );
  } finally {
    for (const release of releases) release();
  }
}

/** @throws StartError where there is a session that still speaks for somebody, or that is to be kept */
async function refuseLiving(
  settings: AccountSettings,
  terminal: Terminal,
  service: ServiceName,
): Promise<void> {
  const file = fileOf(settings, service);
  if (readSessionFile(file) === undefined) return;
  const taken = `${file} exists already: run npm run logout first, or set TELEGRAM_ACCOUNT to a new name`;
  const reason = await withUnlockedSession(settings, service, userOf).then(
    () => undefined,
    (error: Error) => error,
  );
  if (!(reason instanceof SessionEnded))
    throw new StartError(reason ? `${taken}; its user could not be checked (${reason.message})` : taken);
  terminal.say(`${service} has a session that has ended: ${reason.message}`);
  const answer = await terminal.ask('Replace it? (yes or no): ');
  if (!/^y(es)?$/i.test(answer)) throw new StartError(taken);
}

/** Prints the user of each gateway's session; false unless all sessions work. */
export async function whoami(settings: AccountSettings, terminal: Terminal): Promise<boolean> {
  let isComplete = true;
  for (const service of services) {
    const answer = await withSession(settings, service, async (link) => nameOf(await userOf(link))).catch(
      (error: unknown) => {
        isComplete = false;
        return (error as Error).message;
      },
    );
    terminal.say(`${service}: ${answer}`);
  }
  return isComplete;
}

/** Ends both sessions with Telegram and removes their files, also where a session is over there already. */
export async function logout(settings: AccountSettings, terminal: Terminal): Promise<void> {
  for (const service of services) {
    const file = fileOf(settings, service);
    if (readSessionFile(file) === undefined) {
      terminal.say(`${service}: no session at ${file}`);
      continue;
    }
    const ended = await withSession(settings, service, signOut).then(
      () => undefined,
      (error: Error) => error,
    );
    if (ended && !(ended instanceof SessionEnded)) throw ended;
    removeSessionFile(file);
    terminal.say(`${service}: ${ended?.message ?? 'signed out'}; ${file} removed`);
  }
}

/** The second session, by the word of the first or else as that one came; without it the first is not kept either. */
async function further(
  options: SignInOptions,
  terminal: Terminal,
  first: SignedIn,
  signIn: () => Promise<SignedIn>,
): Promise<SignedIn> {
  try {
    return await signInBySession(options, first);
  } catch (error) {
    const reason = (error as Error).message;
    terminal.say(
      `${services[1]} could not be signed in through the session of ${services[0]} (${reason}): please sign in once more`,
    );
  }
  try {
    return await signIn();
  } catch (error) {
    const isOut = await signOut(first.link).then(
      () => true,
      () => false,
    );
    first.link.close();
    const kept = isOut
      ? 'was signed out again'
      : 'is still signed in: end it in Telegram (Settings, Devices)';
    const reason = (error as Error).message;
    throw new StartError(`${services[1]} could not be signed in (${reason}); ${services[0]} ${kept}`);
  }
}

/** The digits of a phone number. @throws StartError for anything else */
export async function askPhone(terminal: Terminal): Promise<string> {
  const phone = (await terminal.ask('Phone number, with country code: ')).replace(/[^\d]/g, '');
  if (phone.length < 5)
    throw new StartError('that is not a phone number: enter its digits with the country code');
  return phone;
}

/** Signs in by questions on the terminal. */
export function signInOptions(settings: AccountSettings, terminal: Terminal): SignInOptions {
  const { home, apiId, apiHash } = settings;
  return {
    home,
    apiId,
    apiHash,
    clock: systemClock,
    open: (dataCentre) => open(settings, dataCentre, undefined),
    prompts: {
      code: (where, isWrong) => terminal.ask(`${isWrong ? 'Wrong. ' : ''}Code that Telegram sent ${where}: `),
      password: (hint, isWrong) =>
        terminal.ask(`${isWrong ? 'Wrong. ' : ''}Password${hint ? ` (hint: ${hint})` : ''}: `, true),
    },
  };
}

function show(terminal: Terminal): (url: string) => void {
  return (url) =>
    terminal.say(
      `Scan with Telegram on your phone (Settings, Devices, Link Desktop Device):\n\n${qrText(url)}\n${url}\n`,
    );
}

/** A user as people know them. */
export function nameOf({ id, name, username }: SignedIn['user']): string {
  return `${name}${username ? ` (@${username})` : ''}, id ${id}`;
}
