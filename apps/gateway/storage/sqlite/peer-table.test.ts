import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from './database.ts';
import type { Peer } from '../../model/account.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { createNameTable } from './name-table.ts';
import { createPeerTable } from './peer-table.ts';

function openTables() {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const names = createNameTable(db, 'main', { perMinute: 5, perDay: 50 });
  return { table: createPeerTable(db, 'main'), names };
}

const user = (chatId: string, more: Partial<Peer> = {}): Peer => ({
  chatId,
  kind: 'user',
  accessHash: `${chatId}00`,
  title: `User ${chatId}`,
  writable: true,
  username: undefined,
  phone: undefined,
  ...more,
});

it('reaches one chat and its names by an index, however many there are', () => {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const statements: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    statements.push(sql);
    return prepare(sql);
  };
  createPeerTable(db, 'main');
  createNameTable(db, 'main', { perMinute: 5, perDay: 50 });
  // To count all of them, or to search their titles, is to walk through them.
  const ofOne = statements.filter((sql) => !/count\(|instr\(/.test(sql));
  expect(ofOne.length).toBeGreaterThan(10);
  for (const sql of ofOne) {
    const plan = JSON.stringify(prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    if (!/INDEX peers_self/.test(plan)) expect(plan, sql).not.toMatch(/SCAN|\(account=\?\)/);
  }
});

describe('the table of chats', () => {
  it('keeps a chat that a later walk does not have: absent is not gone', () => {
    const { table } = openTables();
    table.save([user('1'), user('2')], 1);
    table.save([user('2'), user('3')], 2);
    table.save([], 3);
    expect(table.count()).toBe(3);
    expect(table.byId('1')).toMatchObject(user('1'));
  });

  it('takes what is new of a chat, and keeps the phone number where an answer leaves it out', () => {
    const { table } = openTables();
    table.save([user('1', { phone: '9996620001', username: 'Anna' })], 1);
    table.save([user('1', { title: 'Anna K', username: 'anna_k' })], 2);
    expect(table.byId('1')).toMatchObject({ title: 'Anna K', username: 'anna_k', phone: '9996620001' });
  });

  it('gives a name to whom is seen with it last, and takes it from whom is seen without', () => {
    const { table, names } = openTables();
    const namesOf = (chatId: string) => table.byId(chatId)?.names;
    table.save([user('1', { username: 'Anna', usernames: ['anna_k'] })], 1);
    expect(namesOf('1')).toEqual(['@anna_k', '@anna']);
    table.save([user('2', { username: 'anna', usernames: [] })], 2);
    expect(namesOf('1')).toEqual(['@anna_k']);
    expect(table.byId('1')?.username).toBeUndefined();
    expect(names.find('@anna', 2)).toEqual({ chatId: '2', seenAt: 2 });
    table.save([user('1', { usernames: [] })], 3);
    expect(names.find('@anna_k', 3)).toBeUndefined();
  });

  it('takes nothing from a chat that is shown without saying what it is called', () => {
    const { table } = openTables();
    table.save([user('1', { username: 'anna', usernames: [], phone: '9996620001' })], 1);
    table.save([user('1')], 2);
    expect(table.byId('1')?.names).toEqual(['@anna', '+9996620001']);
    table.save([user('1', { username: 'anna', usernames: [] })], 3);
    expect(table.byId('1')?.names).toEqual(['@anna', '+9996620001']);
    table.save([user('1', { username: 'anna', usernames: [], phone: '9996620009' })], 4);
    expect(table.byId('1')?.names).toEqual(['@anna', '+9996620009']);
  });

  it('takes for strangers whom it never met, unless they are contacts or bots', () => {
    const { table } = openTables();
    table.save([user('1'), user('2', { isContact: true }), user('3', { isBot: true }), user('4')], 1);
    table.meet(['4']);
    table.save([user('4', { isContact: false })], 2);
    const strangers = ['1', '2', '3', '4', '9', '-40', 'me', '@anna'].filter((chat) =>
      table.isStranger(chat),
    );
    expect(strangers).toEqual(['1', '9']);
    table.save([user('2', { isContact: false })], 3);
    expect(table.isStranger('2')).toBe(true);
  });

  it('takes for news what it does not have, and what it did not see for an hour', () => {
    const { table } = openTables();
    const anna = user('1', { username: 'anna', usernames: [], isContact: false });
    expect(table.isNews(anna, 1)).toBe(true);
    table.save([anna], 1);
    expect(table.isNews(anna, 2)).toBe(false);
    expect(table.isNews(user('1'), 2)).toBe(false);
    for (const change of [
      { usernames: ['anna_k'] },
      { username: undefined },
      { accessHash: '2' },
      { isContact: true },
    ])
      expect(table.isNews({ ...anna, ...change }, 2)).toBe(true);
    expect(table.isNews(anna, 1 + 3_600_000)).toBe(true);
  });
});
