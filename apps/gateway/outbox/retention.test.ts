import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../kit/log.ts';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { Ticker } from '../../kit/ticker.ts';
import { plainText } from '../model/formatted-text.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { startRetention } from './retention.ts';
import { createSpool } from '../media/spool.ts';
import { openLedger } from '../storage/sqlite/ledger.ts';

const dayMs = 86_400_000;
const failure = { class: 'banned', detail: 'banned' } as const;

describe('retention', () => {
  it('forgets settled messages and their files after their days, and lets what waits be', async () => {
    const folder = temporaryFolder();
    const db = openDatabase(join(folder, 'vestnik.db'));
    const { ledger, messageAdmin } = openLedger(db, { account: 'main', gateway: 'media' });
    const spool = createSpool(join(folder, 'spool'));
    const clock = manualClock();
    const add = async (id: string) => {
      const { name: spooled, sizeBytes } = await spool.write(Readable.from([Buffer.from(id)]));
      const media = [{ spooled, sizeBytes, name: id, mimeType: 'a/b', kind: 'document' as const }];
      const content = { media, caption: plainText(''), options: {} };
      const times = { acceptedAt: clock.now(), expiresAt: clock.now() + 60_000 };
      const rest = { randomIds: ['1'], idempotencyKey: undefined, fingerprint: 'f' };
      return (await ledger.accept({ id, chat: id, content, ...rest, ...times }).durable).message;
    };
    for (let index = 0; index < 250; index++) {
      await ledger.settle(await add(`failed${index}`), { status: 'failed', failure }, clock.now());
    }
    await add('waits');
    const log = createLogger('test', 'fatal');
    const retention = startRetention({
      messageAdmin,
      spool,
      clock,
      log,
      retainMs: 7 * dayMs,
      ticker: new Ticker(clock, log),
    });
    onTestFinished(async () => {
      await retention.stop();
      db.close();
    });
    const files = () => readdirSync(join(folder, 'spool')).length;

    await clock.advance(7 * dayMs - 60_000);
    expect(files()).toBe(251);
    await clock.advance(11 * 60_000);
    const later = async () => {
      await clock.advance(100); // Batches pause between them, and files are removed in real time.
      return files();
    };
    await expect.poll(later).toBe(1);
    expect(await ledger.find(['failed0', 'waits'])).toMatchObject([{ id: 'waits' }]);
  });
});

describe('the spool', () => {
  it('takes no more than its limit, counts what is removed, and counts again at the next start', async () => {
    const folder = join(temporaryFolder(), 'spool');
    const spool = createSpool(folder, 10);
    const write = (bytes: number, to = spool) => to.write(Readable.from([Buffer.alloc(bytes)]));
    const six = await write(6);
    await expect(write(5)).rejects.toMatchObject({ class: 'storage_full', status: 503, retryAfter: 60 });
    expect(readdirSync(folder)).toEqual([six.name]);
    await write(4);
    await spool.remove(six.name);
    await expect(write(7)).rejects.toMatchObject({ class: 'storage_full' });
    await write(6);
    await expect(write(1, createSpool(folder, 10))).rejects.toMatchObject({ class: 'storage_full' });
  });
});
