/** A session file as Telethon 1.x writes it (version 7), with a key that the sandbox knows. */
import { DatabaseSync } from 'node:sqlite';
import { openLink } from '../../../apps/gateway/telegram/link.ts';
import { trustServerKey } from '../../../apps/gateway/telegram/library/server-key.ts';
import type { TestSandbox } from '../../../apps/testkit/sandbox.ts';
import { createLogger } from '../../../apps/kit/log.ts';
import { direct } from '../../../apps/gateway/telegram/mtproto/transport.ts';

const schema = `
  CREATE TABLE version (version INTEGER PRIMARY KEY);
  INSERT INTO version VALUES (7);
  CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, server_address TEXT, port INTEGER, auth_key BLOB, takeout_id INTEGER);
  CREATE TABLE entities (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, username TEXT, phone INTEGER, name TEXT, date INTEGER);
  CREATE TABLE sent_files (md5_digest BLOB, file_size INTEGER, type INTEGER, id INTEGER, hash INTEGER,
    PRIMARY KEY (md5_digest, file_size, type));
  CREATE TABLE update_state (id INTEGER PRIMARY KEY, pts INTEGER, qts INTEGER, date INTEGER, seq INTEGER);
`;

/** Makes a key with the sandbox and writes it to `file`. */
export async function writeTelethonSession(sandbox: TestSandbox, file: string): Promise<void> {
  trustServerKey(sandbox.publicKeyPem);
  const log = createLogger('test', 'fatal');
  const dcId = 2;
  const address = { host: '127.0.0.1', port: sandbox.port };
  const link = await openLink({ dcId, address, wayOut: direct, apiId: 1, log, connectTimeoutMs: 10_000 });
  const { authKey } = link;
  link.close();
  const db = new DatabaseSync(file);
  db.exec(schema);
  db.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, NULL)').run(dcId, address.host, address.port, authKey);
  db.close();
}
