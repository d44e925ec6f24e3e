import { chmodSync, copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { withCopy } from './private-copy.ts';
import { readTelethonFile } from './telethon-file.ts';

const key = Buffer.alloc(256, 9);

interface Made {
  version: number;
  authKey?: Uint8Array;
  address?: [number, string | null, number | null];
  rows?: [
    id: bigint,
    hash: bigint,
    username: string | null,
    phone: string | null,
    name: string | null,
    date?: number,
  ][];
}

/** A session as Telethon of that version of the file writes it. */
function made({ version, authKey = key, address = [2, '149.154.167.51', 443], rows = [] }: Made): string {
  const file = join(temporaryFolder(), 'old.session');
  const db = new DatabaseSync(file);
  const takeout = version >= 5 ? ', takeout_id integer' : '';
  const temporaryKey = version >= 8 ? ', tmp_auth_key blob' : '';
  const date = version >= 7 ? ', date integer' : '';
  db.exec(`CREATE TABLE version (version integer primary key);
    CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob${takeout}${temporaryKey});
    CREATE TABLE entities (id integer primary key, hash integer not null, username text, phone integer, name text${date})`);
  db.prepare('INSERT INTO version VALUES (?)').run(version);
  db.prepare('INSERT INTO sessions (dc_id, server_address, port, auth_key) VALUES (?, ?, ?, ?)').run(
    ...address,
    authKey,
  );
  const columns = version >= 7 ? 'id, hash, username, phone, name, date' : 'id, hash, username, phone, name';
  const insert = db.prepare(`INSERT INTO entities (${columns}) VALUES (${columns.replace(/\w+/g, '?')})`);
  for (const [id, hash, username, phone, name, seen = null] of rows) {
    insert.run(...[id, hash, username, phone, name], ...(version >= 7 ? [seen] : []));
  }
  db.close();
  return file;
}

describe('a session file of Telethon', () => {
  it.each([6, 7, 8])('of version %i gives the key, the data centre and the chats', (version) => {
    const rows: Made['rows'] = [
      [-1_001_234_567_890n, -9_223_372_036_854_775_808n, 'news', null, 'News'],
      [-4021n, 0n, null, null, 'Basic'],
      [777_000n, 9_007_199_254_740_993n, null, '9996620001', 'Service'],
    ];
    const { session, peers, leftOut, userId } = readTelethonFile(made({ version, rows }));
    expect(session).toEqual({ dcId: 2, host: '149.154.167.51', port: 443, authKey: key });
    expect(
      peers.map(({ chatId, kind, accessHash, title, username, phone }) => [
        chatId,
        kind,
        accessHash,
        title,
        username,
        phone,
      ]),
    ).toEqual([
      ['-1001234567890', 'channel', '-9223372036854775808', 'News', 'news', undefined],
      ['-4021', 'chat', '0', 'Basic', undefined, undefined],
      ['777000', 'user', '9007199254740993', 'Service', undefined, '9996620001'],
    ]);
    expect({ leftOut, userId }).toEqual({ leftOut: 0, userId: undefined });
  });

  it.each([1, 2, 3, 4, 5])(
    'of version %i gives the key and no chats, whose hashes may be wrong',
    (version) => {
      const { session, peers } = readTelethonFile(
        made({ version, rows: [[777_000n, 5n, null, null, 'Service']] }),
      );
      expect(session.authKey).toEqual(key);
      expect(peers).toEqual([]);
    },
  );

  it('leaves out what cannot be sent to, and takes the row of 0 for the user itself', () => {
    const rows: Made['rows'] = [
      [0n, 4242n, null, null, null],
      [5n, 0n, 'nohash', null, 'No hash'],
      [-1_001_234_567_890n, 0n, null, null, 'No hash'],
      [-1_000_000_000_000n, 7n, null, null, 'No id'],
      [-10_012_345_678_901n, 7n, null, null, 'Marked by text, not by arithmetic'],
      [6n, 7n, null, null, null],
    ];
    const { peers, leftOut, userId } = readTelethonFile(made({ version: 7, rows }));
    expect(peers.map(({ chatId, title }) => [chatId, title])).toEqual([['6', '']]);
    expect({ leftOut, userId }).toEqual({ leftOut: 4, userId: '4242' });
  });

  it('gives a name that changed hands to who was seen with it last, and to nobody where that is not known', () => {
    const rows: Made['rows'] = [
      [5n, 1n, 'taken', null, 'Old', 100],
      [6n, 1n, 'Taken', null, 'New', 200],
    ];
    const names = (version: number) =>
      readTelethonFile(made({ version, rows })).peers.map(({ username }) => username);
    expect(names(7)).toEqual([undefined, 'taken']);
    expect(names(6)).toEqual([undefined, undefined]);
  });

  it.each<[string, Made, RegExp]>([
    ['of a version nobody knows', { version: 9 }, /version 9; only 1 to 8 can be imported/],
    ['without a key', { version: 7, authKey: new Uint8Array() }, /nobody has signed in/],
    ['with half a key', { version: 7, authKey: new Uint8Array(128) }, /has 128 bytes/],
    [
      'without an address',
      { version: 7, address: [2, null, null] },
      /lacks the address or port of its data centre/,
    ],
    [
      'with a port that is none',
      { version: 7, address: [2, '149.154.167.51', 70_000] },
      /lacks the address or port of its data centre/,
    ],
  ])('%s is refused', (_, options, sentence) => {
    expect(() => readTelethonFile(made(options))).toThrow(sentence);
  });

  it('of another library is refused by its name', () => {
    const file = join(temporaryFolder(), 'pyrogram.session');
    const db = new DatabaseSync(file);
    db.exec(
      'CREATE TABLE sessions (dc_id, auth_key); CREATE TABLE peers (id); CREATE TABLE version (number)',
    );
    db.close();
    expect(() => readTelethonFile(file)).toThrow(/a session of Pyrogram/);
  });

  it('that a crash left in the middle of a change is read as it was before it', () => {
    const file = made({ version: 7, rows: [[5n, 1n, null, null, 'Before']] });
    const db = new DatabaseSync(file);
    onTestFinished(() => db.close());
    // So small a cache has the change written before it is committed.
    db.exec(`PRAGMA cache_size = 1; BEGIN; UPDATE entities SET name = 'After';
      WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO entities SELECT i, 1, NULL, NULL, 'After ' || i, 0 FROM n`);
    const crashed = join(temporaryFolder(), 'crashed.session');
    for (const suffix of ['', '-journal']) {
      copyFileSync(file + suffix, crashed + suffix);
      chmodSync(crashed + suffix, 0o400);
    }
    const { peers } = withCopy(crashed, temporaryFolder(), (copy) => {
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      return readTelethonFile(copy);
    });
    expect(peers.map(({ title }) => title)).toEqual(['Before']);
  });
});
