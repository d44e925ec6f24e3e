/** Reading what is kept: a page of one chat, and a search over all of it that lets other work go on meanwhile. */
import { setImmediate } from 'node:timers/promises';
import type { Delivery } from '../deliveries.ts';

/** Where a page starts: before, after or around the message with this number; the latest messages without it. */
export type PageStart = { before?: number; after?: number; around?: number };

export interface Page {
  messages: Delivery[];
  hasOlder: boolean;
  hasNewer: boolean;
}

const SEARCHED_AT_ONCE = 2000;

/** A page of the messages that fit, oldest first. `kept` is sorted by number. */
export function pageOf(
  kept: readonly Delivery[],
  fits: (delivery: Delivery) => boolean,
  { before, after, around }: PageStart,
  limit: number,
): Page {
  if (around !== undefined) {
    const half = Math.ceil(limit / 2);
    const older = walk(kept, fits, placeOf(kept, around) - 1, -1, half);
    const newer = walk(kept, fits, placeOf(kept, around), 1, half);
    const messages = [...older.found.reverse(), ...newer.found];
    return { messages, hasOlder: older.hasMore, hasNewer: newer.hasMore };
  }
  if (after !== undefined) {
    const { found, hasMore } = walk(kept, fits, placeOf(kept, after + 1), 1, limit);
    return { messages: found, hasOlder: true, hasNewer: hasMore };
  }
  const start = before === undefined ? kept.length : placeOf(kept, before);
  const { found, hasMore } = walk(kept, fits, start - 1, -1, limit);
  return { messages: found.reverse(), hasOlder: hasMore, hasNewer: before !== undefined };
}

/** The newest of `kept` whose text or file name holds `words`, whatever the case; ends early when aborted. `kept` must stay as it is. */
export async function searchIn(
  kept: readonly Delivery[],
  words: string,
  limit: number,
  signal: AbortSignal,
): Promise<Delivery[]> {
  const wanted = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'iu');
  const found: Delivery[] = [];
  for (let index = kept.length - 1, looked = 1; index >= 0 && found.length < limit; index--, looked++) {
    const { text, media } = kept[index]!;
    if (wanted.test(text) || (media && wanted.test(media.name))) found.push(kept[index]!);
    if (looked % SEARCHED_AT_ONCE !== 0) continue;
    await setImmediate();
    if (signal.aborted) break;
  }
  return found;
}

function walk(
  kept: readonly Delivery[],
  fits: (delivery: Delivery) => boolean,
  start: number,
  step: 1 | -1,
  limit: number,
): { found: Delivery[]; hasMore: boolean } {
  const found: Delivery[] = [];
  for (let index = start; index >= 0 && index < kept.length; index += step) {
    if (!fits(kept[index]!)) continue;
    if (found.length === limit) return { found, hasMore: true };
    found.push(kept[index]!);
  }
  return { found, hasMore: false };
}

/** The place of the first message whose number is `number` or more. */
function placeOf(kept: readonly Delivery[], number: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle]!.number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
