import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scheduled, type ScheduledMessage } from './scheduled.ts';

const second = 1000;

let scheduled: Scheduled;
let due: string[];
beforeEach(() => {
  vi.useFakeTimers();
  due = [];
  scheduled = new Scheduled({ floor: 0, use: (number) => number });
  scheduled.onDue = (messages) => void due.push(messages.map(({ text }) => text).join('+'));
});
afterEach(() => {
  scheduled.close();
  vi.useRealTimers();
});

it('hands messages over when their time comes, those of one chat together', () => {
  add(-1n, 20, 'a');
  add(-1n, 20, 'b');
  add(-2n, 20, 'c');
  add(-1n, 40, 'd');
  vi.advanceTimersByTime(19_999);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(due).toEqual(['a+b', 'c']);
  vi.advanceTimersByTime(20_000);
  expect(due).toEqual(['a+b', 'c', 'd']);
  expect(vi.getTimerCount()).toBe(0);
});

it('waits for months, and for good where the date is that of being online', () => {
  add(-1n, 60 * 86_400, 'spring');
  add(-1n, Infinity, 'online');
  vi.advanceTimersByTime(61 * 86_400 * second);
  expect(due).toEqual(['spring']);
  expect(scheduled.ofChat(1n, -1n).map(({ text }) => text)).toEqual(['online']);
});

it('takes a hundred in a chat, and none of the year after next', () => {
  for (let count = 0; count < 100; count++) add(-1n, 60, 'x');
  expect(scheduled.problemOf(1n, -1n, Date.now(), 1)).toBe('SCHEDULE_TOO_MUCH');
  expect(scheduled.problemOf(1n, -2n, Date.now(), 1)).toBeUndefined();
  expect(scheduled.problemOf(1n, -2n, Date.now() + 400 * 86_400 * second, 1)).toBe('SCHEDULE_DATE_TOO_LATE');
});

function add(chatId: bigint, inSeconds: number, text: string): void {
  const scheduledFor = Date.now() + inSeconds * second;
  const messageId = scheduled.nextId(1n, chatId);
  const message: ScheduledMessage = {
    number: 0,
    account: 1n,
    chatId,
    messageId,
    randomId: BigInt(messageId),
    at: scheduledFor,
    text,
    pts: 0,
    silent: false,
    entities: undefined,
    replyTo: undefined,
    media: undefined,
    scheduledFor,
  };
  scheduled.add(message);
}
