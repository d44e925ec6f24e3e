/** The database as it is at one moment, copied while gateways write to it, and what else that moment needs. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { preparePrivateFile } from '../data-dir.ts';
import { spooledFilesOf, type MessageContent } from '../../model/message.ts';
import { busyTimeoutMs } from './transaction.ts';

export interface Snapshot {
  /** Messages that are not settled; of them, those that may have been sent. */
  readonly waiting: number;
  readonly maybeSent: number;
  /** Files of messages that wait or may be tried again, as paths below the folder of the spool. */
  readonly spooled: readonly string[];
}

/** Copies the database `file` to `to`, which is not there yet: whole, and without holding up who writes. */
export function takeSnapshot(file: string, to: string): void {
  preparePrivateFile(to);
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}

/** What a snapshot holds. @throws Error when it is damaged */
export function readSnapshot(file: string): Snapshot {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const [sound] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (sound !== 'ok') throw new Error(`the database ${file} is damaged: ${String(sound)}`);
    const open = `FROM messages WHERE status IN ('queued', 'sending')`;
    const { waiting, maybeSent } = db
      .prepare(
        `SELECT count(*) waiting, count(*) FILTER (WHERE status = 'sending' OR maybe_sent) maybeSent ${open}`,
      )
      .get() as { waiting: number; maybeSent: number };
    const rows = db
      .prepare(
        `SELECT account, gateway, content FROM messages
         WHERE status IN ('queued', 'sending', 'failed', 'expired') AND content LIKE '%"spooled"%'`,
      )
      .all() as { account: string; gateway: string; content: string }[];
    const spooled = rows.flatMap(({ account, gateway, content }) =>
      spooledFilesOf(JSON.parse(content) as MessageContent).map((name) => join(account, gateway, name)),
    );
    return { waiting, maybeSent, spooled };
  } finally {
    db.close();
  }
}
