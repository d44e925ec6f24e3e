/**
 * Turns: how often calls may be made to a chat, to a group and by the account, whichever gateway makes them. What was
 * sent is on disk with the messages, so a restart starts no new count.
 */

import type { Cause } from '../model/reasons.ts';

/** Calls a second or a minute; 0 switches a pace off. */
export interface Paces {
  readonly chatPerS: number;
  readonly groupPerMin: number;
  readonly accountPerS: number;
}

/** A turn that was taken, or when to ask again and for whose sake. Times are milliseconds since the epoch. */
export type Turn =
  | { readonly isTaken: true }
  | { readonly isTaken: false; readonly at: number; readonly of: 'chat' | 'account' };

export interface Pacer {
  /** Takes a turn for one call to a chat. To be called inside a write of the outbox. */
  take(chat: string, now: number): Turn;
  /** When the chat's next turn is; in the past when at once. The account's turn is not looked at. */
  nextOf(chat: string): number;
  /** What keeps a chat from being sent to longest, and until when; undefined when its turn has come. */
  paceOf(chat: string, now: number): { readonly cause: Cause; readonly until: number } | undefined;
  /** Slows the account down for a wait that ends at `until`. */
  slowDown(now: number, until: number): void;
  /** Calls a second the account makes at most right now; Infinity where that pace is off. */
  rate(now: number): number;
}

/** No pace at all. */
export const unpaced: Pacer = {
  take: () => ({ isTaken: true }),
  nextOf: () => 0,
  paceOf: () => undefined,
  slowDown: () => {},
  rate: () => Infinity,
};

/** The minute in which a group takes so many. */
export const groupWindowMs = 60_000;

/** Whether a chat is a group or channel, by its marked id. */
export function isGroup(chat: string): boolean {
  return chat.startsWith('-');
}
