import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plainText } from '../model/formatted-text.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { openOutbox } from '../storage/sqlite/sqlite-store.ts';
import { untilKnown, type StoredMessage } from '../model/message.ts';

const unknown = { class: 'cannot_resolve', detail: 'not known yet' } as const;
const failure = { class: 'write_forbidden', detail: 'no' } as const;

function setUp() {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const { store, messageAdmin } = openOutbox(db, { account: 'main', gateway: 'text' });
  let count = 0;
  const add = async (chat: string): Promise<StoredMessage> => {
    const id = `m${++count}`;
    const content = { texts: [plainText(id)], options: {} };
    const times = { acceptedAt: 0, expiresAt: 9_000_000 };
    const key = { idempotencyKey: undefined, fingerprint: id };
    return (await store.accept({ ...times, ...key, id, chat, content, randomIds: [String(count)] }).durable)
      .message;
  };
  const dueAt = (chat: string) => store.lanes(10).find((lane) => lane.chat === chat)?.dueAt;
  return { store, messageAdmin, add, dueAt };
}

describe('the lanes of the outbox', () => {
  it('put what was waiting under a name in line where it was accepted', async () => {
    const { store, add } = setUp();
    const first = await add('@anna');
    const second = await add('7');
    const third = await add('@anna');
    await store.move('@anna', '7');
    const order: string[] = [];
    for (let head = store.head('7'); head; head = store.head('7')) {
      order.push(head.id);
      await store.settle(head, { status: 'failed', failure }, 0);
    }
    expect(order).toEqual([first.id, second.id, third.id]);
    expect(store.lanes(10)).toEqual([]);
  });

  it('leave what is being sent where it is when a lane is moved, and the moved one before what comes after', async () => {
    const { store, add } = setUp();
    const named = await add('@anna');
    const beingSent = await add('7');
    await store.claim([beingSent], 0);
    await store.move('@anna', '7');
    expect(store.head('7')?.id).toBe(named.id);
    await store.settle(beingSent, { status: 'sent', messageIds: [1], sentAt: 0 }, 0);
    expect(store.head('7')?.id).toBe(named.id);
  });

  it('let no message be taken that another one has come before', async () => {
    const { store, add } = setUp();
    await add('@anna');
    const later = await add('7');
    const [, claims] = await Promise.all([store.move('@anna', '7'), store.claim([later], 0)]);
    expect(claims.claimed).toEqual([]);
    expect(store.find(later.id)?.status).toBe('queued');
  });

  it('list the chats that wait to become known, and make them due when they are', async () => {
    const { store, add, dueAt } = setUp();
    await add('8');
    await store.hold(await add('@anna'), untilKnown, unknown);
    expect(store.awaited()).toEqual(['@anna']);
    await store.release(['@anna']);
    expect(store.awaited()).toEqual([]);
    expect(dueAt('@anna')).toBe(0);
  });

  it('keep a chat due that became known, whatever happens to its other messages', async () => {
    const { store, messageAdmin, add, dueAt } = setUp();
    await store.hold(await add('@anna'), untilKnown, unknown);
    const other = await add('@anna');
    await store.release(['@anna']);
    await messageAdmin.cancel([other.id], 0);
    expect(dueAt('@anna')).toBe(0);
  });

  it('are due for a message that was waited for when another was put before it, once that is gone', async () => {
    const { store, messageAdmin, add, dueAt } = setUp();
    const earlier = await add('7');
    await store.settle(earlier, { status: 'failed', failure }, 0);
    await store.hold(await add('7'), untilKnown, unknown);
    await messageAdmin.retry([earlier.id], 9_000_000);
    expect(store.awaited()).toEqual([]);
    await store.settle(earlier, { status: 'failed', failure }, 0);
    expect(dueAt('7')).toBe(0);
  });

  it('make a chat due under its new name, though it was waited for under the old', async () => {
    const { store, add, dueAt } = setUp();
    await store.hold(await add('@anna'), untilKnown, unknown);
    await store.move('@anna', '7');
    expect(dueAt('@anna')).toBeUndefined();
    expect(dueAt('7')).toBe(0);
  });

  it('keep for a moved message the wait that it has of its own', async () => {
    const { store, add, dueAt } = setUp();
    await store.hold(await add('-40'), 5_000, failure);
    await store.move('-40', '-1000000000040');
    expect(dueAt('-1000000000040')).toBe(5_000);
  });

  it('remember of a message that failed whether a part of it is in the chat, also when it is retried', async () => {
    const { store, messageAdmin, add } = setUp();
    const [whole, partly] = [await add('1'), await add('2')];
    await store.settle(whole, { status: 'failed', failure }, 0);
    await store.settle(partly, { status: 'failed', failure, maybeSent: true }, 0);
    await messageAdmin.retry([whole.id, partly.id], 1_000);
    const cancelled = await messageAdmin.cancel([whole.id, partly.id], 0);
    expect(cancelled.map(({ id }) => id)).toEqual([whole.id]);
  });

  it('take what could not be settled for perhaps sent, and let it wait like any other', async () => {
    const { store, messageAdmin, add, dueAt } = setUp();
    const message = await add('1');
    await store.claim([message], 0);
    await store.hold(store.head('1')!, 5_000, failure);
    expect(dueAt('1')).toBe(5_000);
    const { claimed } = await store.claim([store.head('1')!], 5_000);
    expect(claimed).toMatchObject([{ maybeSent: true, attempts: 2 }]);
    await store.settle(claimed[0]!, { status: 'again', notBefore: 0, maybeSent: false, failure }, 0);
    expect(await messageAdmin.cancel([message.id], 0)).toEqual([]);
  });
});
