/** Sessions of other clients, and files that were cut, are refused in words that say what they are. */
import { truncateSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { formatSession } from '../gateway/telegram/session.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { otherClientOf } from './other-sessions.ts';
import { readTelethonFile } from './telethon-file.ts';
import { run } from './testing/command.ts';

const key = Buffer.alloc(256, 7);
const bare = (...parts: Buffer[]) => Buffer.concat(parts).toString('base64url');
const pyrogram = {
  'Pyrogram 1': bare(Buffer.of(2, 0), key, Buffer.alloc(5)),
  'Pyrogram 1.2': bare(Buffer.of(2, 0), key, Buffer.alloc(9)),
  'Pyrogram 2': bare(Buffer.of(4, 0, 0, 48, 57, 0), key, Buffer.alloc(9)),
};
/** As mtcute's own test has one of version 3. */
const mtcute =
  'AwQAAAAXAgIADjE0OS4xNTQuMTY3LjUwALsBAAAXAgICDzE0OS4xNTQuMTY3LjIyMrsBAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const gotd = JSON.stringify({
  Version: 1,
  Data: { Config: { DCOptions: Array(200).fill({ ID: 2 }) }, DC: 2 },
});

function importing(text: string, ...args: string[]) {
  const folder = temporaryFolder();
  const file = join(folder, 'old.session');
  writeFileSync(file, text);
  const env = { DATA_DIR: folder, TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) };
  return run(['import-session', ...(args.length > 0 ? args : [file])], env);
}

describe('npm run import-session', { timeout: 60_000 }, () => {
  it.each([
    ['Pyrogram', pyrogram['Pyrogram 2']],
    ['mtcute', mtcute],
    ['gotd/td', gotd],
  ])('names a session of %s and says what to do instead', async (client, text) => {
    const command = importing(text);
    expect(await command.ended).toBe(1);
    expect(command.output).toContain(
      `this is a session of ${client}; only sessions of Telethon and GramJS can be imported`,
    );
    expect(command.output).toContain('npm run login');
    expect(command.output).not.toContain('copy it again');
  });

  it('does not repeat a string of another client that was given as an argument', async () => {
    const command = importing('', mtcute);
    expect(await command.ended).toBe(1);
    expect(command.output).toContain('a session string on the command line');
    expect(command.output).not.toContain(mtcute);
  });

  it.each([
    ['Pyrogram', 'sessions', 'peers'],
    ['mtcute', 'key_value', 'peers', 'auth_keys'],
  ])('names a file of %s', async (client, ...tables) => {
    const file = join(temporaryFolder(), 'old.session');
    const db = new DatabaseSync(file);
    for (const table of tables) db.exec(`CREATE TABLE ${table} (id)`);
    db.close();
    const command = importing('', file);
    expect(await command.ended).toBe(1);
    expect(command.output).toContain(`this SQLite file is a session of ${client}`);
  });
});

describe('a string', () => {
  it.each(Object.entries(pyrogram))('of %s is known by its length', (_, text) => {
    expect(otherClientOf(text)).toBe('Pyrogram');
  });

  it('of GramJS, a cut one and any other word are not taken for one of another client', () => {
    const own = formatSession({ dcId: 2, host: '149.154.167.51', port: 443, authKey: key });
    for (const text of [own, own.slice(0, -20), 'old.session', 'data', '/tmp/AwQAAAAX']) {
      expect(otherClientOf(text)).toBeUndefined();
    }
  });
});

describe('a session file of Telethon', () => {
  it('that is cut by one byte or by its last page is refused', () => {
    const file = join(temporaryFolder(), 'old.session');
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE version (version integer primary key); INSERT INTO version VALUES (7);
      CREATE TABLE sessions (dc_id integer, server_address text, port integer, auth_key blob, takeout_id integer);
      CREATE TABLE entities (id integer primary key, hash integer, username text, phone integer, name text, date integer)`);
    db.prepare('INSERT INTO sessions VALUES (2, ?, 443, ?, NULL)').run('149.154.167.51', key);
    const insert = db.prepare('INSERT INTO entities VALUES (?, 1, NULL, NULL, ?, NULL)');
    for (let id = 1; id <= 300; id++) insert.run(id, 'x'.repeat(40));
    db.close();
    const whole = readFileSync(file);
    expect(readTelethonFile(file).peers).toHaveLength(300);
    for (const less of [1, 4_096]) {
      writeFileSync(file, whole);
      truncateSync(file, statSync(file).size - less);
      expect(() => readTelethonFile(file)).toThrow(/damaged or incomplete .*copy it again/);
    }
  });
});
