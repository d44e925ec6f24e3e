/** What is done with a message that is not sent now: look its chat up, hold it back, fail it. */
import type { Clock } from '../../kit/clock.ts';
import type { Resolver } from '../peers/resolver.ts';
import type { Hold } from './next-step.ts';
import type { SettledMessages } from './settled-messages.ts';
import type { Failure, StoredMessage } from '../model/message.ts';
import type { Ledger } from '../storage/ledger.ts';
import { noTroubles, since } from '../model/troubles.ts';

export interface MessageActionsDeps {
  readonly ledger: Ledger;
  readonly resolver: Resolver;
  readonly settled: SettledMessages;
  readonly clock: Clock;
}

export class MessageActions {
  readonly #deps: MessageActionsDeps;

  constructor(deps: MessageActionsDeps) {
    this.#deps = deps;
  }

  /** Asks Telegram whose the name of a message is. The next step is taken by what the tables say after it. */
  async lookUp(head: StoredMessage, name: string): Promise<void> {
    const { resolver, ledger } = this.#deps;
    const resolution = await resolver.lookUp(name);
    if ('unknown' in resolution) return this.fail(head, resolution.unknown);
    const isKnown = typeof resolver.ownerOf(name) === 'object';
    if ('peer' in resolution || isKnown) return;
    // What waits for a name must not keep others from the chat that had it.
    if (head.chat !== name) await ledger.move(head.chat, name, name);
    await this.#putOff({ ...head, chat: name }, resolution.later);
  }

  async hold(head: StoredMessage, { notBefore, failure, cause }: Hold): Promise<StoredMessage> {
    const { settled, ledger, clock } = this.#deps;
    const before = head.troubles ?? noTroubles;
    const troubles = { ...before, reason: since(before, cause, clock.now()) };
    const held = await ledger.hold(head, notBefore, failure, troubles);
    settled.held(held);
    return held;
  }

  /** A chat that is not looked up for now is told of once for each reason. */
  async #putOff(head: StoredMessage, hold: Hold): Promise<void> {
    const held = await this.hold(head, hold);
    if (head.troubles?.reason?.since !== held.troubles?.reason?.since) this.#deps.settled.putOff(held);
  }

  async fail(head: StoredMessage, failure: Failure): Promise<void> {
    const { settled, ledger, clock } = this.#deps;
    await settled.settled(await ledger.settle(head, { status: 'failed', failure }, clock.now()));
  }
}
