/** Formatting as Telegram wants it. */
import { Api } from 'telegram/tl/index.js';
import type { TextEntity } from '../model/formatted-text.ts';
import { inputPeer, long } from './peers.ts';
import type { PeerAddress } from '../model/account.ts';

/** Whom a text_mention names, or undefined when the account does not know the user. */
export type FindUser = (userId: string) => PeerAddress | undefined;

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** The library's entities; a mention of a user who is not known stays plain text, as Telegram itself would have it. */
export function messageEntities(
  entities: readonly TextEntity[],
  findUser: FindUser,
): Api.TypeMessageEntity[] {
  return entities.map((entity) => messageEntity(entity, findUser)).filter((entity) => entity !== undefined);
}

function messageEntity(entity: TextEntity, findUser: FindUser): Api.TypeMessageEntity | undefined {
  const { offset, length } = entity;
  const place = { offset, length };
  switch (entity.type) {
    case 'bold':
      return new Api.MessageEntityBold(place);
    case 'italic':
      return new Api.MessageEntityItalic(place);
    case 'underline':
      return new Api.MessageEntityUnderline(place);
    case 'strikethrough':
      return new Api.MessageEntityStrike(place);
    case 'spoiler':
      return new Api.MessageEntitySpoiler(place);
    case 'code':
      return new Api.MessageEntityCode(place);
    case 'pre':
      return new Api.MessageEntityPre({ ...place, language: entity.language ?? '' });
    case 'text_link':
      return new Api.MessageEntityTextUrl({ ...place, url: entity.url ?? '' });
    case 'text_mention':
      return mention(place, findUser(entity.userId ?? ''));
    case 'custom_emoji':
      return new Api.MessageEntityCustomEmoji({ ...place, documentId: long(entity.customEmojiId ?? '0') });
    case 'date_time':
      return formattedDate(place, entity);
    case 'blockquote':
      return new Api.MessageEntityBlockquote(place);
    case 'expandable_blockquote':
      return new Api.MessageEntityBlockquote({ ...place, collapsed: true });
  }
}

/** The flags are core.telegram.org/constructor/messageEntityFormattedDate's. */
function formattedDate(place: Place, { unixTime = 0, dateTimeFormat = '' }: TextEntity) {
  const flags = {
    ...(/r/i.test(dateTimeFormat) && { relative: true }),
    ...(dateTimeFormat.includes('t') && { shortTime: true }),
    ...(dateTimeFormat.includes('T') && { longTime: true }),
    ...(dateTimeFormat.includes('d') && { shortDate: true }),
    ...(dateTimeFormat.includes('D') && { longDate: true }),
    ...(/w/i.test(dateTimeFormat) && { dayOfWeek: true }),
  };
  return new Api.MessageEntityFormattedDate({ ...place, ...flags, date: unixTime });
}

function mention(place: Place, user: PeerAddress | undefined) {
  const peer = user && inputPeer(user);
  if (peer instanceof Api.InputPeerSelf) {
    return new Api.InputMessageEntityMentionName({ ...place, userId: new Api.InputUserSelf() });
  }
  if (!(peer instanceof Api.InputPeerUser)) return undefined;
  const { userId, accessHash } = peer;
  return new Api.InputMessageEntityMentionName({
    ...place,
    userId: new Api.InputUser({ userId, accessHash }),
  });
}
