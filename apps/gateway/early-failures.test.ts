/** Whatever a gateway fails of while it starts is told by that process in one line, which names what to put right. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { openDatabase } from './storage/sqlite/database.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'pem',
});

type Spoil = (dataDir: string, env: Record<string, string>) => void;

const file = (dataDir: string) => join(dataDir, 'vestnik.db');

/** Every page but the first is overwritten. */
const damaged: Spoil = (dataDir) => {
  openDatabase(file(dataDir)).close();
  writeFileSync(file(dataDir), readFileSync(file(dataDir)).fill(7, 4096));
};

/** The second half is gone. */
const cut: Spoil = (dataDir) => {
  openDatabase(file(dataDir)).close();
  truncateSync(file(dataDir), 4096 * 8);
};

/** A page that no start reads. */
const worn: Spoil = (dataDir) => {
  openDatabase(file(dataDir)).close();
  const db = new DatabaseSync(file(dataDir));
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'messages'").get()!;
  db.close();
  const at = 4096 * (Number(rootpage) - 1);
  writeFileSync(file(dataDir), readFileSync(file(dataDir)).fill(7, at, at + 4096));
};

/** As a full disk or a careless copy leaves it, with backups beside. */
const emptied: Spoil = (dataDir) => {
  openDatabase(file(dataDir)).close();
  mkdirSync(join(dataDir, 'spool'));
  truncateSync(file(dataDir), 0);
  for (const day of ['01', '02']) mkdirSync(join(dataDir, `../vestnik-2026-11-${day}T03-04-05`));
};

/** A table that the gateway opens late is gone, as a restore that went wrong may leave it. */
const lacking =
  (table: string): Spoil =>
  (dataDir) => {
    openDatabase(file(dataDir)).close();
    const db = new DatabaseSync(file(dataDir));
    db.exec(`DROP TABLE ${table}`);
    db.close();
  };

const cases: [string, Spoil, RegExp][] = [
  [
    'a key file that is none',
    (_, env) => writeFileSync(env.TELEGRAM_DC_PUBLIC_KEY_FILE!, 'x'),
    /TELEGRAM_DC_PUBLIC_KEY_FILE takes .* is not one/,
  ],
  [
    'a host of another machine',
    (_, env) => void Object.assign(env, { HOST: '192.0.2.1', ALLOW_UNAUTHENTICATED: 'true' }),
    /192\.0\.2\.1 is not an address of this machine: check the setting HOST/,
  ],
  [
    'a database that is none',
    (dataDir) => writeFileSync(file(dataDir), 'x'.repeat(4096)),
    /cannot use the database .*: file is not a database; move DATA_DIR aside and restore a backup/,
  ],
  [
    'a database that cannot be opened',
    (dataDir) => void mkdirSync(file(dataDir)),
    /cannot use the database .*: EISDIR/,
  ],
  ['a database that is damaged', damaged, /cannot use the database .*: database disk image is malformed/],
  ['a database that is cut', cut, /cannot use the database .*: database disk image is malformed; move/],
  ['a database with a damaged page', worn, /cannot use the database .*; move DATA_DIR aside and restore/],
  [
    'a database that was emptied',
    emptied,
    /the database .* is empty, and was not before: .* newest backup: npm run restore -- .*vestnik-2026-11-02T03-04-05$/m,
  ],
  ['a database without its chats', lacking('peers'), /cannot use the database .*: no such table: peers/],
  ['a database without its turns', lacking('turns'), /cannot use the database .*: no such table: turns/],
  [
    'a lock that cannot be opened',
    (dataDir) => void mkdirSync(join(dataDir, 'main.send-text.lock')),
    /the lock .*main\.send-text\.lock cannot be taken \(.*EISDIR.*\)/,
  ],
  [
    'a lock that is no lock',
    (dataDir) => writeFileSync(join(dataDir, 'main.send-text.lock'), 'x'.repeat(4096)),
    /the lock .* cannot be taken \(file is not a database\)/,
  ],
  [
    'a spool that is no folder',
    (dataDir) => writeFileSync(join(dataDir, 'spool'), ''),
    /the spool .*spool.main.text cannot be used \(.*\): /,
  ],
];

describe('a gateway that fails while it starts', { timeout: 60_000 }, () => {
  it.each(cases)('of %s says so in one line', async (_, spoil, sentence) => {
    const dataDir = join(temporaryFolder(), 'data');
    mkdirSync(dataDir);
    const publicKeyFile = join(temporaryFolder(), 'server.pem');
    writeFileSync(publicKeyFile, pem);
    const env = gatewayEnvironment({ port: 9, publicKeyFile }, dataDir);
    spoil(dataDir, env);
    const gateway = startGatewayProcess('send-text', { ...env, LOG_LEVEL: 'error' });
    expect(await gateway.ended).toBe(1);
    expect(gateway.output).toMatch(sentence);
    expect(gateway.output.trim().split('\n')).toHaveLength(1);
    expect(gateway.output).toMatch(/^send-text: /);
  });

  it('of what it cannot read in its tables logs the error itself, and no other of closing what was open', async () => {
    const dataDir = temporaryFolder();
    const publicKeyFile = join(temporaryFolder(), 'server.pem');
    writeFileSync(publicKeyFile, pem);
    openDatabase(file(dataDir)).close();
    const db = new DatabaseSync(file(dataDir));
    db.exec(`INSERT INTO walks (account, cursor) VALUES ('main', 'no JSON')`);
    db.close();
    const gateway = startGatewayProcess('send-text', gatewayEnvironment({ port: 9, publicKeyFile }, dataDir));
    expect(await gateway.ended).toBe(1);
    const lines = gateway.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(lines.filter(({ level }) => level === 'fatal')).toMatchObject([
      { msg: 'could not start', err: { message: expect.stringContaining('no JSON') } },
    ]);
  });
});
