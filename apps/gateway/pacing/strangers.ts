/**
 * First messages to strangers: people who are no contacts of the account, whom it never wrote to, and who are in none of its
 * dialogs. Telegram limits them (PEER_FLOOD), and a budget of one's own keeps that limit from being met.
 */
import { reason, type Reason } from '../../kit/reason.ts';
import type { Cause } from '../model/reasons.ts';

export interface Strangers {
  /** When a message to a chat may go by the budget; in the past where at once, as for everybody who is no stranger. */
  nextOf(chat: string, now: number): number;
  /** Counts a first message; false where the budget has none left. To be called inside a write of the outbox. */
  take(chat: string, now: number): boolean;
  usage(now: number): StrangersUsage;
}

export interface StrangersUsage {
  /** First messages a day; 0 where any number may go. */
  readonly perDay: number;
  /** Those of the last 24 hours. */
  readonly used: number;
  /** When the next one may go, in epoch milliseconds; undefined when at once. */
  readonly nextAt: number | undefined;
}

/** Without a budget, and without a count. */
export const anyStrangers: Strangers = {
  nextOf: () => 0,
  take: () => true,
  usage: () => ({ perDay: 0, used: 0, nextAt: undefined }),
};

/** A stranger may become known while a message waits, so whether it still has to is asked again as often. */
export const judgeStrangersAgainMs = 10 * 60_000;

/** Why a message waits that the used-up budget of `strangers` keeps from being sent. */
export function budgetCause(strangers: Pick<Strangers, 'usage'>, until: number, now: number): Cause {
  const { perDay: per_day } = strangers.usage(now);
  return { code: 'strangers_budget', values: { per_day, left_s: Math.ceil((until - now) / 1000) } };
}

/** What a used-up budget keeps from being done, how long yet, and what can be done about it. */
export function budgetReason(until: number, now: number): Reason {
  return reason('strangers_used_up', { left_s: Math.ceil((until - now) / 1000) });
}
