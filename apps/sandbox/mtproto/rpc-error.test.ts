import { expect, it } from 'vitest';
import { codeOf } from './rpc-error.ts';

it.each([
  ['FLOOD_WAIT_26', 420],
  ['SLOWMODE_WAIT_30', 420],
  ['FROZEN_METHOD_INVALID', 420],
  ['FLOOD_SKIP_FAILED_WAIT', 420],
  ['PREMIUM_SUB_ACTIVE_UNTIL_1893456000', 420],
  ['CHAT_SEND_VOICES_FORBIDDEN', 403],
  ['ALLOW_PAYMENT_REQUIRED_50', 403],
  ['USER_MIGRATE_4', 303],
  ['AUTH_KEY_UNREGISTERED', 401],
  ['AUTH_KEY_DUPLICATED', 406],
  ['INTERDC_2_CALL_ERROR', 500],
  ['RPC_CALL_FAIL', 500],
  ['Timeout', -503],
  ['PEER_ID_INVALID', 400],
])('%s is answered with the code %i', (name, code) => {
  expect(codeOf(name)).toBe(code);
});
