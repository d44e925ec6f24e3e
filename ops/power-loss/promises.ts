/** What the gateways promised their callers, and what of it a DATA_DIR does not keep. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../apps/gateway/storage/sqlite/database.ts';
import { MessageTable } from '../../apps/gateway/storage/sqlite/message-table.ts';
import type { StoredMessage } from '../../apps/gateway/model/message.ts';
import { sha256, shownFile } from '../crash/caller.ts';
import type { Call } from './trace.ts';

export interface Promised {
  /** Of the trace, at which its acceptance was answered. */
  readonly line: number;
  readonly message: StoredMessage;
  /** As in the letter that it was. */
  readonly shown: readonly string[];
}

/** The id of every message that was answered 200 or 202, with the line at which the first such answer began. */
export function answersIn(calls: readonly Call[]): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { name, data, begin } of calls) {
    if (!/^(write|send)/.test(name) || !data.subarray(0, 11).equals(Buffer.from('HTTP/1.1 20'))) continue;
    const [, id] = /"ok":true,"id":"([^"]+)"/.exec(data.toString()) ?? [];
    if (id !== undefined && !lines.has(id)) lines.set(id, begin);
  }
  return lines;
}

/**
 * Reads messages by the project's own code.
 * @throws Error when the database cannot be opened or is damaged
 */
export function readMessages(
  dataDir: string,
  ids: readonly string[],
): Map<string, StoredMessage | undefined> {
  const db = openDatabase(join(dataDir, 'vestnik.db'));
  try {
    const state = db.prepare('PRAGMA integrity_check').get()!.integrity_check;
    if (state !== 'ok') throw new Error(`the database is damaged: ${state}`);
    const [text, media] = ['text', 'media'].map(
      (gateway) => new MessageTable(db, { account: 'main', gateway }),
    );
    return new Map(ids.map((id) => [id, text!.find(id) ?? media!.find(id)]));
  } finally {
    db.close();
  }
}

/** Each promise that a DATA_DIR breaks, in words. A message that was sent needs its spooled bytes no more. */
export function brokenPromises(dataDir: string, promises: readonly Promised[]): string[] {
  let found: ReturnType<typeof readMessages>;
  try {
    found = readMessages(
      dataDir,
      promises.map(({ message }) => message.id),
    );
  } catch (error) {
    return [(error as Error).message];
  }
  return promises.flatMap(({ message: expected, shown }) => {
    const message = found.get(expected.id);
    if (!message) return [`${expected.id} is lost`];
    if (identityOf(message) !== identityOf(expected)) return [`${expected.id} is another message`];
    if (message.status === 'sent' || !message.content.media) return [];
    const there = message.content.media.map(({ name, spooled }) => {
      const file = join(dataDir, 'spool/main/media', spooled);
      return existsSync(file) ? shownFile(name, sha256(readFileSync(file))) : 'nothing';
    });
    return there.join() === shown.join() ? [] : [`${expected.id} has lost the bytes of ${shown.join()}`];
  });
}

/** What never changes of a message, its random ids above all. */
function identityOf(message: StoredMessage): string {
  const { id, seq, chat, content, randomIds, idempotencyKey, fingerprint, acceptedAt, expiresAt } = message;
  return JSON.stringify([
    id,
    seq,
    chat,
    content,
    randomIds,
    idempotencyKey,
    fingerprint,
    acceptedAt,
    expiresAt,
  ]);
}
