import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sentence } from '../../../kit/reason.ts';
import { manualClock, settle } from '../../../kit/testing/manual-clock.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { createCallbackTable } from './callback-table.ts';
import { Database, openDatabase } from './database.ts';
import { createDialogSyncTable } from './dialog-sync-table.ts';
import { createGateStore } from './gate-store.ts';
import { createNameTable } from './name-table.ts';
import { createPeerTable } from './peer-table.ts';
import { openLedger } from './ledger.ts';
import type { PendingCallback } from '../tables.ts';

/** A disk that syncs when the test says so. */
class SlowDisk extends Database {
  readonly syncs: PromiseWithResolvers<void>[] = [];

  override sync(): Promise<void> {
    const asked = Promise.withResolvers<void>();
    this.syncs.push(asked);
    return asked.promise;
  }
}

function createHarness() {
  const clock = manualClock();
  const db = new SlowDisk(join(temporaryFolder(), 'vestnik.db'), { clock });
  onTestFinished(() => db.close());
  db.exec('CREATE TABLE words (word TEXT)');
  const { commits } = db;
  const said: string[] = [];
  const work = (word: string) => () => (db.prepare('INSERT INTO words VALUES (?)').run(word), word);
  const say = (writing: Promise<string>, how: string) =>
    writing.then(
      (word) => said.push(`${word} ${how}`),
      (error: Error) => said.push(`refused: ${error.message}`),
    );
  const write = (word: string) => {
    const { committed, durable } = commits.writeAhead(work(word));
    committed.then(
      (value) => said.push(`${value} committed`),
      () => {},
    );
    return say(durable, 'kept');
  };
  const writeLate = (word: string) => say(commits.write(work(word), { canBeLate: true }), 'kept');
  const words = () =>
    db
      .prepare('SELECT word FROM words')
      .all()
      .map(({ word }) => word);
  return { db, clock, commits, said, write, writeLate, words };
}

it('a write is told of once it is committed, and resolves once it is on the disk', async () => {
  const { db, said, write, words } = createHarness();
  void write('a');
  void write('b');
  await settle();
  expect(words()).toEqual(['a', 'b']);
  expect(said).toEqual(['a committed', 'b committed']);
  db.syncs[0]!.resolve();
  await settle();
  expect(said.slice(2)).toEqual(['a kept', 'b kept']);
  expect(db.syncs).toHaveLength(1);
});

it('what comes while the disk syncs shares the next transaction', async () => {
  const { db, said, write, writeLate, words } = createHarness();
  void write('a');
  await settle();
  void write('b');
  void writeLate('c');
  await settle();
  expect(words()).toEqual(['a']);
  db.syncs[0]!.resolve();
  await settle();
  expect(words()).toEqual(['a', 'b', 'c']);
  expect(db.syncs).toHaveLength(2);
  expect(said).toContain('c kept'); // It can be late, and need not wait for what it came with.
  expect(said).not.toContain('b kept');
});

it('what can be late is synced a tenth of a second later, unless something was meanwhile', async () => {
  const { db, clock, said, write, writeLate } = createHarness();
  void writeLate('a');
  await settle();
  expect(said).toEqual(['a kept']);
  expect(db.syncs).toHaveLength(0);
  await clock.advance(100);
  expect(db.syncs).toHaveLength(1);
  db.syncs[0]!.resolve();
  void writeLate('b');
  await settle();
  void write('c');
  await settle();
  db.syncs[1]!.resolve();
  await clock.advance(1_000);
  expect(db.syncs).toHaveLength(2);
});

it('when the disk fails, what was being synced is not certain, and nothing is written any more', async () => {
  const { db, commits, said, write, words } = createHarness();
  void write('a');
  await settle();
  expect(commits.failure).toBeUndefined();
  db.syncs[0]!.reject(new Error('EIO: i/o error'));
  await settle();
  void write('b');
  await settle();
  expect(words()).toEqual(['a']);
  expect(sentence(commits.failure!)).toContain('EIO: i/o error');
  const refused = said.filter((each) => each.includes('refused'));
  expect(refused).toHaveLength(2);
  for (const each of refused) expect(each).toContain('may be kept and sent');
});

it('is one for all tables: once the disk has failed for one of them, none is written', async () => {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const { ledger } = openLedger(db, { account: 'main', gateway: 'text' });
  const callbacks = createCallbackTable(db, 'main', 'text');
  const peers = createPeerTable(db, 'main');
  const walks = createDialogSyncTable(db, 'main');
  const names = createNameTable(db, 'main', { perMinute: 3, perDay: 50 });
  const gates = createGateStore(db, 'main');
  const tried = () =>
    callbacks.tried({ id: 'a', message: { seq: 1 } } as PendingCallback, { state: 'delivered' });
  await tried();
  db.sync = () => Promise.reject(new Error('EIO: i/o error'));
  await expect(ledger.kept()).rejects.toThrow('EIO');
  db.sync = () => Promise.resolve();
  const written = () => db.prepare('SELECT total_changes() AS rows').get();
  const before = written();
  for (const write of [tried, () => ledger.kept(), () => ledger.takeTurn('7', 0)])
    await expect(write()).rejects.toMatchObject({ class: 'storage_failed' });
  expect(() => peers.meet(['7'])).toThrow('readonly');
  expect(() => walks.request(0)).toThrow('readonly');
  expect(() => names.take('@anna', 0)).toThrow('readonly');
  gates.close({ scope: 'chat:7', until: 9_000, reason: 'FLOOD_WAIT_9' }, 0);
  expect(gates.closed(0)).toMatchObject([{ scope: 'chat:7' }]); // It is closed all the same.
  expect(written()).toEqual(before);
});
