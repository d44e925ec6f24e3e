import { describe, expect, it } from 'vitest';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { plainText } from '../model/formatted-text.ts';
import type { StoredMessage } from '../model/message.ts';
import { createWaiters } from './waiters.ts';

function message(changes: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: 'm1',
    seq: 1,
    chat: '7',
    randomIds: ['1'],
    idempotencyKey: undefined,
    fingerprint: 'f',
    content: { texts: [plainText('hello')], options: {} },
    status: 'queued',
    acceptedAt: 0,
    expiresAt: 0,
    notBefore: 0,
    attempts: 0,
    maybeSent: false,
    messageIds: [],
    sentAt: undefined,
    failure: undefined,
    ...changes,
  };
}

describe('callers that wait', () => {
  it('are told when their message is settled, and of no other', async () => {
    const clock = manualClock();
    const waiters = createWaiters(clock);
    const both = [waiters.wait('m1', 1_000).message, waiters.wait('m1', 1_000).message];
    waiters.settled(message({ id: 'm2', status: 'failed' }));
    waiters.settled(message({ status: 'sent' }));
    expect(await Promise.all(both)).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    expect(clock.sleepers()).toBe(0);
  });

  it('are told of a wait that ends after they would have gone, and wait on for a shorter one', async () => {
    const clock = manualClock();
    const waiters = createWaiters(clock);
    const short = waiters.wait('m1', 10_000).message;
    const long = waiters.wait('m1', 30_000).message;
    waiters.held(message({ notBefore: clock.now() + 20_000 }));
    expect(await short).toMatchObject({ notBefore: clock.now() + 20_000 });
    expect(clock.sleepers()).toBe(1);
    await clock.advance(20_000);
    waiters.settled(message({ status: 'sent' }));
    expect(await long).toMatchObject({ status: 'sent' });
  });

  it('go on without an answer when their time is over, when they are gone, and when the service stops', async () => {
    const clock = manualClock();
    const waiters = createWaiters(clock);
    const [late, gone] = [waiters.wait('m1', 1_000), waiters.wait('m2', 9_000)];
    await clock.advance(1_000);
    gone.leave();
    expect(await Promise.all([late.message, gone.message])).toEqual([undefined, undefined]);
    const stopped = waiters.wait('m3', 9_000).message;
    waiters.stop();
    expect(await stopped).toBeUndefined();
    expect(clock.sleepers()).toBe(0);
  });

  it('are not more than may wait at a time', async () => {
    const waiters = createWaiters(manualClock(), 1);
    const first = waiters.wait('m1', 1_000).message;
    expect(await waiters.wait('m1', 1_000).message).toBeUndefined();
    waiters.settled(message({ status: 'sent' }));
    expect(await first).toMatchObject({ status: 'sent' });
    const next = waiters.wait('m1', 1_000).message;
    waiters.settled(message({ status: 'sent' }));
    expect(await next).toMatchObject({ status: 'sent' });
  });
});
