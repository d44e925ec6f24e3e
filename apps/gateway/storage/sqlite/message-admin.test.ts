import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { plainText } from '../../model/formatted-text.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { openDatabase } from './database.ts';
import { openOutbox } from './sqlite-store.ts';
import { prepareStatements } from './statements.ts';
import type { MessageStatus, NewMessage, StoredMessage } from '../../model/message.ts';

const of = { account: 'main', gateway: 'text' };

function open(queueLimit = Infinity) {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  return { db, ...openOutbox(db, { ...of, queueLimit }) };
}

let count = 0;
function newMessage(changes: Partial<NewMessage> = {}): NewMessage {
  const content = { texts: [plainText('a')], options: {} };
  const always = { randomIds: ['42'], idempotencyKey: undefined, fingerprint: 'f' };
  return { id: `m${++count}`, chat: '1', content, ...always, acceptedAt: 1000, expiresAt: 9000, ...changes };
}

const failure = { class: 'banned', detail: 'banned' } as const;

/** A message of each status, in this order. */
async function one({ store, messageAdmin }: ReturnType<typeof open>, status: MessageStatus, chat = '1') {
  const { message } = await store.accept(
    newMessage({ chat, ...(status === 'expired' && { expiresAt: 1500 }) }),
  ).durable;
  if (status === 'sending') await store.claim([message], 0);
  if (status === 'sent') await store.settle(message, { status, messageIds: [1], sentAt: 2000 }, 2000);
  if (status === 'failed') await store.settle(message, { status, failure }, 2000);
  if (status === 'expired') await store.expire(2000, 10, undefined);
  if (status === 'cancelled') await messageAdmin.cancel([message.id], 2000);
  return store.find(message.id)!;
}

const ids = (messages: readonly StoredMessage[]) => messages.map(({ id }) => id);
const statuses = ['sending', 'queued', 'sent', 'failed', 'expired', 'cancelled'] as const;

describe('looking through the outbox', () => {
  it('lists the newest first, page by page, by status and by chat', async () => {
    const outbox = open();
    const all: StoredMessage[] = [];
    for (const chat of ['a', 'b'])
      for (const status of statuses) all.unshift(await one(outbox, status, chat));
    const { messageAdmin } = outbox;
    expect(all.map(({ status }) => status)).toEqual([...statuses, ...statuses].reverse());
    expect(ids(messageAdmin.list({}, 100))).toEqual(ids(all));
    const first = messageAdmin.list({}, 5);
    expect(ids([...first, ...messageAdmin.list({}, 100, first.at(-1)!.seq)])).toEqual(ids(all));
    expect(ids(messageAdmin.list({ chat: 'a' }, 100))).toEqual(ids(all.slice(6)));
    for (const status of statuses) {
      const those = all.filter((message) => message.status === status);
      expect(ids(messageAdmin.list({ status }, 100))).toEqual(ids(those));
      expect(ids(messageAdmin.list({ status, chat: 'b' }, 100))).toEqual(ids(those.slice(0, 1)));
    }
  });

  it('finds the head of a chat and what failed by an index of just those', () => {
    const { db } = open();
    const plan = (sql: string) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const of = `account = 'main' AND gateway = 'text'`;
    const { head, headOf } = prepareStatements(db);
    for (const { sourceSQL } of [head, headOf]) expect(plan(sourceSQL)).toMatch(/messages_open/);
    const unsent = `status IN ('failed', 'expired', 'cancelled')`;
    const failed = `SELECT * FROM messages WHERE ${of} AND seq < 9 AND status = 'failed' AND ${unsent} ORDER BY seq DESC`;
    expect(plan(failed)).toMatch(/messages_unsent/);
    expect(plan(failed)).not.toMatch(/TEMP B-TREE/);
  });

  it('finds a key, and what a caller sent, by an index of just those', () => {
    const { db } = open();
    const plan = (sql: string) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const { byKey, list } = prepareStatements(db);
    expect(plan(byKey.sourceSQL)).toMatch(/messages_idempotency/);
    const ofCaller = plan(list(undefined, ['caller']).sourceSQL);
    expect(ofCaller).toMatch(/messages_caller/);
    expect(ofCaller).not.toMatch(/TEMP B-TREE/);
  });
});

