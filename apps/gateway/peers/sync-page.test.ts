/** The walk over the dialogs at the simulated Telegram, over TCP: short pages, pins, wrong counts and chats that were left. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Long, type tl } from '@mtcute/node';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { Ticker } from '../../kit/ticker.ts';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { foreignClient } from '../../testkit/mtcute.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { until } from '../../testkit/until.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import { startOfFolder, type Account, type DialogCursor, type PeerAddress } from '../model/account.ts';
import { createMtprotoAccount } from '../telegram/mtproto-account.ts';
import { trustServerKey } from '../telegram/library/server-key.ts';
import { unmarkId } from '../model/marked-id.ts';
import { createNameTable } from '../storage/sqlite/name-table.ts';
import { createPeerTable } from '../storage/sqlite/peer-table.ts';
import { createDialogSyncTable } from '../storage/sqlite/dialog-sync-table.ts';
import { startDialogSync } from './dialog-sync.ts';
import { direct } from '../telegram/mtproto/transport.ts';

/** A supergroup without a username. */
const nameless = '-1002200000011';
const demoChat = '-1003833950795';
const log = pino({ level: 'silent' });

interface WorldView {
  readonly chats: readonly { readonly chat_id: string; readonly in_dialogs: boolean }[];
}

describe('the walk over the dialogs', () => {
  it('reads both folders whole through short pages, pins and a wrong count', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 90, dialogs_per_page: 5, dialogs_count: 7 });
    const client = await foreignClient(sandbox);
    const started = await startAccount(sandbox);
    const oldest = (await channelsOf(started.account)).toReversed();
    const [pinned, archived] = [oldest.slice(0, 4), oldest.slice(4, 16)];
    const folderPeers = archived.map(
      (chat) => ({ _: 'inputFolderPeer', peer: peerOf(chat), folderId: 1 }) as const,
    );
    await client.call({ _: 'folders.editPeerFolders', folderPeers });
    for (const chat of [...pinned, ...archived.slice(0, 5)]) {
      const peer = { _: 'inputDialogPeer', peer: peerOf(chat) } as const;
      await client.call({ _: 'messages.toggleDialogPin', peer, pinned: true });
    }
    const { peers, untilWhole } = startWalk(started);
    await untilWhole();
    const dialogs = await dialogsOf(sandbox);
    expect(dialogs).toHaveLength(90);
    expect(dialogs.filter((chatId) => !peers.byId(chatId))).toEqual([]);
  });

  it('goes on from the date where the chat that it came to was left', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 12, dialogs_per_page: 4 });
    const client = await foreignClient(sandbox);
    const { walks, peers, nextPage, untilWhole } = startWalk(await startAccount(sandbox));
    await nextPage();
    const left = peerOf(walks.read().cursor!.offsetPeer!);
    await client.call({ _: 'channels.leaveChannel', channel: { ...left, _: 'inputChannel' } });
    await untilWhole();
    expect((await sandbox.report()).errors).toEqual({ OFFSET_PEER_ID_INVALID: 1 });
    expect((await dialogsOf(sandbox)).filter((chatId) => !peers.byId(chatId))).toEqual([]);
  });

  it('forgets a name whose owner it sees without it, and keeps the others', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 12 });
    const started = await startAccount(sandbox);
    const names = createNameTable(started.db, 'main', { perMinute: 5, perDay: 50 });
    const now = systemClock.now();
    const owners = { '@moving': demoChat, '@given_up': nameless, '@vestnik_demo': demoChat };
    for (const [name, owner] of Object.entries(owners)) {
      expect(names.take(name, now)).toBe('taken');
      names.remember(name, owner, now);
    }
    await startWalk(started).untilWhole();
    expect(names.find('@moving', now)).toBeUndefined();
    expect(names.find('@given_up', now)).toBeUndefined();
    expect(names.find('@vestnik_demo', now)).toMatchObject({ chatId: demoChat });
  });
});

/** The gateway's account, ready, and what is kept of it. */
async function startAccount(sandbox: TestSandbox) {
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const gates = createGateStore(db, 'main');
  const account = createMtprotoAccount({
    probeIntervalMs: 60_000,
    dcId: 2,
    host: '127.0.0.1',
    port: sandbox.port,
    wayOut: direct,
    authKey: undefined,
    apiId: 1,
    gates,
    clock: systemClock,
    log,
  });
  onTestFinished(() => account.close());
  await until('the account is ready', () => account.state.phase === 'ready');
  return { account, db, gates };
}

/** A walk by a clock that stands still between its pages. */
function startWalk({ account, db, gates }: Awaited<ReturnType<typeof startAccount>>) {
  const clock = manualClock();
  const peers = createPeerTable(db, 'main');
  const walks = createDialogSyncTable(db, 'main');
  const log = pino({ level: 'silent' });
  const dialogSync = startDialogSync({
    account,
    peers,
    walks,
    gates,
    clock,
    log,
    ticker: new Ticker(clock, log),
    holder: 'send-text',
    intervalMs: 1_800_000,
    isAwaited: () => false,
    onPage: () => {},
  });
  onTestFinished(() => dialogSync.stop());
  const nextPage = async () => {
    const { pages } = walks.read();
    await clock.advance(1_000);
    await until('a page is read', () => walks.read().pages > pages);
  };
  const untilWhole = () =>
    until('the walk is whole', async () => {
      await clock.advance(1_000);
      return dialogSync.isWhole();
    });
  return { walks, peers, nextPage, untilWhole };
}

/** The marked ids of the world's dialogs. */
async function dialogsOf(sandbox: TestSandbox): Promise<string[]> {
  const { chats } = await sandbox.get<WorldView>('/world');
  return chats.filter((chat) => chat.in_dialogs).map((chat) => String(chat.chat_id));
}

/** The channels and supergroups of the main list, those with the newest message first. */
async function channelsOf(account: Account): Promise<PeerAddress[]> {
  const found: PeerAddress[] = [];
  let cursor: DialogCursor | undefined = startOfFolder(0);
  while (cursor) {
    const { peers, dialogs, next }: Awaited<ReturnType<Account['dialogs']>> = await account.dialogs(cursor);
    found.push(...peers.filter(({ kind, chatId }) => kind === 'channel' && dialogs.includes(chatId)));
    cursor = next;
  }
  return found;
}

function peerOf({ chatId, accessHash }: PeerAddress): tl.RawInputPeerChannel {
  const { bareId } = unmarkId(BigInt(chatId));
  return { _: 'inputPeerChannel', channelId: Number(bareId), accessHash: Long.fromString(accessHash) };
}
