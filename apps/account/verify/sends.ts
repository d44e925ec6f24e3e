/**
 * The sends of both sessions: spaced, within one budget, and remembered, so that whatever was sent can be deleted.
 * Nothing is sent once the run was stopped.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Outgoing, Sent } from '../../gateway/model/account.ts';
import { Budget } from './budget.ts';

/** The most messages that a run makes in Saved Messages. */
export const mostMessages = 25;
const spacingMs = 3_000;

export class Sends {
  /** The ids of the messages that were sent, and of those that wait for their time. */
  readonly sent = new Set<number>();
  readonly scheduled = new Set<number>();
  readonly #clock: Clock;
  readonly #stopped: AbortSignal;
  readonly #budget = new Budget(mostMessages);
  readonly #underWay = new Set<Promise<unknown>>();
  #nextAt = 0;

  constructor(clock: Clock, stopped: AbortSignal) {
    this.#clock = clock;
    this.#stopped = stopped;
  }

  /** Waits until `count` messages may be sent, which `call` then does. @throws BudgetSpent; the reason of the stop */
  async turn({ randomIds }: Outgoing, call: Promise<unknown>): Promise<void> {
    const at = Math.max(this.#nextAt, this.#clock.now());
    this.#nextAt = at + spacingMs;
    if (at > this.#clock.now()) await this.#clock.sleep(at - this.#clock.now(), this.#stopped);
    this.#stopped.throwIfAborted();
    this.#budget.spend(randomIds.length);
    this.#underWay.add(call);
    const ended = () => void this.#underWay.delete(call);
    call.then(ended, ended);
  }

  /** Takes note of what a call made; messages that were there before cost nothing. */
  note({ options }: Outgoing, { messageIds }: Sent): void {
    const known = options.scheduleAt === undefined ? this.sent : this.scheduled;
    const ids = messageIds.filter((id) => id !== null);
    this.#budget.giveBack(ids.filter((id) => known.has(id)).length);
    for (const id of ids) known.add(id);
  }

  /** Until no call is under way that may still make a message. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}
