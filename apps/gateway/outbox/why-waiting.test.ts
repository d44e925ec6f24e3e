import { expect, it } from 'vitest';
import { reason } from '../../kit/reason.ts';
import { plainText } from '../model/formatted-text.ts';
import { anyStrangers } from '../pacing/strangers.ts';
import { unpaced } from '../pacing/pacer.ts';
import type { StoredMessage } from '../model/message.ts';
import { standingOfFreeze } from '../model/standing.ts';
import { whyWaiting, type Obstacles } from './why-waiting.ts';

const now = 100_000;
const message: StoredMessage = {
  id: 'm1',
  seq: 1,
  chat: '@anna',
  status: 'queued',
  content: { texts: [plainText('a')], options: {} },
  randomIds: ['1'],
  idempotencyKey: undefined,
  fingerprint: '',
  acceptedAt: 50_000,
  expiresAt: 1e12,
  notBefore: now + 9_000,
  attempts: 1,
  maybeSent: true,
  messageIds: [],
  sentAt: undefined,
  failure: undefined,
  troubles: {
    failures: 1,
    reason: { code: 'telegram_error', values: { name: 'INTERNAL', method: 'm', class: 'c' }, since: 60_000 },
  },
};
const gate = (scope: string, until: number) => ({ scope, until, reason: 'FLOOD_WAIT_9', since: 70_000 });
const account = (phase: 'ready' | 'frozen') =>
  ({ state: { phase, since: 40_000, standing: standingOfFreeze(undefined) } }) as Obstacles['account'];

/** Everything that can keep a message waiting, at once. */
const everything: Obstacles = {
  lanes: {
    storage: () => ({ failure: reason('disk_failed', { error: 'EIO' }), lockedSince: 90_000 }),
    firstOf: () => 'm0',
  },
  pausedSince: 80_000,
  account: account('frozen'),
  gates: {
    close: () => {},
    closed: () => [],
    closedFor: () => gate('method:messages.sendMessage', now + 5_000),
  },
  strangers: { ...anyStrangers, nextOf: () => now + 8_000 },
  turns: {
    ...unpaced,
    paceOf: () => ({ cause: { code: 'pace_chat', values: { rate: 1 } }, until: now + 1_000 }),
    rate: () => 12.345,
  },
  nextTurnAt: now + 500,
  active: { size: 4, has: () => true },
  concurrency: 4,
};

it('names the outermost of several reasons, with its own times, and none when nothing is left', () => {
  let [obstacles, waiting] = [everything, message];
  const named = () => whyWaiting(obstacles, waiting, now);
  const gone = (less: Partial<Obstacles>) => (obstacles = { ...obstacles, ...less });
  const lanes = { storage: () => ({ failure: undefined, lockedSince: undefined }), firstOf: () => 'm0' };
  // What began before the message was accepted has kept it since then.
  expect(named()).toMatchObject({ code: 'storage_failed', since: 50_000 });
  gone({ lanes: { ...lanes, storage: () => ({ failure: undefined, lockedSince: 90_000 }) } });
  expect(named()).toEqual({ code: 'storage_locked', values: {}, since: 90_000 });
  gone({ lanes });
  expect(named()).toMatchObject({ code: 'paused', since: 80_000 });
  gone({ pausedSince: undefined });
  expect(named()).toMatchObject({ code: 'account_frozen', since: 50_000 });
  gone({ account: account('ready') });
  expect(named()).toMatchObject({
    code: 'flood_wait',
    since: 70_000,
    until: now + 5_000,
    values: { method: 'messages.sendMessage', left_s: 5 },
  });
  gone({ gates: { ...everything.gates, closedFor: () => undefined } });
  waiting = { ...message, maybeSent: false };
  expect(named()).toMatchObject({ code: 'strangers_budget', values: { left_s: 8 }, until: now + 8_000 });
  waiting = message;
  expect(named()).toMatchObject({ code: 'earlier_message', values: { id: 'm0' } });
  gone({ lanes: { ...lanes, firstOf: () => 'm1' } });
  expect(named()).toMatchObject({ code: 'telegram_error', since: 60_000, until: now + 9_000 });
  waiting = { ...waiting, notBefore: 0 };
  expect(named()).toMatchObject({ code: 'pace_chat', until: now + 1_000 });
  gone({ turns: { ...unpaced, rate: () => 12.345 } });
  expect(named()).toMatchObject({ code: 'pace_account', values: { rate: 12.3 } });
  gone({ nextTurnAt: 0 });
  expect(named()).toMatchObject({ code: 'lookup', values: { chat: '@anna' } });
  waiting = { ...waiting, chat: '7' };
  expect(named()).toMatchObject({ code: 'telegram_error' });
  waiting = { ...waiting, troubles: undefined };
  expect(named()).toMatchObject({ code: 'unanswered' });
  waiting = { ...waiting, maybeSent: false };
  gone({ strangers: anyStrangers });
  expect(named()).toMatchObject({ code: 'busy', values: { count: 4 } });
  gone({ active: { size: 0, has: () => false } });
  expect(named()).toBeUndefined();
});

it('names none for one that is being sent, unless its call waits for a connection', () => {
  const sending: StoredMessage = { ...message, status: 'sending', maybeSent: false };
  const calm = {
    ...everything,
    lanes: { storage: () => ({ failure: undefined, lockedSince: undefined }), firstOf: () => 'm1' },
  };
  expect(whyWaiting({ ...calm, account: account('ready') }, sending, now)).toBeUndefined();
  expect(whyWaiting(calm, sending, now)).toMatchObject({ code: 'account_frozen' });
});
