import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished, describe, expect, it } from 'vitest';
import { plainText } from '../../model/formatted-text.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { openDatabase, type Database } from './database.ts';
import { inspectDatabase } from './inspect-database.ts';
import { migrations } from './migrations.ts';
import { openOutbox } from './sqlite-store.ts';
import type { NewMessage } from '../../model/message.ts';

function openStore(gateway = 'text') {
  const folder = temporaryFolder();
  const db = openDatabase(join(folder, 'vestnik.db'));
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return { db, store: openOutbox(db, { account: 'main', gateway }).store, file: join(folder, 'vestnik.db') };
}

const textContent = (text: string) => ({ texts: [plainText(text)], options: {} });
const mediaContent = (spooled: string) => ({
  media: [{ spooled, sizeBytes: 1, name: 'a', mimeType: 'image/png', kind: 'photo' as const }],
  caption: plainText(''),
  options: {},
});

let count = 0;
function newMessage(changes: Partial<NewMessage> = {}): NewMessage {
  return {
    id: `m${++count}`,
    chat: '1',
    content: textContent('hello'),
    randomIds: ['42'],
    idempotencyKey: undefined,
    fingerprint: 'f',
    acceptedAt: 1000,
    expiresAt: 9000,
    ...changes,
  };
}

const failure = { class: 'flood_wait', detail: 'wait' } as const;

describe('the store', () => {
  it('gives a message back as it was added, also after it was opened anew', async () => {
    const { db, store, file } = openStore();
    const { message, isNew } = await store.accept(newMessage({ randomIds: ['9223372036854775807'] })).durable;
    expect(isNew).toBe(true);
    expect(message).toMatchObject({ status: 'queued', attempts: 0, seq: 1 });
    expect(store.find(message.id)).toEqual(message);
    db.close();
    const again = openDatabase(file);
    onTestFinished(() => again.close());
    const reopened = openOutbox(again, { account: 'main', gateway: 'text' }).store;
    expect(reopened.find(message.id)).toEqual(message);
    expect((await reopened.accept(newMessage()).durable).message.seq).toBe(2);
  });

  it('knows when it last took a message, and when the last of those sent was', async () => {
    const { store } = openStore();
    expect(store.latest()).toEqual({ acceptedAt: null, sentAt: null });
    for (const acceptedAt of [1_000, 2_000]) await store.accept(newMessage({ acceptedAt })).durable;
    const { claimed } = await store.claim([store.head(newMessage().chat)!], 3_000);
    await store.settle(claimed[0]!, { status: 'sent', messageIds: [7], sentAt: 3_500 }, 4_000);
    expect(store.latest()).toEqual({ acceptedAt: 2_000, sentAt: 4_000 });
  });

  it('keeps gateways and accounts apart', async () => {
    const { db, store } = openStore('text');
    const { message } = await store.accept(newMessage()).durable;
    for (const [account, gateway] of [
      ['main', 'media'],
      ['other', 'text'],
    ] as const) {
      const other = openOutbox(db, { account, gateway }).store;
      expect(other.find(message.id)).toBeUndefined();
      expect(other.queue().depth).toBe(0);
      expect(other.lanes(10)).toEqual([]);
    }
  });

  it('offers one lane a chat, the one that is due soonest first, with its messages in order', async () => {
    const { store } = openStore();
    const [a1, a2, b1] = await Promise.all(
      [{ chat: 'a' }, { chat: 'a' }, { chat: 'b' }].map(
        async (of) => (await store.accept(newMessage(of)).durable).message,
      ),
    );
    expect(store.lanes(10).map(({ chat }) => chat)).toEqual(['a', 'b']);
    expect(store.head('a')?.id).toBe(a1!.id);
    await store.hold(a1!, 5000, failure);
    expect(store.lanes(10)).toEqual([
      { chat: 'b', dueAt: 0 },
      { chat: 'a', dueAt: 5000 },
    ]);
    await store.settle(a1!, { status: 'failed', failure }, 2000);
    expect(store.head('a')?.id).toBe(a2!.id);
    await store.settle(b1!, { status: 'sent', messageIds: [7], sentAt: 3000 }, 3000);
    expect(store.lanes(10)).toEqual([{ chat: 'a', dueAt: 0 }]);
    expect(store.find(b1!.id)).toMatchObject({
      status: 'sent',
      messageIds: [7],
      sentAt: 3000,
      failure: undefined,
    });
  });

  it('answers the same key and request with the earlier message, and another request with a conflict', async () => {
    const { store } = openStore();
    const first = await store.accept(newMessage({ idempotencyKey: 'k' })).durable;
    const [again, conflict] = await Promise.allSettled([
      store.accept(newMessage({ idempotencyKey: 'k' })).durable,
      store.accept(newMessage({ idempotencyKey: 'k', fingerprint: 'other' })).durable,
    ]);
    expect(again).toMatchObject({
      status: 'fulfilled',
      value: { isNew: false, message: { id: first.message.id } },
    });
    expect(conflict).toMatchObject({ status: 'rejected', reason: { class: 'idempotency_conflict' } });
    expect(store.queue().depth).toBe(1);
  });

  it('takes a message that was being sent when the process died for perhaps sent', async () => {
    const { store } = openStore();
    const { message } = await store.accept(newMessage()).durable;
    expect((await store.claim([message], 0)).claimed).toMatchObject([{ status: 'sending', attempts: 1 }]);
    expect(await store.recover()).toBe(1);
    expect(store.find(message.id)).toMatchObject({ status: 'queued', maybeSent: true });
  });

  it('expires what cannot have been sent, and nothing else', async () => {
    const { store } = openStore();
    const expiring = (await store.accept(newMessage({ chat: 'a', expiresAt: 2000 })).durable).message;
    const perhapsSent = (await store.accept(newMessage({ chat: 'b', expiresAt: 2000 })).durable).message;
    await store.claim([perhapsSent], 0);
    await store.settle(perhapsSent, { status: 'again', notBefore: 0, maybeSent: true, failure }, 1500);
    await store.accept(newMessage({ chat: 'c', expiresAt: 2001 })).durable;
    expect(await store.expire(1999, 10, undefined)).toEqual([]);
    const reason = { class: 'session_lost', detail: 'sign in' } as const;
    expect(await store.expire(2000, 10, reason)).toMatchObject([
      { id: expiring.id, status: 'expired', failure: reason },
    ]);
    expect(store.lanes(10).map(({ chat }) => chat)).toEqual(['b', 'c']);
    expect(store.queue().depth).toBe(2);
  });

  it('never forgets, by a later answer, that a message was perhaps sent', async () => {
    const { store } = openStore();
    const { message } = await store.accept(newMessage()).durable;
    await store.settle(message, { status: 'again', notBefore: 1, maybeSent: true, failure }, 1);
    await store.settle(message, { status: 'again', notBefore: 2, maybeSent: false, failure }, 2);
    expect(store.find(message.id)).toMatchObject({ maybeSent: true, notBefore: 2 });
  });

  it('names the spooled files that unsettled messages need', async () => {
    const { store } = openStore('media');
    const kept = await store.accept(newMessage({ content: mediaContent('kept') })).durable;
    const sent = await store.accept(newMessage({ content: mediaContent('sent') })).durable;
    await store.settle(sent.message, { status: 'sent', messageIds: [1], sentAt: 1 }, 1);
    expect(store.spooledFiles()).toEqual(new Set(['kept']));
    expect(kept.isNew).toBe(true);
  });

  it('refuses new messages as storage_full when the disk is full, and keeps the old', async () => {
    const { db, store } = openStore();
    const kept = (await store.accept(newMessage()).durable).message;
    limitTo(db, pagesOf(db) + 8);
    const small = Array.from({ length: 3 }, () => store.accept(newMessage()).durable);
    const large = store.accept(newMessage({ content: textContent('x'.repeat(60_000)) })).durable;
    for (const added of [...small, large]) {
      await expect(added).rejects.toMatchObject({ class: 'storage_full', status: 503, retryAfter: 60 });
    }
    expect(store.find(kept.id)).toEqual(kept);
    limitTo(db, 1_000_000);
    expect((await store.accept(newMessage()).durable).isNew).toBe(true);
  });
});