describe('tending the outbox', () => {
  it.each(statuses)('queues one that is %s again only when it failed or expired', async (status) => {
    const outbox = open();
    const message = await one(outbox, status);
    const retried = await outbox.messageAdmin.retry([message.id, 'unknown'], 12_000);
    if (status === 'failed' || status === 'expired') {
      const { id, seq, randomIds } = message;
      const again = { id, seq, randomIds, status: 'queued', expiresAt: 12_000, failure: undefined };
      expect(retried).toMatchObject([again]);
      expect(outbox.store.lanes(10)).toEqual([{ chat: '1', dueAt: 0 }]);
      expect(outbox.store.head('1')).toMatchObject(again);
    } else expect(retried).toEqual([]);
  });

  it.each(statuses)('cancels one that is %s only when it is queued', async (status) => {
    const outbox = open();
    const message = await one(outbox, status);
    const cancelled = await outbox.messageAdmin.cancel([message.id], 3000);
    expect(cancelled.map((each) => each.status)).toEqual(status === 'queued' ? ['cancelled'] : []);
    if (status === 'queued') expect(outbox.store.lanes(10)).toEqual([]);
  });

  it('does not cancel what was perhaps sent', async () => {
    const { store, messageAdmin } = open();
    const { message } = await store.accept(newMessage()).durable;
    await store.settle(message, { status: 'again', notBefore: 0, maybeSent: true, failure }, 1);
    expect(await messageAdmin.cancel([message.id], 2)).toEqual([]);
  });

  it('forgets what was settled long ago, oldest first, and nothing that waits', async () => {
    const outbox = open();
    for (const status of statuses) await one(outbox, status);
    const { store, messageAdmin } = outbox;
    expect(await messageAdmin.purge(2000, 10)).toEqual([]);
    expect((await messageAdmin.purge(2001, 2)).map(({ status }) => status)).toEqual(['sent', 'failed']);
    expect((await messageAdmin.purge(2001, 10)).map(({ status }) => status)).toEqual([
      'expired',
      'cancelled',
    ]);
    expect(await messageAdmin.purge(99_999, 10)).toEqual([]);
    expect(messageAdmin.list({}, 10).map(({ status }) => status)).toEqual(['queued', 'sending']);
    expect(store.queue().depth).toBe(2);
  });

  it('forgets the idempotency key with its message', async () => {
    const { store, messageAdmin } = open();
    const { message } = await store.accept(newMessage({ idempotencyKey: 'k' })).durable;
    await store.settle(message, { status: 'sent', messageIds: [1], sentAt: 1 }, 1);
    await messageAdmin.purge(5000, 10);
    expect(
      (await store.accept(newMessage({ idempotencyKey: 'k', fingerprint: 'other' })).durable).isNew,
    ).toBe(true);
  });
});

describe('the queue', () => {
  it('is counted through every change, and again at the next start', async () => {
    const outbox = open();
    const depths: number[] = [];
    for (const status of statuses) {
      await one(outbox, status);
      depths.push(outbox.store.queue().depth);
    }
    expect(depths).toEqual([1, 2, 2, 2, 2, 2]);
    const [failed] = outbox.messageAdmin.list({ status: 'failed' }, 1);
    await outbox.messageAdmin.retry([failed!.id], 12_000);
    expect(outbox.store.queue()).toEqual({ depth: 3, oldestAcceptedAt: 1000 });
    expect(openOutbox(outbox.db, { ...of, queueLimit: 10 }).store.queue().depth).toBe(3);
  });

  it('refuses more than its limit, but still answers a repeated request', async () => {
    const { store, messageAdmin } = open(2);
    const added = await Promise.allSettled(
      ['a', 'b', 'c'].map((idempotencyKey) => store.accept(newMessage({ idempotencyKey })).durable),
    );
    expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(added[2]).toMatchObject({ reason: { class: 'queue_full', status: 503, retryAfter: 10 } });
    expect((await store.accept(newMessage({ idempotencyKey: 'a' })).durable).isNew).toBe(false);
    expect(messageAdmin.room()).toBe(0);
    await messageAdmin.cancel(
      [(await store.accept(newMessage({ idempotencyKey: 'a' })).durable).message.id],
      1,
    );
    expect(messageAdmin.room()).toBe(1);
  });

  it('does not count what the disk had no room for', async () => {
    const { db, store } = open();
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const large = newMessage({ content: { texts: [plainText('x'.repeat(60_000))], options: {} } });
    await expect(store.accept(large).durable).rejects.toMatchObject({ class: 'storage_full' });
    expect(store.queue().depth).toBe(0);
  });
});
