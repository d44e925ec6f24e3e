/** Everything a gateway keeps under DATA_DIR, opened: the one database with its tables, and the spool. */
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import type { Release } from '../kit/release.ts';
import { createCallbackTable } from './storage/sqlite/callback-table.ts';
import { databaseFile, openToOthers, prepareDataDir } from './storage/data-dir.ts';
import { openDatabase, opening, type Database } from './storage/sqlite/database.ts';
import { createDiskRoom } from './storage/disk-room.ts';
import { createFirstMessages } from './storage/sqlite/first-messages.ts';
import { createGateStore } from './storage/sqlite/gate-store.ts';
import { holdLock } from './storage/lock.ts';
import { claimRealm, claimUser } from './storage/sqlite/data-owner.ts';
import { createSpool } from './media/spool.ts';
import { openLedger } from './storage/sqlite/ledger.ts';
import { createTurnStore } from './storage/sqlite/turn-store.ts';
import { createNameTable } from './storage/sqlite/name-table.ts';
import { createPeerTable } from './storage/sqlite/peer-table.ts';
import { createDialogSyncTable } from './storage/sqlite/dialog-sync-table.ts';
import type { GatewayConfig } from './settings.ts';

export interface StorageOptions {
  readonly gateway: 'text' | 'media';
  readonly config: GatewayConfig;
  readonly log: Logger;
  readonly release: Release;
  readonly clock: Clock;
}

/**
 * Opens what is kept, for this process alone, and puts in order what one that died left behind.
 * @throws StartError when DATA_DIR cannot be used, is in use, or is of another realm
 */
export async function openStorage(options: StorageOptions) {
  const { gateway, config, log, release, clock } = options;
  const { TELEGRAM_ACCOUNT: account, DATA_DIR: dataDir } = config;
  const serviceName = `send-${gateway}`;
  prepareDataDir(dataDir);
  const risk = openToOthers(dataDir);
  if (risk !== undefined) log.warn(risk);
  release.push('lock', holdLock(join(dataDir, `${account}.${serviceName}.lock`), serviceName));
  const file = databaseFile(dataDir);
  const db = openDatabase(file, { clock });
  release.push('database', () => db.close());
  return opening(file, () => openAccountStorage(db, options));
}

/** What is kept of one account's messages, by one gateway. */
export type Kept = Awaited<ReturnType<typeof openAccountStorage>>;

/** Puts in order what a process that died left of it. @throws StartError when the data is of another realm */
export async function openAccountStorage(
  db: Database,
  { gateway, config, log, clock }: Omit<StorageOptions, 'release'>,
) {
  const { TELEGRAM_ACCOUNT: account, DATA_DIR: dataDir } = config;
  claimRealm(db, account, config.endpoint.realm);

  const turns = createTurnStore(db, account, {
    chatPerS: config.PACE_CHAT_PER_S,
    groupPerMin: config.PACE_GROUP_PER_MIN,
    accountPerS: config.PACE_ACCOUNT_PER_S,
  });
  const peers = createPeerTable(db, account);
  const isStranger = (chat: string) => peers.isStranger(chat);
  const strangers = createFirstMessages(db, account, config.STRANGERS_PER_DAY, isStranger);
  const outbox = openLedger(db, {
    account,
    gateway,
    turns,
    strangers,
    queueLimit: config.QUEUE_LIMIT,
  });
  const room = createDiskRoom(dataDir);
  const spoolFolder = join(dataDir, 'spool', account, gateway);
  const spool = createSpool(spoolFolder, config.SPOOL_LIMIT_MB * 1_000_000, room);

  const recovered = await outbox.ledger.recover();
  if (recovered > 0)
    log.warn({ recovered }, 'asking again for messages that were being sent when it stopped');
  const swept = await spool.sweep(await outbox.ledger.spooledFiles());
  if (swept > 0) log.info({ files: swept }, 'removed spooled files that no message needs');

  const gates = createGateStore(db, account, isStranger);
  const walks = createDialogSyncTable(db, account);
  return {
    ...outbox,
    turns,
    room,
    spool,
    peers,
    strangers,
    gates,
    walks,
    /** Judges every future time on disk by the time that is known now. @throws Problem storage_full */
    judgeTimes: (byMs: number) => {
      const now = clock.now();
      return outbox.judgeTimes(now, byMs, () => [gates, turns, walks].forEach((each) => each.judge(now)));
    },
    names: createNameTable(db, account, {
      perMinute: config.LOOKUPS_PER_MIN,
      perDay: config.LOOKUPS_PER_DAY,
    }),
    callbackTable: createCallbackTable(db, account, gateway),
    /** Remembers whose data this is. @throws Error when it is another user's */
    claimUser: (userId: string) => claimUser(db, account, userId),
  };
}
