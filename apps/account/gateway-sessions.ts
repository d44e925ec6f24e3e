/** The sessions of the gateways: where each is kept, used only while its gateway is down, and what ended it. */
import { join } from 'node:path';
import { TelegramError } from '../gateway/model/telegram-error.ts';
import { holdLock } from '../gateway/storage/lock.ts';
import { openLink, type Link } from '../gateway/telegram/link.ts';
import { trustServerKey } from '../gateway/telegram/library/server-key.ts';
import { readSessionFile, sessionFile, type ServiceName } from '../gateway/telegram/session-file.ts';
import { parseSession, type Session } from '../gateway/telegram/session.ts';
import type { DataCentre } from '../gateway/telegram/sign-in.ts';
import { createLogger } from '../kit/log.ts';
import type { AccountSettings } from './settings.ts';

/** The session no longer works; the message says why. */
export class SessionEnded extends Error {
  override name = 'SessionEnded';
}

const connectTimeoutMs = 15_000;
/** Servers were seen to deny a session by mistake, once: a second connection has to say the same. */
const connectionsToBeSure = 2;

/** Works with a gateway's session, which is never used by two at once. @throws SessionEnded; StartError when it runs */
export async function withSession<T>(
  settings: AccountSettings,
  service: ServiceName,
  work: (link: Link) => Promise<T>,
): Promise<T> {
  const release = lock(settings, service);
  try {
    return await withUnlockedSession(settings, service, work);
  } finally {
    release();
  }
}

/** The same for whoever holds the lock. @throws SessionEnded */
export async function withUnlockedSession<T>(
  settings: AccountSettings,
  service: ServiceName,
  work: (link: Link) => Promise<T>,
): Promise<T> {
  const file = fileOf(settings, service);
  const text = readSessionFile(file);
  if (text === undefined) throw new Error('no session: npm run login makes one');
  const session = parseSession(text);
  if (!session) throw new SessionEnded(`${file} holds no complete session`);
  return speak(() => open(settings, session, session), work);
}

/** Works over a link of a session, and over a second one where the first denies it. @throws SessionEnded */
export async function speak<T>(openLink: () => Promise<Link>, work: (link: Link) => Promise<T>): Promise<T> {
  for (let connection = 1; ; connection++) {
    const link = await openLink();
    try {
      return await work(link);
    } catch (error) {
      const reason = await endOf(error, link);
      if (reason === undefined) throw error;
      if (connection === connectionsToBeSure) throw new SessionEnded(reason, { cause: error });
    } finally {
      link.close();
    }
  }
}

/** Why the session is over, or undefined where the error does not say that it is. */
async function endOf(error: unknown, link: Link): Promise<string | undefined> {
  if (error instanceof TelegramError) {
    const { code, type, message } = error;
    if (type === 'USER_DEACTIVATED' || type === 'USER_DEACTIVATED_BAN')
      return `Telegram deactivated the account (${message}): ask https://telegram.org/support`;
    if (type === 'SESSION_REVOKED' || type === 'SESSION_EXPIRED')
      return `the session was revoked (${message}): npm run login makes a new one`;
    if (type === 'AUTH_KEY_DUPLICATED')
      return `Telegram ended the session because two programs used it at once (${message}): npm run login makes a new one`;
    if (code === 401) return `the session is not signed in (${message}): npm run login makes a new one`;
    return undefined;
  }
  const end = await Promise.race([link.ended, Promise.resolve(undefined)]);
  return end === 'key_unknown'
    ? 'Telegram does not know the key of the session (-404): npm run login makes a new one'
    : undefined;
}

/** Opens a link to a data centre, with the key of a session or a new one. */
export function open(
  {
    apiId,
    wayOut,
    publicKey,
    logLevel,
  }: Pick<AccountSettings, 'apiId' | 'wayOut' | 'publicKey' | 'logLevel'>,
  dataCentre: DataCentre,
  session: Pick<Session, 'authKey'> | undefined,
): Promise<Link> {
  if (publicKey !== undefined) trustServerKey(publicKey);
  const { dcId, ...address } = dataCentre;
  const log = createLogger('account', logLevel === 'info' ? 'error' : logLevel);
  return openLink({ dcId, address, wayOut, apiId, log, authKey: session?.authKey, connectTimeoutMs });
}

/** Keeps a gateway from starting until the returned function is called. @throws StartError when it runs */
export function lock({ dataDir, accountName }: AccountSettings, service: ServiceName): () => void {
  return holdLock(join(dataDir, `${accountName}.${service}.lock`), service);
}

/** Where a gateway's session is kept. */
export function fileOf({ dataDir, accountName }: AccountSettings, service: ServiceName): string {
  return sessionFile(dataDir, accountName, service);
}
