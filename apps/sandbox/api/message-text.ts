/** The text of a message as the server keeps it: trimmed, with the entities that were given and those it finds itself. */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import { withFoundEntities } from './find-entities.ts';
import { chatIdOf } from './peers.ts';
import { checkEntities } from './send-checks.ts';

/** A text; `sentText` is what the client sent, where that is another. */
export interface TakenText {
  text: string;
  sentText: string | undefined;
  entities: readonly TlObject[] | undefined;
}

const isBlank = (code: number) => code === 32 || (code >= 9 && code <= 13);

/** Takes a text. Throws ENTITY_BOUNDS_INVALID. */
export function takeText(
  account: Account,
  given: string,
  entities: readonly TlObject[] | undefined,
): TakenText {
  checkEntities(given, entities);
  const named = entities?.length ? entities.map((entity) => resolved(account, entity)) : undefined;
  const from = named?.length
    ? Math.min(leadingBlanks(given), ...named.map(({ offset }) => offset as number))
    : leadingBlanks(given);
  let to = given.length;
  while (to > from && isBlank(given.charCodeAt(to - 1))) to--;
  if (from === 0 && to === given.length) {
    return { text: given, sentText: undefined, entities: withFoundEntities(given, named) };
  }
  const text = given.slice(from, to);
  const kept = named
    ?.map((entity): TlObject => {
      const offset = (entity.offset as number) - from;
      return { ...entity, offset, length: Math.min(entity.length as number, text.length - offset) };
    })
    .filter(({ length }) => (length as number) > 0);
  return { text, sentText: given, entities: withFoundEntities(text, kept?.length ? kept : undefined) };
}

function leadingBlanks(text: string): number {
  let count = 0;
  while (count < text.length && isBlank(text.charCodeAt(count))) count++;
  return count;
}

/** Clients name the user of a mention by an input; a message names them by their id. */
function resolved(account: Account, entity: TlObject): TlObject {
  if (entity._ !== 'inputMessageEntityMentionName') return entity;
  const { offset, length } = entity;
  return {
    _: 'messageEntityMentionName',
    offset,
    length,
    userId: chatIdOf(account, entity.userId as TlObject) ?? 0n,
  };
}
