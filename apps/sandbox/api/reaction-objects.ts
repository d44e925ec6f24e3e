/** Reactions as TL objects, and which there are. */
import type { Account } from '../world/accounts.ts';
import type { Reacted } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { peerOf } from './entities.ts';

/** The reactions that every account can use, with their names. */
export const allReactions = new Map([
  ['👍', 'Thumbs Up'],
  ['👎', 'Thumbs Down'],
  ['❤', 'Red Heart'],
  ['🔥', 'Fire'],
  ['🎉', 'Party Popper'],
  ['👏', 'Clapping Hands'],
  ['😁', 'Beaming Face'],
  ['🤔', 'Thinking Face'],
  ['😢', 'Crying Face'],
  ['🙏', 'Folded Hands'],
]);
const maxRecent = 3;
/** What some clients put behind an emoji to have it shown in colour. */
const variation = /\ufe0f/g;

/** Whether a reaction is one of those. */
export function isAvailable({ emoticon }: TlObject): boolean {
  return typeof emoticon === 'string' && allReactions.has(emoticon.replace(variation, ''));
}

/** What tells one reaction from another. */
export function keyOf({ reaction }: Pick<Reacted, 'reaction'>): string {
  const { emoticon, documentId } = reaction as TlObject & { emoticon?: string; documentId?: bigint };
  return emoticon?.replace(variation, '') ?? String(documentId);
}

/** messageReactions, as an account sees them; in a channel nobody sees who reacted. */
export function reactionsObject(account: Account, chat: Chat, all: readonly Reacted[]): TlObject {
  const isOpen = chat.kind !== 'channel';
  const results = [...Map.groupBy(all, keyOf).values()].map((same) => ({
    _: 'reactionCount',
    reaction: same[0]!.reaction,
    count: same.length,
    chosenOrder: same.some(({ by }) => by === account.id) ? 0 : undefined,
  }));
  const recent = all.toReversed().slice(0, maxRecent);
  return {
    _: 'messageReactions',
    canSeeList: isOpen && chat.kind !== 'user',
    results,
    recentReactions: isOpen && all.length > 0 ? recent.map((one) => reactedObject(account, one)) : undefined,
  };
}

/** messagePeerReaction. */
export function reactedObject(account: Account, { by, reaction, date, big }: Reacted): TlObject {
  return { _: 'messagePeerReaction', big, my: by === account.id, peerId: peerOf(by), date, reaction };
}
