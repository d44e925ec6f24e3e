/**
 * What a line of text is about, by the words of Telegram, Telethon, Python and SQLite in it. Lines of our own gateways
 * name their class themselves; this table is for those of the old Python services, and for what has no class.
 */
import type { LogClass } from './log-line.ts';

/** The first that matches counts: what is more special stands above. */
const table: readonly (readonly [LogClass, RegExp])[] = [
  ['persistent_timestamp', /persistent_?timestamp/i],
  ['slow_mode', /slow_?mode_?wait/i],
  ['peer_flood', /peer_?flood|too many requests \(caused by/i],
  ['flood_wait', /flood_?(?:premium_?)?wait|flood wait|a wait of \d+ seconds is required|sleeping for \d+s/i],
  [
    'banned',
    /user_?banned_?in_?channel|is now banned in|banned from sending messages in (?:supergroups|channels)/i,
  ],
  [
    'session_lost',
    /auth_?key_?(?:unregistered|duplicated|invalid|not_?found|error)|session_?(?:revoked|expired|password_?needed)|user_?deactivated_?(?:ban|error)|the key is not registered in the system|used under two different ip addresses/i,
  ],
  [
    'write_forbidden',
    /chat_?write_?forbidden|chat_?admin_?required|channel_?private|chat_?forbidden|chat_?restricted|chat_?send_?\w+_?forbidden|you can't write in this chat|chat admin privileges are required/i,
  ],
  ['privacy', /user_?privacy_?restricted|user_?is_?blocked|you_?blocked_?user|privacy_?premium_?required/i],
  [
    'cannot_resolve',
    /cannot (?:resolve|find any) entity|could not find the input entity|peer_?id_?invalid|(?:chat|user|channel)_?(?:id_?)?invalid(?:error)?\b|username_?(?:not_?occupied|invalid)|input_?user_?deactivated|phone_?(?:number_?invalid|not_?occupied)|no user has ".*" as username|nobody is using this username|an invalid peer was used/i,
  ],
  ['text_too_long', /message_?too_?long|media_?caption_?too_?long|message was too long/i],
  [
    'media_invalid',
    /media_?(?:invalid|empty)|photo_?(?:invalid|ext_?invalid|save_?file_?invalid)|image_?process_?failed|web_?page_?(?:curl_?failed|media_?empty)|file_?parts?_?invalid/i,
  ],
  ['storage_full', /enospc|no space left on device|sqlite_full|database or disk is full/i],
  [
    'storage_failed',
    /sqlite_(?:busy|locked|readonly|corrupt|ioerr|cantopen)|database is locked|readonly database|disk image is malformed|disk i\/o error|unable to open database file/i,
  ],
  [
    'telegram_unavailable',
    /connection to telegram failed|server closed the connection|attempt \d+ at connecting failed|automatic reconnection failed|cannot send requests while disconnected|request was unsuccessful \d+ time|rpc_?call_?fail|telegram is having internal issues|timed_?out_?error.*telethon|no workers running|security error while unpacking/i,
  ],
  ['telegram_error', /telethon\.errors\.|\brpcerror\b|\(caused by \w+request\)/i],
];

/** Longer lines are judged by their beginning and their end. */
const judged = 4_000;

/** The class of a text; null when it is about nothing that is known. */
export function classOfText(text: string): LogClass | null {
  const part = text.length <= 2 * judged ? text : `${text.slice(0, judged)}\n${text.slice(-judged)}`;
  return table.find(([, pattern]) => pattern.test(part))?.[0] ?? null;
}
