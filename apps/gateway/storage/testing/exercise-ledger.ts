/**
 * Every promise of the ports of ledger.ts, as tests. A database that is to keep messages runs them all: it gives a fresh
 * one to each test.
 */
import { describe, expect, it } from 'vitest';
import { plainText } from '../../model/formatted-text.ts';
import { reason as said } from '../../../kit/reason.ts';
import {
  failureOf,
  untilKnown,
  type MessageStatus,
  type NewMessage,
  type StoredMessage,
} from '../../model/message.ts';
import type { Lanes, Ledger, MessageAdmin } from '../ledger.ts';

/** What a gateway opens for its messages. */
export interface LedgerParts {
  readonly ledger: Ledger;
  readonly messageAdmin: MessageAdmin;
  readonly lanes: Lanes;
}

/** Whose messages are opened; the gateway `text` of the account `main` with any number of them if nothing is said. */
export interface LedgerOf {
  readonly account?: string;
  readonly gateway?: string;
  readonly queueLimit?: number;
}

/** A database of a test's own; whoever gives it closes it. */
export interface DatabaseUnderTest {
  open(of?: LedgerOf): LedgerParts | Promise<LedgerParts>;
  /** Ends the process that has it, and begins another one. */
  restart(): void | Promise<void>;
}

const textContent = (text: string) => ({ texts: [plainText(text)], options: {} });
const mediaContent = (spooled: string) => ({
  media: [{ spooled, sizeBytes: 1, name: 'a', mimeType: 'image/png', kind: 'photo' as const }],
  caption: plainText(''),
  options: {},
});

