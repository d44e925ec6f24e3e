import { expect, it } from 'vitest';
import type { Reason } from '../model/reasons.ts';
import type { StoredMessage } from '../model/message.ts';
import { Unexplained } from './unexplained.ts';

it('tells since when one and the same message has waited for nothing', () => {
  const waiting = { first: 'a', reason: undefined as Reason | undefined };
  const unexplained = new Unexplained({
    lanes: {
      depth: 1,
      due: () => [{ chat: '7', dueAt: 0 }],
      head: () => ({ id: waiting.first, status: 'queued' }) as StoredMessage,
    },
    reasonOf: () => waiting.reason,
  });
  const sinceAt = (now: number) => {
    unexplained.look(now);
    return unexplained.since;
  };
  expect([sinceAt(1_000), sinceAt(2_000)]).toEqual([1_000, 1_000]);
  waiting.first = 'b';
  expect(sinceAt(3_000)).toBe(3_000);
  waiting.reason = { code: 'paused', values: {}, since: 0 };
  expect(sinceAt(4_000)).toBeUndefined();
});
