/** What the readers of markup share: how they refuse it, and what a link may lead to. */
import type { TextEntity } from './formatted-text.ts';

/** Markup that cannot be read; `at` is where in the source, in UTF-16 units from 0. */
export class MarkupError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'MarkupError';
    this.at = at;
  }
}

/** What an entity says beside its place. */
export type EntityKind = Omit<TextEntity, 'offset' | 'length'>;

/**
 * What a link makes of its text: a mention for tg://user?id=…, a link for what Telegram takes as an address, and
 * nothing for the rest, as in the Bot API, where such a text stays plain.
 */
export function linkTo(url: string): EntityKind | undefined {
  const userId = idIn(url, 'user');
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

/** The id of tg://emoji?id=…, as it stands there. */
export function emojiIdIn(url: string): string | undefined {
  return idIn(url, 'emoji');
}

/** Whether it can be the id of a custom emoji: a positive number of 64 bits, without leading zeros. */
export function isCustomEmojiId(id: string): boolean {
  return /^[1-9]\d{0,18}$/.test(id) && BigInt(id) < 2n ** 63n;
}

function idIn(url: string, host: string): string | undefined {
  const [, found, query] = /^tg:(?:\/\/)?([a-z]+)\/?\?([^#]*)/i.exec(url) ?? [];
  if (found?.toLowerCase() !== host) return undefined;
  return query!
    .split('&')
    .find((pair) => pair.startsWith('id='))
    ?.slice('id='.length);
}