function pagesOf(db: Database): number {
  return (db.prepare('PRAGMA page_count').get() as { page_count: number }).page_count;
}

function limitTo(db: Database, pages: number): void {
  db.exec(`PRAGMA max_page_count = ${pages}`);
}

describe('the database', () => {
  it('of a newer version is refused before anything is written, with what to install or restore', () => {
    const { db, file } = openStore();
    db.exec('PRAGMA user_version = 999');
    db.close();
    const advice = new RegExp(
      `newer version of Vestnik \\(schema 999, this version knows ${migrations.length}\\): ` +
        'install that version again, or .* restore a backup made before the upgrade',
    );
    expect(() => openDatabase(file)).toThrow(advice);
    expect(() => inspectDatabase(file, 'sandbox')).toThrow(advice);
    const kept = new DatabaseSync(file, { readOnly: true });
    expect(kept.prepare('PRAGMA user_version').get()).toEqual({ user_version: 999 });
    kept.close();
  });

  it('in a folder that cannot be made is refused, naming the setting', () => {
    const { file } = openStore();
    expect(() => openDatabase(join(file, 'below-a-file', 'vestnik.db'))).toThrow(
      /cannot use the database.*DATA_DIR/,
    );
  });

  it('that is damaged or something else is refused in one line', () => {
    const { db, file } = openStore();
    db.close();
    writeFileSync(file, 'this is no database, '.repeat(500));
    expect(() => openDatabase(file)).toThrow(/cannot use the database .*not a database; move DATA_DIR aside/);
  });

  it('that another process holds is a storage_failed that keeps nothing, and heals by itself', async () => {
    const { store, file } = openStore();
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await expect(store.accept(newMessage()).durable).rejects.toMatchObject({
      class: 'storage_failed',
      status: 503,
    });
    other.exec('ROLLBACK');
    expect((await store.accept(newMessage()).durable).isNew).toBe(true);
    expect(store.queue().depth).toBe(1);
  });
});
