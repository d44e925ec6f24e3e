/** Why a message waits: a closed list of codes with their values, and the English words that are made of both. */

/** By code. `{…}` is a value; the dashboard words the same codes with the same values. */
export const reasonWords = {
  storage_failed: 'the storage does not work: {reason}',
  storage_locked: 'another process has locked the database',
  paused: 'sending is paused until somebody resumes it',
  account_connecting: 'there is no connection to Telegram: {reason}',
  account_signed_out: 'the account is signed out: {reason}',
  account_unconfirmed: 'the account may be signed out: {reason}',
  account_frozen: 'the account is frozen: {reason}',
  flood_wait: 'Telegram asked to wait with {method} ({name}), {left_s} s are left',
  peer_flood: 'Telegram refuses first messages to people who are not contacts ({name}), {left_s} s are left',
  peer_flood_chat: 'Telegram refuses messages to chat {chat} ({name}), {left_s} s are left',
  strangers_budget:
    'the budget of first messages to people who are not contacts is {per_day} a day (STRANGERS_PER_DAY), {left_s} s are left',
  slow_mode: 'chat {chat} is in slow mode ({name}), {left_s} s are left',
  earlier_message: 'message {id} to the same chat goes first',
  walk: '{chat} is not known yet, and may be among the dialogs, which are still being read',
  lookup: 'Telegram is being asked for {chat}',
  lookup_budget:
    'the budget for looking up names (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY) is used up: {chat} is looked up when there is one again',
  lookup_failed: 'looking up {chat} failed ({reason}), and is tried again',
  telegram_error: 'Telegram answered {name} to {method}, and is asked again',
  connection_lost: 'the message did not reach Telegram ({reason}), and goes out again',
  unanswered: 'Telegram is asked again whether the message was sent: its answer did not come ({reason})',
  pace_chat: 'the pace of a chat is {rate} a second (PACE_CHAT_PER_S)',
  pace_group: 'the pace of a group is {rate} a minute (PACE_GROUP_PER_MIN)',
  pace_account: 'the pace of the account is {rate} a second',
  busy: '{count} other chats are being sent to (SEND_CONCURRENCY)',
} as const;

export type ReasonCode = keyof typeof reasonWords;

export const reasonCodes = Object.keys(reasonWords) as ReasonCode[];

export interface Cause {
  readonly code: ReasonCode;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Since when and, where that is known, until when it holds, in epoch milliseconds. */
export interface Reason extends Cause {
  readonly since: number;
  readonly until?: number | undefined;
}

/** For people, in English. */
export function reasonText({ code, values }: Cause): string {
  return reasonWords[code].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
