import { describe, expect, it } from 'vitest';
import { judge, TelegramError } from './errors.ts';

describe('a Telegram error', () => {
  it.each([
    ['FLOOD_WAIT_26', 'FLOOD_WAIT', 26],
    ['USER_BANNED_IN_CHANNEL', 'USER_BANNED_IN_CHANNEL', undefined],
    ['FILE_PART_7_MISSING', 'FILE_PART_7_MISSING', undefined],
    ['2FA_CONFIRM_WAIT_3600', '2FA_CONFIRM_WAIT', 3600],
  ])('%s is type %s with argument %s', (name, type, argument) => {
    expect(new TelegramError(420, name)).toMatchObject({ type, argument });
  });
});

describe('judging', () => {
  it.each([
    [420, 'FLOOD_WAIT_26', { class: 'flood_wait', action: 'wait', scope: 'method', waitMs: 26_000 }],
    [420, 'FLOOD_PREMIUM_WAIT_3', { class: 'flood_wait', action: 'wait', scope: 'method', waitMs: 3_000 }],
    [420, 'FLOOD_WAIT_0', { class: 'flood_wait', action: 'wait', scope: 'method', waitMs: 1_000 }],
    [420, 'SLOWMODE_WAIT_30', { class: 'slow_mode', action: 'wait', scope: 'chat', waitMs: 30_000 }],
    [400, 'PEER_FLOOD', { class: 'peer_flood', action: 'wait', scope: 'account' }],
    [400, 'USER_BANNED_IN_CHANNEL', { class: 'banned', action: 'final' }],
    [403, 'CHAT_WRITE_FORBIDDEN', { class: 'write_forbidden', action: 'final' }],
    [400, 'PEER_ID_INVALID', { class: 'cannot_resolve', action: 'final' }],
    [401, 'AUTH_KEY_UNREGISTERED', { class: 'session_lost', action: 'session' }],
    [401, 'SESSION_REVOKED', { class: 'session_lost', action: 'session' }],
    [406, 'AUTH_KEY_DUPLICATED', { class: 'session_lost', action: 'session' }],
    [500, 'RPC_CALL_FAIL', { class: 'telegram_unavailable', action: 'retry', maybeDone: false }],
    [500, 'RANDOM_ID_DUPLICATE', { class: 'telegram_unavailable', action: 'retry', maybeDone: true }],
    [-503, 'Timedout', { class: 'telegram_unavailable', action: 'retry', maybeDone: true }],
    [400, 'FILE_PART_7_MISSING', { class: 'telegram_unavailable', action: 'retry' }],
    [400, 'SOMETHING_NEW', { class: 'telegram_error', action: 'final' }],
  ])('%i %s', (code, name, verdict) => {
    expect(judge(new TelegramError(code, name))).toMatchObject(verdict);
  });
});
