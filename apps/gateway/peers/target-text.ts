/**
 * Whom a message is for, out of what people paste: an id, a name, a phone number or a link to Telegram. Links and names
 * are read as Telegram's own clients do (LinkManager and is_valid_username of TDLib).
 */
import { markId, maxInt64 } from '../model/marked-id.ts';

/** A marked id, `me`, `@name` in lower case or `+digits`; or why it is none, to be put after the field's name. */
export type ReadTarget = { readonly target: string } | { readonly wrong: string };

/** What each field takes. */
export const takes = {
  id: 'takes a chat id such as -1003833950795, as a number or a string, a @username, a t.me link or "me"',
  name: 'takes a username such as @durov or t.me/durov',
  phone: 'takes a phone number with its country code, such as +999 662 0001',
};
const anInvite = {
  wrong:
    'is an invite, which names no chat: join with it in Telegram, then send to the id or @username of the chat',
};
const noChat = { wrong: 'is a link that names no chat: give the id or @username of the chat' };
const channelDigits = /^[1-9]\d{0,11}$/;
/** Pages of t.me that are nobody's name. */
const pages = new Set(
  (
    'addemoji addlist addstickers addstyle addtheme auction auth bg boost call confirmphone contact giftcode invoice ' +
    'iv login m msg newbot nft proxy setlanguage share socks web a k z'
  ).split(' '),
);

export function readChat(pasted: string | number): ReadTarget {
  const text = clean(String(pasted)).replace(/^[\u2212\u2013](?=\d)/, '-');
  if (text === 'me') return { target: text };
  if (text.startsWith('@')) return readName(text, takes.id);
  const isId = /^-?\d{1,19}$/.test(text);
  const id = isId ? BigInt(text) : 0n;
  if (id !== 0n && id <= maxInt64 && id >= -maxInt64) return { target: id.toString() };
  return (isId ? undefined : readLink(text)) ?? { wrong: takes.id };
}

export function readUsername(pasted: string): ReadTarget {
  const text = clean(pasted);
  return readLink(text) ?? readName(text, takes.name);
}

/** A number that a country code cannot begin is refused, since looking it up would cost of a small budget. */
export function readPhone(pasted: string | number): ReadTarget {
  const text = clean(String(pasted)).replace(/^tel:/i, '');
  const hasCode = /^(\+|00)/.test(text);
  const digits = text
    .replace(/^00/, '')
    .replace('(0)', '')
    .replace(/[\s()+.\u2010-\u2015-]/g, '');
  if (!/^\d{7,15}$/.test(digits)) return { wrong: takes.phone };
  if (digits.startsWith('0')) return { wrong: `${takes.phone}: no country code begins with 0` };
  if (!hasCode && /^8\d{10}$/.test(digits)) {
    return {
      wrong: `${takes.phone}: write a Russian number that begins with 8 with +7 instead, another with its +`,
    };
  }
  return { target: `+${digits}` };
}

/** What a link to Telegram names, or undefined for what is no such link. */
function readLink(text: string): ReadTarget | undefined {
  const [tg] = /^tg:(\/\/)?/i.exec(text) ?? [];
  if (tg !== undefined) return readTgLink(text.slice(tg.length));
  const [whole, name, , path = ''] =
    /^(?:https?:\/\/)?(?:www\.|(\w+)\.(?=t\.me))?(t\.me|telegram\.me|telegram\.dog)(?::\d+)?(?:\/([^?#]*))?(?:[?#].*)?$/i.exec(
      text,
    ) ?? [];
  if (whole === undefined) return undefined;
  const [first = '', second = ''] = (name === undefined ? path : name).replace(/^(s\/)+/, '').split('/');
  if (first === 'c') return readChannel(second);
  if (first === 'joinchat') return anInvite;
  const [, code] = /^(?:\+|%2b|%20| )(.+)$/i.exec(first) ?? [];
  if (code !== undefined) return /^\d+$/.test(code) ? readPhone(`+${code}`) : anInvite;
  return pages.has(first.toLowerCase()) ? noChat : readName(first, noChat.wrong);
}

function readTgLink(text: string): ReadTarget {
  const [, action = '', query = ''] = /^(\w*)\/?\??([^#]*)/.exec(text) ?? [];
  const given = new URLSearchParams(query);
  const value = (name: string) => given.get(name) ?? '';
  switch (action.toLowerCase()) {
    case 'resolve':
      return given.has('phone')
        ? readPhone(`+${value('phone').trim()}`)
        : readName(value('domain'), noChat.wrong);
    case 'user':
      return readUserId(value('id'));
    case 'openmessage':
      return readUserId(value('user_id'));
    case 'privatepost':
      return readChannel(value('channel'));
    case 'join':
      return anInvite;
    default:
      return noChat;
  }
}

function readUserId(digits: string): ReadTarget {
  return /^[1-9]\d{0,17}$/.test(digits) ? { target: digits } : noChat;
}

function readChannel(digits: string): ReadTarget {
  return channelDigits.test(digits) ? { target: markId('channel', BigInt(digits)).toString() } : noChat;
}

function readName(text: string, wrong: string): ReadTarget {
  const name = text.replace(/^@/, '').toLowerCase();
  const isName = /^[a-z][a-z\d_]{0,31}$/.test(name) && !/__|_$/.test(name);
  return isName ? { target: `@${name}` } : { wrong };
}

/** Without the marks of direction and the like that come along when a number or a name is copied. */
function clean(pasted: string): string {
  return pasted.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '').trim();
}
