import { describe, expect, it } from 'vitest';
import { telegramErrors } from './telegram-error-table.ts';
import { isKnown, judge, saysNobody, TelegramError } from './telegram-error.ts';

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
    [
      420,
      'FLOOD_WAIT_26',
      { class: 'flood_wait', message: 'waits', gate: { scope: 'method', waitMs: 26_000 } },
    ],
    [420, 'FLOOD_PREMIUM_WAIT_3', { class: 'flood_wait', gate: { scope: 'method', waitMs: 3_000 } }],
    [420, 'FLOOD_WAIT_0', { class: 'flood_wait', gate: { scope: 'method', waitMs: 1_000 } }],
    [
      420,
      'FLOOD_SKIP_FAILED_WAIT',
      { message: 'waits', gate: { scope: 'method', waitMs: 1_000, grows: true } },
    ],
    [420, 'SLOWMODE_WAIT_30', { class: 'slow_mode', gate: { scope: 'chat', waitMs: 30_000 } }],
    [400, 'PEER_FLOOD', { class: 'peer_flood', message: 'waits', gate: { scope: 'strangers' } }],
    [420, 'FROZEN_METHOD_INVALID', { class: 'account_frozen', message: 'waits', account: 'frozen' }],
    [420, 'PREMIUM_SUB_ACTIVE_UNTIL_1893456000', { message: 'failed' }],
    [400, 'USER_BANNED_IN_CHANNEL', { class: 'banned', message: 'failed' }],
    [403, 'CHAT_WRITE_FORBIDDEN', { class: 'write_forbidden', message: 'failed' }],
    [403, 'CHAT_SEND_VIDEOS_FORBIDDEN', { class: 'write_forbidden', message: 'failed' }],
    [403, 'CHAT_GUEST_SEND_FORBIDDEN', { class: 'write_forbidden', message: 'failed' }],
    [400, 'TOPIC_CLOSED', { class: 'write_forbidden', message: 'failed' }],
    [400, 'VOICE_MESSAGES_FORBIDDEN', { class: 'privacy', message: 'failed' }],
    [403, 'ALLOW_PAYMENT_REQUIRED_50', { class: 'privacy', message: 'failed' }],
    [400, 'PEER_ID_INVALID', { class: 'cannot_resolve', message: 'failed' }],
    [400, 'PHOTO_EXT_INVALID', { class: 'media_invalid', message: 'failed' }],
    [401, 'AUTH_KEY_UNREGISTERED', { class: 'session_lost', message: 'waits', account: 'unconfirmed' }],
    [401, 'SESSION_REVOKED', { class: 'session_lost', message: 'waits', account: 'revoked' }],
    [401, 'USER_DEACTIVATED_BAN', { class: 'session_lost', account: 'banned' }],
    [406, 'AUTH_KEY_DUPLICATED', { class: 'session_lost', account: 'used_twice' }],
    [400, 'CONNECTION_NOT_INITED', { message: 'again', account: 'uninitialized' }],
    [303, 'USER_MIGRATE_4', { message: 'again', account: 'elsewhere' }],
    [500, 'RPC_CALL_FAIL', { class: 'telegram_unavailable', message: 'unknown' }],
    [500, 'INTERDC_2_CALL_ERROR', { class: 'telegram_unavailable', message: 'unknown' }],
    [500, 'NOT_IMPLEMENTED', { class: 'telegram_unavailable', message: 'unknown' }],
    [500, 'RANDOM_ID_DUPLICATE', { class: 'telegram_unavailable', message: 'unknown' }],
    [-503, 'Timeout', { class: 'telegram_unavailable', message: 'unknown' }],
    [400, 'FILE_PART_7_MISSING', { class: 'telegram_unavailable', message: 'again' }],
    [400, 'FILE_REFERENCE_0_EXPIRED', { class: 'telegram_unavailable', message: 'again' }],
  ])('%i %s', (code, name, verdict) => {
    const error = new TelegramError(code, name);
    expect(isKnown(error)).toBe(true);
    expect(judge(error)).toMatchObject(verdict);
  });

  it.each([
    [400, 'final', { class: 'telegram_error', message: 'failed' }],
    [403, 'final', { class: 'telegram_error', message: 'failed' }],
    [404, 'final', { class: 'telegram_error', message: 'failed' }],
    [406, 'final', { class: 'telegram_error', message: 'failed' }],
    [401, 'a doubt about the session', { class: 'session_lost', message: 'waits', account: 'unconfirmed' }],
    [
      420,
      'a wait that grows',
      { class: 'flood_wait', message: 'waits', gate: { waitMs: 1_000, grows: true } },
    ],
    [303, 'of another data centre', { message: 'again', account: 'elsewhere' }],
    [500, 'perhaps done', { class: 'telegram_unavailable', message: 'unknown' }],
    [-500, 'perhaps done', { class: 'telegram_unavailable', message: 'unknown' }],
    [
      429,
      'perhaps done, as no code that is documented',
      { class: 'telegram_unavailable', message: 'unknown' },
    ],
  ])('an unlisted name with the code %i is %s', (code, _, verdict) => {
    const error = new TelegramError(code, 'SOMETHING_NEW');
    expect(isKnown(error)).toBe(false);
    expect(judge(error)).toMatchObject(verdict);
  });

  it('takes the seconds of an unlisted wait from its name', () => {
    expect(judge(new TelegramError(420, 'NEW_WAIT_90')).gate).toMatchObject({ waitMs: 90_000, grows: false });
  });

  it('says that nobody has a name for four names alone', () => {
    const names = ['USERNAME_NOT_OCCUPIED', 'USERNAME_INVALID', 'PHONE_NOT_OCCUPIED', 'PHONE_NUMBER_INVALID'];
    expect(names.every((name) => saysNobody(new TelegramError(400, name)))).toBe(true);
    expect(saysNobody(new TelegramError(400, 'CONTACT_NAME_EMPTY'))).toBe(false);
  });

  it('finds each name of the table once', () => {
    const names = telegramErrors.map(({ name }) => name.toString());
    expect(new Set(names).size).toBe(names.length);
  });
});
