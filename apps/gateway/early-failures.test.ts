/** Whatever a gateway fails of while it starts is told by that process in one line, which names what to put right. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { openDatabase } from './outbox/database.ts';

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
    /cannot use the database .*: file is not a database; check DATA_DIR/,
  ],
  [
    'a database that cannot be opened',
    (dataDir) => void mkdirSync(file(dataDir)),
    /cannot use the database .*: EISDIR/,
  ],
  ['a database that is damaged', damaged, /cannot use the database .*: database disk image is malformed/],
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
    const dataDir = temporaryFolder();
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
