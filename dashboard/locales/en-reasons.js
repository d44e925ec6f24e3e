/** Why a message waits, in English, by the codes of the gateways (apps/gateway/model/reasons.ts). */
export const enReasons = {
  'reason.storage_failed': 'the storage does not work: {reason}',
  'reason.storage_locked': 'another process has locked the database',
  'reason.paused': 'sending is paused',
  'reason.account_connecting': 'no connection to Telegram: {reason}',
  'reason.account_signed_out': 'the account is signed out: {reason}',
  'reason.account_unconfirmed': 'the account may be signed out: {reason}',
  'reason.account_frozen': 'the account is frozen: {reason}',
  'reason.flood_wait': 'Telegram asked to wait with {method} ({name}), {left_s} left',
  'reason.peer_flood':
    'Telegram refuses first messages to people who are not contacts ({name}), {left_s} left',
  'reason.peer_flood_chat': 'Telegram refuses messages to chat {chat} ({name}), {left_s} left',
  'reason.strangers_budget':
    'the budget of first messages to people who are not contacts: {per_day} a day (STRANGERS_PER_DAY), {left_s} left',
  'reason.slow_mode': 'chat {chat} is in slow mode ({name}), {left_s} left',
  'reason.earlier_message': 'message {id} to the same chat goes first',
  'reason.walk': '{chat} is not known yet: the dialogs are still being read',
  'reason.lookup': 'Telegram is being asked for {chat}',
  'reason.lookup_budget':
    '{chat} is looked up when the budget for that (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY) allows',
  'reason.lookup_failed': 'looking up {chat} failed ({reason}), and is tried again',
  'reason.telegram_error': 'Telegram answered {name} to {method}, and is asked again',
  'reason.connection_lost': 'it did not reach Telegram ({reason}), and goes out again',
  'reason.unanswered': 'no answer came ({reason}): Telegram is asked again whether it was sent',
  'reason.pace_chat': 'the pace of a chat: {rate} a second',
  'reason.pace_group': 'the pace of a group: {rate} a minute',
  'reason.pace_account': 'the pace of the account: {rate} a second',
  'reason.busy': 'other chats are being sent to: {count}',
};
