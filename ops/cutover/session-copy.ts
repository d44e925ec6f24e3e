/** Session files of the old services: copied whole while they are in use, and compared without showing a key. */
import { closeSync, copyFileSync, openSync, readSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';

const sqliteHead = 'SQLite format 3\0';

/** Copies a session file that a running process may be writing, for its owner only. @throws Error when it cannot be read */
export async function copySession(from: string, to: string): Promise<void> {
  rmSync(to, { force: true });
  closeSync(openSync(to, 'wx', 0o600));
  if (!isSqlite(from)) return copyFileSync(from, to);
  const db = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await backup(db, to);
  } finally {
    db.close();
  }
}

/** Whether both hold the same key, which two processes may never use at once. @throws Error when one has no key */
export function haveSameKey(one: string, other: string): boolean {
  return keyOf(one).equals(keyOf(other));
}

function keyOf(file: string): Buffer {
  if (!isSqlite(file)) return Buffer.from(head(file, 1_000));
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const row = db.prepare('SELECT auth_key FROM sessions').get() as { auth_key: unknown } | undefined;
    if (row?.auth_key instanceof Uint8Array && row.auth_key.length === 256) return Buffer.from(row.auth_key);
    throw new Error(`${file} holds no key: its service has never signed in with it`);
  } catch (error) {
    if (!/no such (table|column)/.test((error as Error).message)) throw error;
    throw new Error(`${file} is no session of Telethon`, { cause: error });
  } finally {
    db.close();
  }
}

function isSqlite(file: string): boolean {
  return head(file, sqliteHead.length) === sqliteHead;
}

function head(file: string, bytes: number): string {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('latin1', 0, readSync(handle, buffer));
  } finally {
    closeSync(handle);
  }
}
