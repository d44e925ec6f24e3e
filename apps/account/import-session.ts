/** npm run import-session: the session of an old service becomes a gateway's, and the chats it knew our peer cache. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { databaseFile } from '../gateway/storage/data-dir.ts';
import { openDatabase, type Database } from '../gateway/storage/sqlite/database.ts';
import { claimRealm, ownUserId } from '../gateway/storage/sqlite/data-owner.ts';
import { isPublicAddress } from '../kit/public-address.ts';
import { createPeerTable } from '../gateway/storage/sqlite/peer-table.ts';
import { createDialogSyncTable } from '../gateway/storage/sqlite/dialog-sync-table.ts';
import { formatSession, parseSession, type Session } from '../gateway/telegram/session.ts';
import {
  readSessionFile,
  services,
  writeSessionFile,
  type ServiceName,
} from '../gateway/telegram/session-file.ts';
import { StartError } from '../kit/run.ts';
import { addPeers } from './entities.ts';
import { signInFurther } from './further-session.ts';
import { fileOf, lock } from './gateway-sessions.ts';
import { findSession, type Found } from './session-source.ts';
import type { AccountSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

/** Whose the session becomes; for both, it signs the second gateway in with a session of its own. */
export const recipients = [...services, 'both'] as const;
export type Recipient = (typeof recipients)[number];

const [first, second] = services;

export interface ImportOptions {
  /** A file, or `-` to ask for a session string. */
  readonly from: string;
  readonly recipient: Recipient;
}

/** Imports a session. @throws StartError, and then nothing is kept */
export async function importSession(
  settings: AccountSettings,
  terminal: Terminal,
  { from, recipient }: ImportOptions,
): Promise<void> {
  const found = await findSession(from, settings.dataDir, terminal);
  for (const line of found.told) terminal.say(line);
  refuseOtherRealm(settings, found.session);
  const wanted = recipient === 'both' ? services : [recipient];
  const releases = wanted.map((service) => lock(settings, service));
  const db = openDatabase(databaseFile(settings.dataDir));
  releases.push(() => db.close());
  try {
    const own = recipient === 'both' ? first : recipient;
    refuseTaken(settings, own, found.session);
    claimRealm(db, settings.accountName, settings.publicKey === undefined ? 'telegram' : 'sandbox');
    if (found.userId !== undefined) refuseOtherUser(db, settings, found.userId);
    const isComplete = recipient !== 'both' || hasSession(settings, second);
    const refuseOther = (userId: string) => refuseOtherUser(db, settings, userId);
    const further = isComplete
      ? undefined
      : await signInFurther(settings, terminal, found.session, refuseOther);
    terminal.say(keepPeers(db, settings, found));
    keepSession(settings, terminal, own, found.session);
    if (further) keepSession(settings, terminal, second, further);
    terminal.say(
      'Keep the old service stopped from now on: Telegram ends a key that two programs use at once (AUTH_KEY_DUPLICATED).',
    );
    terminal.say(
      'Keep TELEGRAM_API_ID and TELEGRAM_API_HASH of the old service: the session was made with them, and ' +
        'Telegram may end a session that returns with others.',
    );
    for (const service of services.filter((each) => !hasSession(settings, each))) {
      terminal.say(
        `${service} has no session yet: import another one --as ${service}, or this one again without --as`,
      );
    }
  } finally {
    for (const release of releases.toReversed()) release();
  }
}

/** Telegram's data centres have public addresses; a server under test mostly has none. */
function refuseOtherRealm({ publicKey, home }: AccountSettings, { host }: Session): void {
  if (publicKey === undefined && !isPublicAddress(host)) {
    throw new StartError(
      `the session belongs to the server ${host}, which is not Telegram: set TELEGRAM_DC and ` +
        'TELEGRAM_DC_PUBLIC_KEY_FILE for that server, or import a session of Telegram',
    );
  }
  if (publicKey !== undefined && isPublicAddress(host) && host !== home.host) {
    throw new StartError(
      `the session belongs to Telegram (${host}), but TELEGRAM_DC_PUBLIC_KEY_FILE names the key of another server: unset ` +
        'TELEGRAM_DC and TELEGRAM_DC_PUBLIC_KEY_FILE, and set DATA_DIR to a folder that the other server has not used',
    );
  }
}

/** @throws StartError when the gateway has another session, or somebody else has this one */
function refuseTaken(settings: AccountSettings, service: ServiceName, { authKey }: Session): void {
  const file = fileOf(settings, service);
  const has = sessionIn(file);
  if (has && !has.authKey.equals(authKey)) {
    throw new StartError(
      `${service} has another session (${file}): npm run logout ends it, or set TELEGRAM_ACCOUNT to a new name`,
    );
  }
  const holder = sessionFiles(dirname(file)).find(
    (each) => each !== file && sessionIn(each)?.authKey.equals(authKey),
  );
  if (holder === undefined) return;
  throw new StartError(
    `this is already the session of ${basename(holder, '.session')}, and two gateways must not share one: Telegram ends ` +
      `a key that two programs use at once (AUTH_KEY_DUPLICATED). Import the other service's own session --as ${service}, or, ` +
      'if both shared one, import it without --as, which signs the second gateway in with a session of its own',
  );
}

function refuseOtherUser(db: Database, { accountName }: AccountSettings, userId: string): void {
  const ours = ownUserId(db, accountName);
  if (ours === undefined || ours === userId) return;
  throw new StartError(
    `the session and the data of the account ${accountName} belong to different Telegram users: set TELEGRAM_ACCOUNT ` +
      'to a new name',
  );
}

function keepPeers(db: Database, { accountName }: AccountSettings, { peers }: Found): string {
  const added = addPeers(createPeerTable(db, accountName), peers, Date.now());
  if (peers.length === 0) return 'It holds no chats: the gateway reads the dialogs once, when it starts';
  createDialogSyncTable(db, accountName).noteImport(Date.now());
  return `Peer cache: ${added} chats added, ${peers.length - added} known before; sending to them needs no dialog sync`;
}

function keepSession(
  settings: AccountSettings,
  terminal: Terminal,
  service: ServiceName,
  session: Session,
): void {
  const file = fileOf(settings, service);
  writeSessionFile(file, formatSession(session));
  terminal.say(`${service}: ${file}`);
}

function hasSession(settings: AccountSettings, service: ServiceName): boolean {
  return sessionIn(fileOf(settings, service)) !== undefined;
}

function sessionIn(file: string): Session | undefined {
  return parseSession(readSessionFile(file) ?? '');
}

function sessionFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // No session has been made yet.
  }
}
