/** Reading what is kept: a chat as one conversation, a page of it, and a search over all of it that lets other work go on meanwhile. */
import { setImmediate } from 'node:timers/promises';
import { contentOf, type Delivery } from '../world/deliveries.ts';
import { cardView } from './cards.ts';

/** A message, by the list that it stands in. */
export interface Place {
  isTheirs: boolean;
  number: number;
}

/** Where a page starts: before, after, around or at a message; without any it holds the latest messages. */
export type PageStart = { before?: Place; after?: Place; around?: Place; from?: Place };

export interface Page {
  messages: Delivery[];
  hasOlder: boolean;
  hasNewer: boolean;
}

const searchedAtOnce = 2000;

/** What was sent and what others wrote as one conversation. Each list is in its own order already. */
export function conversationOf(sent: readonly Delivery[], theirs: readonly Delivery[]): Delivery[] {
  const all: Delivery[] = [];
  let next = 0;
  for (const own of sent) {
    for (; next < theirs.length && isBefore(theirs[next]!, own); next++) all.push(theirs[next]!);
    all.push(own);
  }
  return [...all, ...theirs.slice(next)];
}

/** A page of a conversation, oldest first. */
export function pageOf(
  conversation: readonly Delivery[],
  { before, after, around, from }: PageStart,
  limit: number,
): Page {
  const { length } = conversation;
  if (around) {
    const middle = indexOf(conversation, around);
    return cut(conversation, middle - Math.ceil(limit / 2), middle + Math.ceil(limit / 2));
  }
  if (before) {
    const end = indexOf(conversation, before);
    return cut(conversation, end - limit, end);
  }
  const first = after ?? from;
  if (!first) return cut(conversation, length - limit, length);
  const index = indexOf(conversation, first);
  const isThere = index < length && isAt(conversation[index]!, first);
  const start = after && isThere ? index + 1 : index;
  return cut(conversation, start, start + limit);
}

/** The newest of `kept` whose text, file name or card holds `words`, whatever the case; ends early when aborted. `kept` must stay as it is. */
export async function searchIn(
  kept: readonly Delivery[],
  words: string,
  limit: number,
  signal: AbortSignal,
): Promise<Delivery[]> {
  const wanted = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'iu');
  const found: Delivery[] = [];
  for (let index = kept.length - 1, looked = 1; index >= 0 && found.length < limit; index--, looked++) {
    if (wordsOf(kept[index]!).some((text) => wanted.test(text))) found.push(kept[index]!);
    if (looked % searchedAtOnce !== 0) continue;
    await setImmediate();
    if (signal.aborted) break;
  }
  return found;
}

/** What of a message can be looked for: its text as it is now, the name of its file, a poll's question or a contact's name. */
function wordsOf(delivery: Delivery): string[] {
  const { text, media, special } = contentOf(delivery);
  return [text, media?.name ?? '', (special && cardView(special).title) ?? ''];
}

/** Whether a message stands above another one of its chat; its number decides where both came in one millisecond. */
function isBefore(one: Delivery, other: Delivery): boolean {
  return one.at < other.at || (one.at === other.at && one.messageId < other.messageId);
}

/** Where a message stands; where it is kept no more, the one that came after it in its list. */
function indexOf(conversation: readonly Delivery[], { isTheirs, number }: Place): number {
  const index = conversation.findIndex((delivery) => {
    return (delivery.from !== undefined) === isTheirs && delivery.number >= number;
  });
  return index < 0 ? conversation.length : index;
}

function isAt({ from, number }: Delivery, place: Place): boolean {
  return (from !== undefined) === place.isTheirs && number === place.number;
}

function cut(conversation: readonly Delivery[], from: number, to: number): Page {
  const start = Math.max(0, from);
  const messages = conversation.slice(start, to);
  return { messages, hasOlder: start > 0, hasNewer: to < conversation.length };
}
