import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { plainText } from '../../model/formatted-text.ts';
import { exerciseLedger, newMessage } from '../testing/exercise-ledger.ts';
import { openDatabase } from './database.ts';
import { openLedger } from './ledger.ts';
import { prepareStatements } from './statements.ts';

function openFile() {
  const file = join(temporaryFolder(), 'vestnik.db');
  let db = openDatabase(file);
  onTestFinished(() => db.close());
  const restart = () => {
    db.close();
    db = openDatabase(file);
  };
  return { file, db: () => db, restart };
}

exerciseLedger(() => {
  const { db, restart } = openFile();
  return {
    open: (of) => openLedger(db(), { account: 'main', gateway: 'text', ...of }),
    restart,
  };
});

describe('the ledger in SQLite', () => {
  const open = () => {
    const { file, db } = openFile();
    return { file, db: db(), ...openLedger(db(), { account: 'main', gateway: 'text' }) };
  };
  const large = () => newMessage({ content: { texts: [plainText('x'.repeat(60_000))], options: {} } });

  it('refuses new messages as storage_full when the disk is full, keeps the old, and counts no other', async () => {
    const { db, ledger, lanes } = open();
    const kept = (await ledger.accept(newMessage()).durable).message;
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages + 8}`);
    for (const { durable } of [newMessage(), newMessage(), newMessage(), large()].map((each) =>
      ledger.accept(each),
    )) {
      await expect(durable).rejects.toMatchObject({ class: 'storage_full', status: 503, retryAfter: 60 });
    }
    expect(await ledger.find([kept.id])).toEqual([kept]);
    expect(lanes.depth).toBe(1);
    db.exec('PRAGMA max_page_count = 1000000');
    expect((await ledger.accept(newMessage()).durable).isNew).toBe(true);
  });

  it('is a storage_failed that keeps nothing while another process holds the database, and heals by itself', async () => {
    const { file, ledger, lanes } = open();
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const { committed, durable } = ledger.accept(newMessage());
    await expect(durable).rejects.toMatchObject({ class: 'storage_failed', status: 503 });
    await expect(committed).rejects.toMatchObject({ class: 'storage_failed' });
    other.exec('ROLLBACK');
    expect((await ledger.accept(newMessage()).durable).isNew).toBe(true);
    expect(lanes.depth).toBe(1);
  });

  it('finds the head of a chat, what failed, a key, and what a caller sent by an index of just those', () => {
    const { db } = open();
    const plan = (sql: string) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const { head, headOf, byKey, list } = prepareStatements(db);
    for (const { sourceSQL } of [head, headOf]) expect(plan(sourceSQL)).toMatch(/messages_open/);
    expect(plan(byKey.sourceSQL)).toMatch(/messages_idempotency/);
    const [failed, ofCaller] = [list('failed', []), list(undefined, ['caller'])].map(({ sourceSQL }) =>
      plan(sourceSQL),
    );
    expect(failed).toMatch(/messages_unsent/);
    expect(ofCaller).toMatch(/messages_caller/);
    for (const each of [failed, ofCaller]) expect(each).not.toMatch(/TEMP B-TREE/);
  });
});
