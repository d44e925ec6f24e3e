/** What the readers of markup share: how they refuse it, and what a link may lead to. */
import type { TextEntity } from '../model/formatted-text.ts';

/** Markup that cannot be read; `at` is where in the source, in UTF-16 units from 0. */
export class MarkupError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'MarkupError';
    this.at = at;
  }
}

/**
 * What opens a code block: its language ends with white space; one line break after the opening is not part of the code.
 */
export function preOpening(): RegExp {
  return /```(?:([^\s`]+)(?=\s))?(?:\n\r?|\r\n?)?/y;
}

/** What an entity says beside its place. */
export type EntityKind = Omit<TextEntity, 'offset' | 'length'>;

/**
 * What a link makes of its text: a mention for tg://user?id=…, a link for what Telegram takes as an address, and
 * nothing for the rest, as in the Bot API, where such a text stays plain.
 */
export function linkTo(url: string): EntityKind | undefined {
  const userId = parameterOf(url, 'user', 'id');
  if (userId !== undefined && /^[1-9]\d{0,18}$/.test(userId)) return { type: 'text_mention', userId };
  if (/^(tg|ton):(\/\/)?[\w-]/i.test(url)) return { type: 'text_link', url };
  // What stands before a colon and has no dot is a scheme, not a host with its port.
  const [, scheme, slashes] = /^([a-z][a-z\d+-]*):(\/\/)?/i.exec(url) ?? [];
  if (scheme !== undefined && !(slashes && /^(https?|tonsite)$/i.test(scheme))) return undefined;
  const whole = scheme === undefined ? `http://${url}` : url;
  return hasDomain(whole) ? { type: 'text_link', url: whole } : undefined;
}

/** Entities with the links that have no address of their own led to what their text says, where that is one. */
export function withTargets(text: string, entities: readonly TextEntity[]): TextEntity[] {
  return entities.flatMap((entity) => {
    const { type, offset, length, url } = entity;
    if (type !== 'text_link' || url !== undefined) return [entity];
    const kind = linkTo(text.slice(offset, offset + length));
    return kind ? [{ ...kind, offset, length }] : [];
  });
}

function hasDomain(url: string): boolean {
  const host = /^[a-z]+:\/\/(?:[^/?#]*@)?(\[[\da-f:.]+\]|[^/?#:]+)/i.exec(url)?.[1];
  return host !== undefined && !/\s/.test(host) && (host.startsWith('[') || /[^.]\.[^.]/.test(host));
}

/** A custom emoji; its id is a positive number of 64 bits, without leading zeros. */
export function customEmoji(id = ''): EntityKind | undefined {
  const isId = /^[1-9]\d{0,18}$/.test(id) && BigInt(id) < 2n ** 63n;
  return isId ? { type: 'custom_emoji', customEmojiId: id } : undefined;
}

/** A time, in epoch seconds of 31 bits, that each reader is shown in their own zone and language. */
export function dateTime(unix = '', format = ''): EntityKind | undefined {
  const unixTime = /^\d{1,10}$/.test(unix) ? Number(unix) : 0;
  const isFormat = /^(?:r|(?:([wdt])(?!.*\1))*)$/i.test(format);
  const isTime = unixTime > 0 && unixTime < 2 ** 31 && isFormat;
  return isTime ? { type: 'date_time', unixTime, dateTimeFormat: format } : undefined;
}

/** What tg://emoji?id=… and tg://time?unix=… make of the text they stand with. */
export function emojiOrTime(url: string): EntityKind | undefined {
  return (
    customEmoji(parameterOf(url, 'emoji', 'id')) ??
    dateTime(parameterOf(url, 'time', 'unix'), parameterOf(url, 'time', 'format'))
  );
}

function parameterOf(url: string, host: string, name: string): string | undefined {
  const [, found, query] = /^tg:(?:\/\/)?([a-z]+)\/?\?([^#]*)/i.exec(url) ?? [];
  if (found?.toLowerCase() !== host) return undefined;
  return query!
    .split('&')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(`${name}=`.length);
}
