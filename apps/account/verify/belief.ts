/** What a belief is: a sentence that this project relies on, and how Telegram is asked whether it holds. */
import type { GatewaySession } from './gateway-session.ts';

export interface Belief {
  readonly claim: string;
  /** Asks. @throws NotReached; the refusal of a call, which is then the answer; what ends the run: see outcome-of.ts */
  check(stage: Stage): Promise<Finding>;
}

/** What Telegram answered, without an id or a name. */
export interface Finding {
  readonly answer: string;
  readonly agrees: boolean;
}

/** What a belief is checked with: the sessions of both gateways, and time. */
export interface Stage {
  readonly text: GatewaySession;
  readonly media: GatewaySession;
  /** Milliseconds since the epoch. */
  now(): number;
  /** @throws the reason of the stop */
  sleep(ms: number): Promise<void>;
}

/** It could not be asked, because something that it needs is not there. */
export class NotReached extends Error {
  override name = 'NotReached';
}
