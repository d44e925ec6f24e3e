import { describe, expect, it } from 'vitest';
import { compare, type Comparison } from './compare.ts';
import type { Delivered, Followed } from './messages.ts';

function message(number: number, more: Partial<Followed> = {}): Followed {
  return {
    number,
    phase: 'only',
    afterMs: 0,
    gateway: 'text',
    chatId: '-1',
    recipient: 'known',
    waitSeconds: 1,
    askedAt: number * 1000,
    lastAskedAt: number * 1000,
    asks: 1,
    answeredAt: number * 1000 + 5,
    httpStatus: 200,
    id: `id-${number}`,
    state: 'sent',
    class: undefined,
    rank: number,
    ...more,
  };
}

const refusal = (className: string, more: Partial<Followed> = {}): Partial<Followed> => ({
  httpStatus: 404,
  id: undefined,
  state: 'refused',
  class: className,
  rank: undefined,
  ...more,
});

function delivered(...numbers: number[]): Delivered[] {
  return numbers.map((number, index) => ({ number, chatId: '-1', at: index }));
}

/** The numbers of the messages in each list that is not empty. */
function found(
  messages: Followed[],
  deliveries: Delivered[],
  bannedAt: Record<string, number> = {},
): Record<string, number[]> {
  const comparison: Comparison = compare(messages, deliveries, new Map(Object.entries(bannedAt)));
  const lists = Object.entries(comparison) as [string, (Followed | number)[]][];
  const numbers = lists.map(([name, list]): [string, number[]] => [
    name,
    list.map((each) => (typeof each === 'number' ? each : each.number)),
  ]);
  return Object.fromEntries(numbers.filter(([, list]) => list.length > 0));
}

describe('comparing what callers were told with what was delivered', () => {
  it('finds nothing where all arrived once, in order', () => {
    expect(found([message(1), message(2), message(3)], delivered(1, 2, 3))).toEqual({});
  });

  it('notices a message that is said to be sent and was not delivered', () => {
    expect(found([message(1), message(2)], delivered(1))).toEqual({ lost: [2], undelivered: [2] });
  });

  it('notices an accepted message that its gateway has forgotten', () => {
    const forgotten = message(1, { httpStatus: 202, state: 'unknown' });
    expect(found([forgotten], [])).toEqual({ lost: [1], undelivered: [1] });
  });

  it('notices a message that still waits, and one that nobody answered', () => {
    const waiting = message(1, { httpStatus: 202, state: 'queued' });
    const unanswered = message(2, { ...refusal('x'), state: 'unanswered', answeredAt: undefined });
    expect(found([waiting, unanswered], [])).toEqual({ unsettled: [1, 2], undelivered: [1, 2] });
  });

  it('notices every repetition', () => {
    expect(found([message(1), message(2)], delivered(1, 2, 1, 1))).toEqual({ repeated: [1, 1] });
  });

  it('notices a refusal that was delivered all the same', () => {
    const expired = message(1, { state: 'expired', class: 'expired' });
    expect(found([expired], delivered(1))).toEqual({ contradicted: [1] });
  });

  it('notices a message that overtook an earlier one of its chat', () => {
    expect(found([message(1), message(2), message(3)], delivered(2, 1, 3))).toEqual({ outOfOrder: [2] });
  });

  it('takes the order of acceptance, not that of asking, and each chat and gateway for itself', () => {
    const swapped = [message(1, { rank: 2 }), message(2, { rank: 1 })];
    expect(found(swapped, delivered(2, 1))).toEqual({});
    expect(found([message(1), message(2, { chatId: '-2' })], delivered(2, 1))).toEqual({});
    expect(found([message(1), message(2, { gateway: 'media' })], delivered(2, 1))).toEqual({});
  });

  it('takes a resolvable message that was refused for undelivered', () => {
    expect(found([message(1, refusal('queue_full'))], [])).toEqual({ undelivered: [1] });
  });

  it('wants of a chat that nobody knows the class that says so', () => {
    const unknown = (className: string) => message(1, { ...refusal(className), recipient: 'unknown' });
    expect(found([unknown('cannot_resolve')], [])).toEqual({});
    expect(found([unknown('telegram_error')], [])).toEqual({ misanswered: [1] });
    expect(found([message(1, { recipient: 'unknown' })], delivered(1))).toEqual({ misanswered: [1] });
  });

  it('wants of a banned chat the class that says so, and lets one asked for before end either way', () => {
    const bannedAt = { '-1': 1500 };
    const early = message(1, refusal('banned', { state: 'failed', id: 'id-1' }));
    const late = message(2, refusal('banned', { state: 'failed', id: 'id-2' }));
    expect(found([early, late], [], bannedAt)).toEqual({});
    expect(found([message(1), late], delivered(1), bannedAt)).toEqual({});
    expect(found([message(1), message(2)], delivered(1, 2), bannedAt)).toEqual({ misanswered: [2] });
    expect(found([message(1, refusal('expired')), late], [], bannedAt)).toEqual({ undelivered: [1] });
  });
});
