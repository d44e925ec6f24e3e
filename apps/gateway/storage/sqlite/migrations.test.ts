import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { createNameTable } from './name-table.ts';
import { createPeerTable } from './peer-table.ts';
import { createDialogSyncTable } from './dialog-sync-table.ts';
import { openDatabase } from './database.ts';
import { createGateStore } from './gate-store.ts';
import { migrations } from './migrations.ts';
import { openLedger } from './ledger.ts';

/** The first step that keeps names by themselves, and the chats that were met. */
const before = migrations.findIndex((step) => step.includes('owner_age_ms'));

const rows = `
  INSERT INTO peers (account, chat_id, kind, access_hash, title, username, phone, writable, seen_at)
    VALUES ('main', '1', 'user', '1', 'Old', 'anna', NULL, 1, 100), ('main', '2', 'user', '2', 'New', 'anna', '999', 1, 200),
           ('main', '3', 'user', '3', 'Met', 'clara', NULL, 1, 200);
  INSERT INTO names (account, name, chat_id, asked_at, answered_at)
    VALUES ('main', '@clara', NULL, 50, 300), ('main', '@lost', '1', 50, NULL);
  INSERT INTO messages (account, gateway, seq, id, chat, status, content, random_ids, fingerprint, accepted_at, expires_at)
    VALUES ('main', 'text', 1, 'm1', '3', 'sent', '{"texts":[],"options":{}}', '["1"]', 'f', 0, 1),
           ('main', 'text', 2, 'm2', '@dora', 'queued', '{"texts":[],"options":{}}', '["2"]', 'f', 0, 9e12);
  INSERT INTO gates (account, scope, until, reason) VALUES ('main', 'account', 9e12, 'PEER_FLOOD');
  INSERT INTO walks (account, finished_at) VALUES ('main', 300);
`;

it('a database of an older version keeps its names with those who were seen with them last, and whom it wrote to', () => {
  const file = join(temporaryFolder(), 'vestnik.db');
  const old = new DatabaseSync(file);
  for (const step of migrations.slice(0, before)) old.exec(step);
  old.exec(`${rows} PRAGMA user_version = ${before}`);
  old.close();
  const db = openDatabase(file);
  onTestFinished(() => db.close());
  const [names, peers] = [
    createNameTable(db, 'main', { perMinute: 5, perDay: 50 }),
    createPeerTable(db, 'main'),
  ];
  expect(names.find('@anna', 400)).toEqual({ chatId: '2', seenAt: 200 });
  expect(names.find('+999', 400)).toEqual({ chatId: '2', seenAt: 200 });
  expect(names.find('@clara', 400)).toBe('missing');
  expect(names.find('@lost', 400)).toBeUndefined();
  expect(['1', '2', '3'].filter((chat) => peers.isStranger(chat))).toEqual(['1', '2']);
  expect(openLedger(db, { account: 'main', gateway: 'text' }).lanes.head('@dora')).toMatchObject({
    name: '@dora',
  });
  const gates = createGateStore(db, 'main', (chat) => peers.isStranger(chat));
  const isHeld = (chatId: string) =>
    gates.closedFor({ method: 'messages.sendMessage', chatId }, 400) !== undefined;
  expect(['1', '3', '-40'].filter(isHeld)).toEqual(['1']);
  expect(createDialogSyncTable(db, 'main').read().requestedAt).toBeGreaterThan(300);
});
