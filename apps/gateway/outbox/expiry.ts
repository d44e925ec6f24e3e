/** Gives up messages whose time is over, and says of each what kept it from being sent. */
import type { Clock } from '../../kit/clock.ts';
import { reason } from '../../kit/reason.ts';
import type { Ticker, Job } from '../../kit/ticker.ts';
import { gateClass, gateReason, type Gate } from '../pacing/gates.ts';
import type { Account, AccountState } from '../model/account.ts';
import type { SettledMessages } from './settled-messages.ts';
import { failureOf, type Failure } from '../model/message.ts';
import type { Ledger } from '../storage/ledger.ts';

export interface ExpiryDeps {
  readonly ledger: Ledger;
  readonly account: Account;
  readonly clock: Clock;
  readonly settled: SettledMessages;
  readonly isPaused: () => boolean;
  /** The gate that keeps every message of this gateway from being sent. */
  readonly gateForAll: (now: number) => Gate | undefined;
  /** Called each time before it looks. */
  readonly onLook: () => void;
  /** Told when some were given up: their chats may be due for the next ones. */
  readonly onExpired: () => void;
}

const everyMs = 500;
const mostAtOnce = 500;

/** The class of a message that expires while the account cannot send. */
function classOf(phase: AccountState['phase']): Failure['class'] {
  if (phase === 'signed_out' || phase === 'unconfirmed') return 'session_lost';
  return phase === 'frozen' ? 'account_frozen' : 'telegram_unavailable';
}

export class Expiry {
  readonly #deps: ExpiryDeps;
  readonly #startedAt: number;

  constructor(deps: ExpiryDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.now();
  }

  /** Looks again and again. */
  start(ticker: Ticker): Job {
    const run = async () => {
      this.#deps.onLook();
      await this.giveUp();
      return everyMs;
    };
    return ticker.add('expiring messages', run, everyMs);
  }

  /** Looks once. @throws Problem when it cannot be written */
  async giveUp(): Promise<void> {
    const { ledger, clock, settled, onExpired } = this.#deps;
    const now = clock.now();
    const passedMs = clock.isTold === false ? now - this.#startedAt : undefined;
    const expired = await ledger.expire({ now, limit: mostAtOnce, reason: this.#obstacle(now), passedMs });
    for (const message of expired) await settled.settled(message);
    if (expired.length > 0) onExpired();
  }

  /** What keeps every message from being sent right now. */
  #obstacle(now: number): Failure | undefined {
    const { account, isPaused, gateForAll } = this.#deps;
    const { phase, reason: why, standing } = account.state;
    if (phase === 'ready' && isPaused()) return failureOf('expired', reason('was_paused'));
    if (phase === 'ready') {
      const gate = gateForAll(now);
      return gate && failureOf(gateClass(gate), gateReason(gate, now));
    }
    return failureOf(classOf(phase), why === undefined ? reason('was_out_of_reach') : standing.reason);
  }
}
