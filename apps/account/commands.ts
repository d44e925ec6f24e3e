/** npm run login, whoami and logout: the sessions of an account, one for each gateway. */
import { join } from 'node:path';
import { holdLock } from '../gateway/outbox/lock.ts';

import { openLink, type Link } from '../gateway/telegram/link.ts';
import { trustServerKey } from '../gateway/telegram/server-key.ts';
import { formatSession, parseSession, type Session } from '../gateway/telegram/session.ts';
import {
  readSessionFile,
  removeSessionFile,
  services,
  sessionFile,
  writeSessionFile,
  type ServiceName,
} from '../gateway/telegram/session-file.ts';
import {
  signInByCode,
  signInByQr,
  signInBySession,
  signOut,
  userOf,
  type DataCentre,
  type SignedIn,
  type SignInOptions,
} from '../gateway/telegram/sign-in.ts';
import { systemClock } from '../kit/clock.ts';
import { createLogger } from '../kit/log.ts';
import { StartError } from '../kit/run.ts';
import type { AccountSettings } from './settings.ts';
import { qrText, type Terminal } from './terminal.ts';

const connectTimeoutMs = 15_000;

/** Signs the account in once and makes a session for each gateway; by QR code where `useQr`. */
export async function login(settings: AccountSettings, terminal: Terminal, useQr: boolean): Promise<void> {
  const releases = services.map((service) => lock(settings, service));
  try {
    for (const service of services) {
      const file = fileOf(settings, service);
      if (readSessionFile(file) !== undefined) {
        throw new StartError(
          `${file} is there already: npm run logout first, or set TELEGRAM_ACCOUNT to a new name`,
        );
      }
    }
    const options = signInOptions(settings, terminal);
    const first = useQr ? await signInByQr(options, show(terminal)) : await byCode(options, terminal);
    const second = await signInBySession(options, first).catch(async (error: unknown) => {
      await signOut(first.link).catch(() => {});
      first.link.close();
      throw error;
    });
    terminal.say(`Signed in as ${nameOf(first.user)}. A session for each gateway:`);
    for (const [index, { link, session }] of [first, second].entries()) {
      const file = fileOf(settings, services[index]!);
      writeSessionFile(file, formatSession(session));
      link.close();
      terminal.say(`  ${services[index]}: ${file}`);
    }
    terminal.say(
      'The gateways take them from there. Whoever has these files can send as you: keep them to yourself.',
    );
  } finally {
    for (const release of releases) release();
  }
}

/** Says whom each gateway's session speaks for; whether all of them speak. */
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

/** Ends both sessions with Telegram and removes their files. */
export async function logout(settings: AccountSettings, terminal: Terminal): Promise<void> {
  for (const service of services) {
    const file = fileOf(settings, service);
    if (readSessionFile(file) === undefined) {
      terminal.say(`${service}: no session at ${file}`);
      continue;
    }
    await withSession(settings, service, signOut);
    removeSessionFile(file);
    terminal.say(`${service}: signed out, ${file} removed`);
  }
}

async function byCode(options: SignInOptions, terminal: Terminal): Promise<SignedIn> {
  const phone = (await terminal.ask('Phone number, with country code: ')).replace(/[^\d]/g, '');
  if (phone.length < 5)
    throw new StartError('that is no phone number: it takes digits with the country code');
  return signInByCode(options, phone);
}

/** How whoever sits at the terminal signs in. */
export function signInOptions(settings: AccountSettings, terminal: Terminal): SignInOptions {
  const { home, apiId, apiHash } = settings;
  return {
    ...{ home, apiId, apiHash, clock: systemClock },
    open: (dataCentre) => open(settings, dataCentre, undefined),
    prompts: {
      code: (where, isWrong) =>
        terminal.ask(`${isWrong ? 'That was wrong. ' : ''}Code that Telegram sent ${where}: `),
      password: (hint, isWrong) =>
        terminal.ask(`${isWrong ? 'That was wrong. ' : ''}Password${hint ? ` (hint: ${hint})` : ''}: `, true),
    },
  };
}

function show(terminal: Terminal): (url: string) => void {
  return (url) =>
    terminal.say(
      `Scan with Telegram on your phone (Settings, Devices, Link Desktop Device):\n\n${qrText(url)}\n${url}\n`,
    );
}

/** Works with a gateway's session while the gateway is down: a session is never used by two at once. */
async function withSession<T>(
  settings: AccountSettings,
  service: ServiceName,
  work: (link: Link) => Promise<T>,
): Promise<T> {
  const release = lock(settings, service);
  try {
    const session = parseSession(readSessionFile(fileOf(settings, service)) ?? '');
    if (!session) throw new Error('no session: npm run login makes one');
    const link = await open(settings, session, session);
    try {
      return await work(link);
    } finally {
      link.close();
    }
  } finally {
    release();
  }
}

/** Opens a link to a data centre, with the key of a session or a new one. */
export function open(
  { apiId, publicKey, logLevel }: AccountSettings,
  dataCentre: DataCentre,
  session: Session | undefined,
) {
  if (publicKey !== undefined) trustServerKey(publicKey);
  const { dcId, ...address } = dataCentre;
  const log = createLogger('account', logLevel === 'info' ? 'error' : logLevel);
  return openLink({ dcId, address, apiId, log, authKey: session?.authKey, connectTimeoutMs });
}

/** Keeps a gateway from starting until the returned function is called. @throws StartError when it runs */
export function lock({ dataDir, accountName }: AccountSettings, service: ServiceName): () => void {
  return holdLock(join(dataDir, `${accountName}.${service}.lock`), service);
}

/** Where a gateway's session is kept. */
export function fileOf({ dataDir, accountName }: AccountSettings, service: ServiceName): string {
  return sessionFile(dataDir, accountName, service);
}

/** A user as people know them. */
export function nameOf({ id, name, username }: SignedIn['user']): string {
  return `${name}${username ? ` (@${username})` : ''}, id ${id}`;
}