let count = 0;
/** A text to chat 1 that expires 8 s after it was accepted. */
export function newMessage(changes: Partial<NewMessage> = {}): NewMessage {
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

const why = said('telegram_answered', { name: 'CHAT_WRITE_FORBIDDEN', method: 'messages.sendMessage' });
const failure = failureOf('write_forbidden', said('telegram_refused', { id: '1', chat: '1', reason: why }));
const unknown = { class: 'cannot_resolve', detail: 'not known yet' } as const;
const ids = (messages: readonly StoredMessage[]) => messages.map(({ id }) => id);
const statuses = ['sending', 'queued', 'sent', 'failed', 'expired', 'cancelled'] as const;

/** A message of a status. */
async function one({ ledger, messageAdmin }: LedgerParts, status: MessageStatus, chat = '1') {
  const { message } = await ledger.accept(
    newMessage({ chat, ...(status === 'expired' && { expiresAt: 1500 }) }),
  ).durable;
  if (status === 'sending') await ledger.claim([message], 0);
  if (status === 'sent') await ledger.settle(message, { status, messageIds: [1], sentAt: 2000 }, 2000);
  if (status === 'failed') await ledger.settle(message, { status, failure }, 2000);
  if (status === 'expired') await ledger.expire({ now: 2000, limit: 10 });
  if (status === 'cancelled') await messageAdmin.cancel([message.id], 2000);
  return (await ledger.find([message.id]))[0]!;
}

/** Runs the suite on what `start` gives. */
export function exerciseLedger(start: () => DatabaseUnderTest | Promise<DatabaseUnderTest>): void {
  const open = async (of?: LedgerOf) => (await start()).open(of);
  const setUp = async () => {
    const parts = await open();
    const add = async (chat: string): Promise<StoredMessage> =>
      (await parts.ledger.accept(newMessage({ chat, expiresAt: 9_000_000 })).durable).message;
    const dueAt = (chat: string) => parts.lanes.due(10).find((lane) => lane.chat === chat)?.dueAt;
    return { ...parts, add, dueAt };
  };

  describe('the ledger', () => {
    it('gives a message back as it was accepted, also after a restart', async () => {
      const database = await start();
      const { ledger } = await database.open();
      const accepting = ledger.accept(newMessage({ randomIds: ['9223372036854775807'] }));
      const { message, isNew } = await accepting.committed;
      expect(isNew).toBe(true);
      expect(message).toMatchObject({ status: 'queued', attempts: 0, seq: 1 });
      expect(await ledger.find([message.id, 'unknown'])).toEqual([message]);
      expect(await accepting.durable).toEqual({ message, isNew });
      await database.restart();
      const { ledger: anew } = await database.open();
      expect(await anew.find([message.id])).toEqual([message]);
      expect((await anew.accept(newMessage()).durable).message.seq).toBe(2);
    });

    it('claims what is ready as it is accepted, unless another message stands before it', async () => {
      const { ledger, lanes } = await open();
      const statusOf = async (chat: string, name?: string) =>
        (await ledger.accept(newMessage({ chat, name }), true).durable).message.status;
      expect(await statusOf('7')).toBe('sending');
      expect(await statusOf('7')).toBe('queued');
      await ledger.accept(newMessage({ chat: '@anna' })).durable; // It may be for any chat.
      expect(await statusOf('8')).toBe('queued');
      expect(lanes.due(10).map(({ chat }) => chat)).toEqual(['7', '@anna', '8']);
    });

    it('keeps the keys of callers apart, and knows one of nobody again for whoever repeats it', async () => {
      const { ledger } = await open();
      const of = (caller: string | undefined, fingerprint = 'f') => ({
        caller,
        idempotencyKey: 'k',
        fingerprint,
      });
      const a = await ledger.accept(newMessage(of('a'))).durable;
      const b = await ledger.accept(newMessage(of('b', 'g'))).durable;
      expect([await ledger.earlier(of('a')), await ledger.earlier(of('b', 'g'))]).toEqual([
        a.message,
        b.message,
      ]);
      expect(await ledger.earlier(of('c'))).toBeUndefined();
      await expect(ledger.earlier(of('a', 'g'))).rejects.toMatchObject({ class: 'idempotency_conflict' });
      const nobody = await ledger.accept(newMessage({ idempotencyKey: 'n' })).durable;
      expect(await ledger.earlier({ caller: 'a', idempotencyKey: 'n', fingerprint: 'f' })).toEqual(
        nobody.message,
      );
    });

    it('knows when it last took a message, and when the last of those sent was', async () => {
      const { ledger, lanes } = await open();
      expect(await ledger.latest()).toEqual({ acceptedAt: null, sentAt: null });
      for (const acceptedAt of [1_000, 2_000]) await ledger.accept(newMessage({ acceptedAt })).durable;
      const { claimed } = await ledger.claim([lanes.head(newMessage().chat)!], 3_000);
      await ledger.settle(claimed[0]!, { status: 'sent', messageIds: [7], sentAt: 3_500 }, 4_000);
      expect(await ledger.latest()).toEqual({ acceptedAt: 2_000, sentAt: 4_000 });
    });

    it('keeps gateways and accounts apart', async () => {
      const database = await start();
      const { message } = await (await database.open()).ledger.accept(newMessage()).durable;
      for (const of of [{ gateway: 'media' }, { account: 'other' }]) {
        const { ledger, lanes } = await database.open(of);
        expect(await ledger.find([message.id])).toEqual([]);
        expect(lanes.depth).toBe(0);
        expect(lanes.due(10)).toEqual([]);
      }
    });

    it('offers one lane a chat, the one that is due soonest first, with its messages in order', async () => {
      const { ledger, lanes } = await open();
      const [a1, a2, b1] = await Promise.all(
        [{ chat: 'a' }, { chat: 'a' }, { chat: 'b' }].map(
          async (of) => (await ledger.accept(newMessage(of)).durable).message,
        ),
      );
      expect(lanes.due(10).map(({ chat }) => chat)).toEqual(['a', 'b']);
      expect(lanes.head('a')?.id).toBe(a1!.id);
      await ledger.hold(a1!, 5000, failure);
      expect(lanes.due(10)).toEqual([
        { chat: 'b', dueAt: 0 },
        { chat: 'a', dueAt: 5000 },
      ]);
      await ledger.settle(a1!, { status: 'failed', failure }, 2000);
      expect(lanes.head('a')?.id).toBe(a2!.id);
      const [asItFailed] = await ledger.find([a1!.id]);
      expect(asItFailed!.failure).toEqual(failure);
      await ledger.settle(b1!, { status: 'sent', messageIds: [7], sentAt: 3000 }, 3000);
      expect(lanes.due(10)).toEqual([{ chat: 'a', dueAt: 0 }]);
      expect(await ledger.find([b1!.id])).toMatchObject([
        {
          status: 'sent',
          messageIds: [7],
          sentAt: 3000,
          failure: undefined,
        },
      ]);
    });

    it('answers the same key and request with the earlier message, and another request with a conflict', async () => {
      const { ledger, lanes } = await open();
      const first = await ledger.accept(newMessage({ idempotencyKey: 'k' })).durable;
      const [again, conflict] = await Promise.allSettled([
        ledger.accept(newMessage({ idempotencyKey: 'k' })).durable,
        ledger.accept(newMessage({ idempotencyKey: 'k', fingerprint: 'other' })).durable,
      ]);
      expect(again).toMatchObject({
        status: 'fulfilled',
        value: { isNew: false, message: { id: first.message.id } },
      });
      expect(conflict).toMatchObject({ status: 'rejected', reason: { class: 'idempotency_conflict' } });
      expect(lanes.depth).toBe(1);
    });

    it('takes a message that was being sent when the process died for perhaps sent', async () => {
      const { ledger } = await open();
      const { message } = await ledger.accept(newMessage()).durable;
      expect((await ledger.claim([message], 0)).claimed).toMatchObject([{ status: 'sending', attempts: 1 }]);
      expect(await ledger.recover()).toBe(1);
      expect(await ledger.find([message.id])).toMatchObject([{ status: 'queued', maybeSent: true }]);
    });

    it('expires what cannot have been sent, and nothing else', async () => {
      const { ledger, lanes } = await open();
      const expiring = (await ledger.accept(newMessage({ chat: 'a', expiresAt: 2000 })).durable).message;
      const perhapsSent = (await ledger.accept(newMessage({ chat: 'b', expiresAt: 2000 })).durable).message;
      await ledger.claim([perhapsSent], 0);
      await ledger.settle(perhapsSent, { status: 'again', notBefore: 0, maybeSent: true, failure }, 1500);
      await ledger.accept(newMessage({ chat: 'c', expiresAt: 2001 })).durable;
      expect(await ledger.expire({ now: 1999, limit: 10 })).toEqual([]);
      const reason = failureOf('session_lost', said('never_signed_in', { error: 'AUTH_KEY_UNREGISTERED' }));
      expect(await ledger.expire({ now: 2000, limit: 10, reason })).toMatchObject([
        { id: expiring.id, status: 'expired', failure: reason },
      ]);
      // What an attempt failed with is kept where nothing replaces it, and one that met nothing was only late.
      const tried = (await ledger.accept(newMessage({ chat: 'd', expiresAt: 2000 })).durable).message;
      await ledger.hold(tried, 1000, failure);
      await ledger.accept(newMessage({ chat: 'e', expiresAt: 2000 })).durable;
      const late = await ledger.expire({ now: 2000, limit: 10 });
      expect(late.map((each) => each.failure)).toEqual([
        failure,
        failureOf('expired', said('not_sent_in_time')),
      ]);
      expect(lanes.due(10).map(({ chat }) => chat)).toEqual(['b', 'c']);
      expect(lanes.depth).toBe(2);
    });

    it('never forgets, by a later answer, that a message was perhaps sent', async () => {
      const { ledger } = await open();
      const { message } = await ledger.accept(newMessage()).durable;
      await ledger.settle(message, { status: 'again', notBefore: 1, maybeSent: true, failure }, 1);
      await ledger.settle(message, { status: 'again', notBefore: 2, maybeSent: false, failure }, 2);
      expect(await ledger.find([message.id])).toMatchObject([{ maybeSent: true, notBefore: 2 }]);
    });

    it('names the spooled files that unsettled messages need', async () => {
      const { ledger } = await open({ gateway: 'media' });
      const kept = await ledger.accept(newMessage({ content: mediaContent('kept') })).durable;
      const sent = await ledger.accept(newMessage({ content: mediaContent('sent') })).durable;
      await ledger.settle(sent.message, { status: 'sent', messageIds: [1], sentAt: 1 }, 1);
      expect(await ledger.spooledFiles()).toEqual(new Set(['kept']));
      expect(kept.isNew).toBe(true);
    });
  });

  describe('looking through the ledger', () => {
    it('lists the newest first, page by page, by status and by chat', async () => {
      const parts = await open();
      const all: StoredMessage[] = [];
      for (const chat of ['a', 'b'])
        for (const status of statuses) all.unshift(await one(parts, status, chat));
      const { messageAdmin } = parts;
      expect(all.map(({ status }) => status)).toEqual([...statuses, ...statuses].reverse());
      expect(ids(await messageAdmin.list({}, 100))).toEqual(ids(all));
      const first = await messageAdmin.list({}, 5);
      expect(ids([...first, ...(await messageAdmin.list({}, 100, first.at(-1)!.seq))])).toEqual(ids(all));
      expect(ids(await messageAdmin.list({ chat: 'a' }, 100))).toEqual(ids(all.slice(6)));
      for (const status of statuses) {
        const those = all.filter((message) => message.status === status);
        expect(ids(await messageAdmin.list({ status }, 100))).toEqual(ids(those));
        expect(ids(await messageAdmin.list({ status, chat: 'b' }, 100))).toEqual(ids(those.slice(0, 1)));
      }
    });
  });

  describe('tending the ledger', () => {
    it.each(statuses)('queues one that is %s again only when it failed or expired', async (status) => {
      const parts = await open();
      const message = await one(parts, status);
      const retried = await parts.messageAdmin.retry([message.id, 'unknown'], 12_000);
      if (status === 'failed' || status === 'expired') {
        const { id, seq, randomIds } = message;
        const again = { id, seq, randomIds, status: 'queued', expiresAt: 12_000, failure: undefined };
        expect(retried).toMatchObject([again]);
        expect(parts.lanes.due(10)).toEqual([{ chat: '1', dueAt: 0 }]);
        expect(parts.lanes.head('1')).toMatchObject(again);
      } else expect(retried).toEqual([]);
    });

    it.each(statuses)('cancels one that is %s only when it is queued', async (status) => {
      const parts = await open();
      const message = await one(parts, status);
      const cancelled = await parts.messageAdmin.cancel([message.id], 3000);
      expect(cancelled.map((each) => each.status)).toEqual(status === 'queued' ? ['cancelled'] : []);
      if (status === 'queued') expect(parts.lanes.due(10)).toEqual([]);
    });

    it('does not cancel what was perhaps sent', async () => {
      const { ledger, messageAdmin } = await open();
      const { message } = await ledger.accept(newMessage()).durable;
      await ledger.settle(message, { status: 'again', notBefore: 0, maybeSent: true, failure }, 1);
      expect(await messageAdmin.cancel([message.id], 2)).toEqual([]);
    });

    it('cancels what was sent only as what Telegram held and gave back', async () => {
      const parts = await open();
      const [sent, failed] = [await one(parts, 'sent'), await one(parts, 'failed')];
      const cancelled = await parts.messageAdmin.cancelHeld([sent.id, failed.id], 3000);
      expect(cancelled).toMatchObject([{ id: sent.id, status: 'cancelled' }]);
    });

    it('forgets what was settled long ago, oldest first, and nothing that waits', async () => {
      const parts = await open();
      for (const status of statuses) await one(parts, status);
      const { messageAdmin, lanes } = parts;
      expect(await messageAdmin.purge(2000, 10)).toEqual([]);
      expect((await messageAdmin.purge(2001, 2)).map(({ status }) => status)).toEqual(['sent', 'failed']);
      expect((await messageAdmin.purge(2001, 10)).map(({ status }) => status)).toEqual([
        'expired',
        'cancelled',
      ]);
      expect(await messageAdmin.purge(99_999, 10)).toEqual([]);
      expect((await messageAdmin.list({}, 10)).map(({ status }) => status)).toEqual(['queued', 'sending']);
      expect(lanes.depth).toBe(2);
    });

    it('forgets the idempotency key with its message', async () => {
      const { ledger, messageAdmin } = await open();
      const { message } = await ledger.accept(newMessage({ idempotencyKey: 'k' })).durable;
      await ledger.settle(message, { status: 'sent', messageIds: [1], sentAt: 1 }, 1);
      await messageAdmin.purge(5000, 10);
      expect(
        (await ledger.accept(newMessage({ idempotencyKey: 'k', fingerprint: 'other' })).durable).isNew,
      ).toBe(true);
    });
  });

  describe('the queue', () => {
    it('is counted through every change, and again at the next start', async () => {
      const database = await start();
      const parts = await database.open();
      const depths: number[] = [];
      for (const status of statuses) {
        await one(parts, status);
        depths.push(parts.lanes.depth);
      }
      expect(depths).toEqual([1, 2, 2, 2, 2, 2]);
      const [failed] = await parts.messageAdmin.list({ status: 'failed' }, 1);
      await parts.messageAdmin.retry([failed!.id], 12_000);
      expect([parts.lanes.depth, parts.lanes.oldestAcceptedAt()]).toEqual([3, 1000]);
      await database.restart();
      expect((await database.open({ queueLimit: 10 })).lanes).toMatchObject({ depth: 3, room: 7 });
    });

    it('refuses more than its limit, but still answers a repeated request', async () => {
      const { ledger, messageAdmin, lanes } = await open({ queueLimit: 2 });
      const added = await Promise.allSettled(
        ['a', 'b', 'c'].map((idempotencyKey) => ledger.accept(newMessage({ idempotencyKey })).durable),
      );
      expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      expect(added[2]).toMatchObject({ reason: { class: 'queue_full', status: 503, retryAfter: 10 } });
      expect((await ledger.accept(newMessage({ idempotencyKey: 'a' })).durable).isNew).toBe(false);
      expect(lanes.room).toBe(0);
      await messageAdmin.cancel(
        [(await ledger.accept(newMessage({ idempotencyKey: 'a' })).durable).message.id],
        1,
      );
      expect(lanes.room).toBe(1);
    });
  });

  describe('the lanes', () => {
    it('put what was waiting under a name in line where it was accepted', async () => {
      const { ledger, lanes, add } = await setUp();
      const first = await add('@anna');
      const second = await add('7');
      const third = await add('@anna');
      await ledger.move('@anna', '7');
      const order: string[] = [];
      for (let head = lanes.head('7'); head; head = lanes.head('7')) {
        order.push(head.id);
        await ledger.settle(head, { status: 'failed', failure }, 0);
      }
      expect(order).toEqual([first.id, second.id, third.id]);
      expect(lanes.due(10)).toEqual([]);
    });

    it('leave what is being sent where it is when a lane is moved, and the moved one before what comes after', async () => {
      const { ledger, lanes, add } = await setUp();
      const named = await add('@anna');
      const beingSent = await add('7');
      await ledger.claim([beingSent], 0);
      await ledger.move('@anna', '7');
      expect(lanes.head('7')?.id).toBe(named.id);
      await ledger.settle(beingSent, { status: 'sent', messageIds: [1], sentAt: 0 }, 0);
      expect(lanes.head('7')?.id).toBe(named.id);
    });

    it('let no message be taken that another one has come before', async () => {
      const { ledger, add } = await setUp();
      await add('@anna');
      const later = await add('7');
      const [, claims] = await Promise.all([ledger.move('@anna', '7'), ledger.claim([later], 0)]);
      expect(claims.claimed).toEqual([]);
      expect(await ledger.find([later.id])).toMatchObject([{ status: 'queued' }]);
    });

    it('list the chats that wait to become known, and make them due when they are', async () => {
      const { ledger, lanes, add, dueAt } = await setUp();
      await add('8');
      await ledger.hold(await add('@anna'), untilKnown, unknown);
      expect(lanes.awaited()).toEqual(['@anna']);
      await ledger.release(['@anna']);
      expect(lanes.awaited()).toEqual([]);
      expect(dueAt('@anna')).toBe(0);
    });

    it('keep a chat due that became known, whatever happens to its other messages', async () => {
      const { ledger, messageAdmin, add, dueAt } = await setUp();
      await ledger.hold(await add('@anna'), untilKnown, unknown);
      const other = await add('@anna');
      await ledger.release(['@anna']);
      await messageAdmin.cancel([other.id], 0);
      expect(dueAt('@anna')).toBe(0);
    });

    it('are due for a message that was waited for when another was put before it, once that is gone', async () => {
      const { ledger, messageAdmin, lanes, add, dueAt } = await setUp();
      const earlier = await add('7');
      await ledger.settle(earlier, { status: 'failed', failure }, 0);
      await ledger.hold(await add('7'), untilKnown, unknown);
      await messageAdmin.retry([earlier.id], 9_000_000);
      expect(lanes.awaited()).toEqual([]);
      await ledger.settle(earlier, { status: 'failed', failure }, 0);
      expect(dueAt('7')).toBe(0);
    });

    it('make a chat due under its new name, though it was waited for under the old', async () => {
      const { ledger, add, dueAt } = await setUp();
      await ledger.hold(await add('@anna'), untilKnown, unknown);
      await ledger.move('@anna', '7');
      expect(dueAt('@anna')).toBeUndefined();
      expect(dueAt('7')).toBe(0);
    });

    it('keep for a moved message the wait that it has of its own', async () => {
      const { ledger, add, dueAt } = await setUp();
      await ledger.hold(await add('-40'), 5_000, failure);
      await ledger.move('-40', '-1000000000040');
      expect(dueAt('-1000000000040')).toBe(5_000);
    });

    it('remember of a message that failed whether a part of it is in the chat, also when it is retried', async () => {
      const { ledger, messageAdmin, add } = await setUp();
      const [whole, partly] = [await add('1'), await add('2')];
      await ledger.settle(whole, { status: 'failed', failure }, 0);
      await ledger.settle(partly, { status: 'failed', failure, maybeSent: true }, 0);
      await messageAdmin.retry([whole.id, partly.id], 1_000);
      const cancelled = await messageAdmin.cancel([whole.id, partly.id], 0);
      expect(cancelled.map(({ id }) => id)).toEqual([whole.id]);
    });

    it('take what could not be settled for perhaps sent, and let it wait like any other', async () => {
      const { ledger, messageAdmin, lanes, add, dueAt } = await setUp();
      const message = await add('1');
      await ledger.claim([message], 0);
      await ledger.hold(lanes.head('1')!, 5_000, failure);
      expect(dueAt('1')).toBe(5_000);
      const { claimed } = await ledger.claim([lanes.head('1')!], 5_000);
      expect(claimed).toMatchObject([{ maybeSent: true, attempts: 2 }]);
      await ledger.settle(claimed[0]!, { status: 'again', notBefore: 0, maybeSent: false, failure }, 0);
      expect(await messageAdmin.cancel([message.id], 0)).toEqual([]);
    });
  });
}
