import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../outbox/database.ts';
import type { Peer } from '../telegram/account.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createPeerTable } from './peer-table.ts';

function openTable() {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  return createPeerTable(db, 'main');
}

const user = (chatId: string, more: Partial<Peer> = {}): Peer => ({
  ...{ chatId, kind: 'user', accessHash: `${chatId}00`, title: `User ${chatId}`, writable: true },
  ...{ username: undefined, phone: undefined, ...more },
});

describe('the table of chats', () => {
  it('keeps a chat that a later walk does not have: absent is not gone', () => {
    const table = openTable();
    table.save([user('1'), user('2')], 1);
    table.save([user('2'), user('3')], 2);
    table.save([], 3);
    expect(table.count()).toBe(3);
    expect(table.byId('1')).toMatchObject(user('1'));
  });

  it('takes what is new of a chat, and keeps the phone number where an answer leaves it out', () => {
    const table = openTable();
    table.save([user('1', { phone: '9996620001', username: 'Anna' })], 1);
    table.save([user('1', { title: 'Anna K', username: 'anna_k' })], 2);
    expect(table.byId('1')).toMatchObject({ title: 'Anna K', username: 'anna_k', phone: '9996620001' });
  });
});
