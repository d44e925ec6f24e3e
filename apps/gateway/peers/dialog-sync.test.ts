import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { reason } from '../../kit/reason.ts';
import { openDatabase, type Database } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import { throughGate, type GateStore } from '../pacing/gates.ts';
import {
  dialogsMethod,
  type Account,
  type DialogCursor,
  type DialogPage,
  type Peer,
} from '../model/account.ts';
import { TelegramError } from '../model/telegram-error.ts';
import { defaultLimits } from '../model/telegram-limits.ts';
import { Ticker } from '../../kit/ticker.ts';
import { manualClock, type ManualClock } from '../../kit/testing/manual-clock.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createPeerTable } from '../storage/sqlite/peer-table.ts';
import { createDialogSyncTable } from '../storage/sqlite/dialog-sync-table.ts';
import { startDialogSync, type DialogSync } from './dialog-sync.ts';

const minute = 60_000;

/** Serves `pages` pages of one chat each, and an archive without any; its other methods are not for a dialog sync. */
class DialogAccount implements Account {
  readonly calls: number[] = [];
  readonly cursors: DialogCursor[] = [];
  readonly errors: Error[] = [];
  readonly state = {
    phase: 'ready',
    since: 0,
    self: undefined,
    reason: undefined,
    standing: { state: 'ready', reason: reason('signed_in') },
    lastPongAt: undefined,
    limits: defaultLimits,
  } as const;
  readonly #pages: number;
  readonly #clock: ManualClock;
  /** Those of the process that walks: opened anew with it. */
  gates: GateStore;

  constructor(pages: number, clock: ManualClock, db: Database) {
    this.#pages = pages;
    this.#clock = clock;
    this.gates = createGateStore(db, 'main');
  }

  succeededAt = () => undefined;

  dialogs(cursor: DialogCursor): Promise<DialogPage> {
    const keeping = { gates: this.gates, now: () => this.#clock.now() };
    return throughGate(keeping, { method: dialogsMethod }, () => this.#page(cursor));
  }

  #page(cursor: DialogCursor): Promise<DialogPage> {
    if (cursor.folder === 1) return Promise.resolve({ peers: [], dialogs: [], next: undefined });
    this.calls.push(this.#clock.now());
    this.cursors.push(cursor);
    const error = this.errors.shift();
    if (error) return Promise.reject(error);
    const page = cursor.offsetId + 1;
    const peer: Peer = {
      chatId: String(page),
      kind: 'user',
      accessHash: String(page),
      title: `User ${page}`,
      username: undefined,
      phone: undefined,
      writable: true,
    };
    const here = { folder: 0, offsetDate: 1_000 - page, offsetId: page, offsetPeer: peer } as const;
    return Promise.resolve({
      peers: [peer],
      dialogs: [peer.chatId],
      next: page < this.#pages ? here : undefined,
    });
  }

  onChange = () => () => {};
  ping = () => Promise.reject(new Error('a dialog sync does not ping'));
  lookUp = () => Promise.reject(new Error('a dialog sync looks no name up'));
  takeBack = () => Promise.reject(new Error('a dialog sync takes nothing back'));

  basicGroup = () => Promise.reject(new Error('a dialog sync asks for no group'));
  upload = () => Promise.reject(new Error('a dialog sync uploads nothing'));
  send = () => Promise.reject(new Error('a dialog sync does not send'));
  close = () => Promise.reject(new Error('a dialog sync does not close'));
}

function openDb(): Database {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  return db;
}

function walk(
  db: Database,
  account: DialogAccount,
  clock: ManualClock,
  holder = 'send-text',
  isAwaited = () => false,
): DialogSync {
  account.gates = createGateStore(db, 'main');
  const log = pino({ level: 'silent' });
  const dialogSync = startDialogSync({
    log,
    ticker: new Ticker(clock, log),
    account,
    clock,
    holder,
    peers: createPeerTable(db, 'main'),
    walks: createDialogSyncTable(db, 'main'),
    gates: account.gates,
    intervalMs: 30 * minute,
    isAwaited,
    onPage: () => {},
  });
  onTestFinished(() => dialogSync.stop());
  return dialogSync;
}

describe('the walk over the dialogs', () => {
  it('reads page after page, spaced, and then not again before the interval is over', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(3, clock, db);
    const dialogSync = walk(db, account, clock);
    expect(dialogSync.isWhole()).toBe(false);
    await clock.advance(10_000);
    expect(dialogSync.isWhole()).toBe(true);
    expect(account.calls).toHaveLength(3);
    const gaps = account.calls.slice(1).map((at, index) => at - account.calls[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    expect(createPeerTable(db, 'main').count()).toBe(3);
    await clock.advance(29 * minute);
    expect(account.calls).toHaveLength(3);
    await clock.advance(2 * minute);
    expect(account.calls).toHaveLength(6);
  });

  it('is made once by two processes of one account', async () => {
    const clock = manualClock();
    const db = openDb();
    const accounts = [new DialogAccount(4, clock, db), new DialogAccount(4, clock, db)] as const;
    const walkers = [walk(db, accounts[0], clock, 'send-text'), walk(db, accounts[1], clock, 'send-media')];
    await clock.advance(minute);
    expect(walkers.every((dialogSync) => dialogSync.isWhole())).toBe(true);
    expect(accounts[0].calls.length + accounts[1].calls.length).toBe(4);
  });

  it('goes on from its stored page after a restart in the middle', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(5, clock, db);
    const first = walk(db, account, clock);
    await clock.advance(1_500);
    expect(account.calls).toHaveLength(2);
    await first.stop();
    const second = walk(db, account, clock);
    await clock.advance(minute);
    expect(second.isWhole()).toBe(true);
    expect(account.calls).toHaveLength(5);
  });

  it('stops for as long as Telegram says, also over a restart, and goes on from the same page', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(2, clock, db);
    account.errors.push(new TelegramError(420, 'FLOOD_WAIT_600'));
    const first = walk(db, account, clock);
    await clock.advance(5_000);
    expect(account.calls).toHaveLength(1);
    expect(first.nextAllowedAt()).toBe(account.calls[0]! + 600_000);
    await first.stop();
    walk(db, account, clock);
    await clock.advance(594_000);
    expect(account.calls).toHaveLength(1);
    await clock.advance(10_000);
    expect(account.calls).toHaveLength(3);
    expect(account.calls[1]! - account.calls[0]!).toBeGreaterThanOrEqual(600_000);
  });

  it('asks with the date alone where its cursor is refused', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(3, clock, db);
    const dialogSync = walk(db, account, clock);
    await clock.advance(1);
    account.errors.push(new TelegramError(400, 'OFFSET_PEER_ID_INVALID'));
    await clock.advance(10_000);
    expect(dialogSync.isWhole()).toBe(true);
    const [, refused, again] = account.cursors;
    expect(refused!.offsetPeer).toBeDefined();
    expect(again).toEqual({ ...refused, offsetPeer: undefined });
    expect(createPeerTable(db, 'main').count()).toBe(3);
  });

  it('begins the folder anew where the date is refused as well, each time after a longer pause', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(2, clock, db);
    const isRefused = new TelegramError(400, 'OFFSET_PEER_ID_INVALID');
    const dialogSync = walk(db, account, clock);
    await clock.advance(1);
    for (let round = 0; round < 3; round++) {
      const rounds = account.cursors.filter(({ offsetDate }) => offsetDate === 0).length;
      account.errors.push(isRefused, isRefused);
      while (account.cursors.filter(({ offsetDate }) => offsetDate === 0).length === rounds) {
        await clock.advance(1_000);
      }
    }
    const begun = account.calls.filter((_, index) => account.cursors[index]!.offsetDate === 0);
    const gaps = begun.slice(1).map((at, index) => at - begun[index]!);
    expect(gaps.map((ms) => Math.floor(ms / 15_000))).toEqual([1, 2, 4]);
    await clock.advance(10_000);
    expect(dialogSync.isWhole()).toBe(true);
    expect(createPeerTable(db, 'main').count()).toBe(2);
  });

