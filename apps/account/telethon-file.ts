/**
 * A session that Telethon keeps in SQLite: where its data centre is, the key, and the chats it has seen. The versions
 * differ in little: 7 dates the chats, 8 adds a key that is of no use here, and up to 5 the access hashes are not to be trusted.
 */
import { readFileSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Session } from '../gateway/telegram/session.ts';
import type { Peer } from '../gateway/model/account.ts';
import { StartError } from '../kit/run.ts';
import { peersOf, type Entity } from './entities.ts';
import { otherClientOfTables } from './other-sessions.ts';
import { withSiblings } from './private-copy.ts';

export interface TelethonSession {
  readonly version: number;
  readonly session: Session;
  readonly peers: readonly Peer[];
  /** Chats that cannot be sent to by what stands in the file. */
  readonly leftOut: number;
  /** Id of the user the session speaks for, which newer Telethons put down. */
  readonly userId: string | undefined;
}

const newest = 8;
const firstWithHashes = 6;
const firstWithDates = 7;
const keyBytes = 256;

type Row = Record<string, SQLOutputValue>;

/** Reads a copy, which SQLite may finish what was left unfinished in. @throws StartError that says what is wrong with it */
export function readTelethonFile(copy: string): TelethonSession {
  let db: DatabaseSync | undefined;
  try {
    checkSize(copy);
    db = new DatabaseSync(copy, { timeout: 0 });
    const [check] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (check !== 'ok') throw new Error(String(check));
    return readTables(db);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `the session file is damaged or incomplete (${(error as Error).message}): copy it again while the old service is ` +
        'stopped, together with any -wal or -journal file beside it',
    );
  } finally {
    db?.close();
  }
}

/** SQLite reads a file that was cut as one with fewer pages, or as a shorter one. */
function checkSize(copy: string): void {
  const header = readFileSync(copy).subarray(0, 100);
  if (header.length < 100) throw new Error('it ends within its header');
  const raw = header.readUInt16BE(16);
  const pageSize = raw === 1 ? 65_536 : raw;
  const { size } = statSync(copy);
  // What stands beside it may have pages that the file does not have yet.
  const pages = withSiblings(copy).length > 1 ? 0 : header.readUInt32BE(28);
  if (size % pageSize === 0 && size >= pages * pageSize) return;
  throw new Error(`it has ${size} bytes, which is not ${pages || 'a number of'} whole pages of ${pageSize}`);
}

function readTables(db: DatabaseSync): TelethonSession {
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as {
    name: string;
  }[];
  if (!['version', 'sessions', 'entities'].every((wanted) => tables.some(({ name }) => name === wanted))) {
    const client = otherClientOfTables(tables.map(({ name }) => name));
    throw new StartError(
      `this SQLite file is ${client ? `a session of ${client}` : 'not a session'}; only those of Telethon can be ` +
        'imported: npm run login signs in anew',
    );
  }
  const version = Number(db.prepare('SELECT version FROM version').get()?.version);
  if (!Number.isInteger(version) || version < 1 || version > newest) {
    throw new StartError(
      `the session file has version ${version}; only 1 to ${newest} can be imported: npm run login signs in anew`,
    );
  }
  const entities = version < firstWithHashes ? [] : readEntities(db, version);
  const self = entities.find(({ id }) => id === 0n);
  return {
    version,
    session: readSession(db),
    userId: self && String(self.hash),
    ...peersOf(entities.filter((entity) => entity !== self)),
  };
}

function readSession(db: DatabaseSync): Session {
  const row: Row | undefined = db
    .prepare('SELECT dc_id, server_address, port, auth_key FROM sessions LIMIT 1')
    .get();
  const { dc_id: dcId, server_address: host, port, auth_key: key } = row ?? {};
  if (!(key instanceof Uint8Array) || key.length === 0) {
    throw new StartError(
      'this session has no key, because nobody has signed in with it: use the one of the old service',
    );
  }
  if (key.length !== keyBytes) {
    throw new StartError(
      `the key in the session file has ${key.length} bytes, not ${keyBytes}: the file is damaged`,
    );
  }
  if (typeof dcId !== 'number' || dcId < 1 || typeof host !== 'string' || host === '' || !isPort(port)) {
    throw new StartError('the session file is damaged: it lacks the address or port of its data centre');
  }
  return { dcId, host, port, authKey: Buffer.from(key) };
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}

function readEntities(db: DatabaseSync, version: number): Entity[] {
  const date = version < firstWithDates ? 'NULL' : 'date';
  const rows = db.prepare(`SELECT id, hash, username, phone, name, ${date} AS date FROM entities`);
  rows.setReadBigInts(true);
  return (rows.all() as Row[]).flatMap(({ id, hash, username, phone, name, date }) => {
    if (typeof id !== 'bigint' || typeof hash !== 'bigint') return [];
    const textOr = (value: SQLOutputValue | undefined) => (value == null ? undefined : String(value));
    return {
      id,
      hash,
      username: textOr(username),
      phone: textOr(phone),
      name: textOr(name),
      date: Number(date ?? 0),
    };
  });
}
