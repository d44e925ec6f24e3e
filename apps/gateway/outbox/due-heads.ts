/** Which messages are to be looked at next: the first of each chat that is due and has nothing under way. */
import type { StoredMessage } from '../model/message.ts';
import type { Lanes } from '../storage/ledger.ts';

export interface DueHeads {
  readonly heads: readonly StoredMessage[];
  /** When the next chat will be due, in epoch milliseconds: now where more are due than there was room for. */
  readonly nextAt: number;
}

export interface Room {
  /** How many more chats may be begun with. */
  readonly chats: number;
  /** How many are under way at most. */
  readonly concurrency: number;
  readonly isActive: (chat: string) => boolean;
}

export function dueHeads(
  lanes: Pick<Lanes, 'due' | 'head'>,
  { chats, concurrency, isActive }: Room,
  now: number,
): DueHeads {
  const heads: StoredMessage[] = [];
  if (chats <= 0) return { heads, nextAt: Infinity };
  // Those being sent to stand first among the due ones, so the list must reach behind them.
  for (const { chat, dueAt } of lanes.due(concurrency + 1)) {
    if (isActive(chat)) continue;
    if (dueAt > now) return { heads, nextAt: dueAt };
    if (heads.length >= chats) return { heads, nextAt: now };
    const head = lanes.head(chat);
    if (head) heads.push(head);
  }
  return { heads, nextAt: Infinity };
}