  it('never runs more often than the floor, whoever asks and however often it is restarted', async () => {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(1, clock, db);
    for (let restart = 0; restart < 5; restart++) {
      const dialogSync = walk(db, account, clock);
      dialogSync.request();
      await clock.advance(5_000);
      await dialogSync.stop();
    }
    expect(account.calls).toHaveLength(1);
    walk(db, account, clock);
    await clock.advance(minute);
    expect(account.calls).toHaveLength(2);
    expect(account.calls[1]! - account.calls[0]!).toBeGreaterThanOrEqual(minute);
  });
});

describe('the first walk, where chats were imported', () => {
  function imported(isAwaited: () => boolean) {
    const clock = manualClock();
    const db = openDb();
    const account = new DialogAccount(2, clock, db);
    createDialogSyncTable(db, 'main').noteImport(clock.now());
    const dialogSync = walk(db, account, clock, 'send-text', isAwaited);
    return { clock, account, dialogSync };
  }

  it('is put off for an interval, and until it is over no chat is taken for unknown', async () => {
    const { clock, account, dialogSync } = imported(() => false);
    await clock.advance(30 * minute - 1);
    expect(account.calls).toHaveLength(0);
    expect(dialogSync.isWhole()).toBe(false);
    await clock.advance(minute);
    expect(account.calls).toHaveLength(2);
    expect(dialogSync.isWhole()).toBe(true);
  });

  it('comes at once when a message waits for a chat that was not among them, and only once', async () => {
    let isAwaited = false;
    const { clock, account } = imported(() => isAwaited);
    await clock.advance(minute);
    expect(account.calls).toHaveLength(0);
    isAwaited = true;
    await clock.advance(10 * minute);
    expect(account.calls).toHaveLength(2);
  });

  it('comes at once when somebody asks for it', async () => {
    const { clock, account, dialogSync } = imported(() => false);
    dialogSync.request();
    await clock.advance(10_000);
    expect(account.calls).toHaveLength(2);
  });
});
