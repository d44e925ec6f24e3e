/** What is done with one message at a time: send it, look its chat up, hold it back, fail it; and what follows. */
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { PeerAddress } from '../model/account.ts';
import { attempt, type AttemptDeps } from './attempt.ts';
import type { Hold } from './next-step.ts';
import type { SettledMessages } from './settled-messages.ts';
import type { Failure, Outcome, StoredMessage } from '../model/message.ts';
import { noTroubles, since } from '../model/troubles.ts';

export interface ErrandsDeps extends AttemptDeps {
  readonly resolver: Resolver;
  readonly settled: SettledMessages;
  /** Aborted when nothing more is to be begun. */
  readonly stopped: AbortSignal;
}

const pauseAfterErrorMs = 2_000;

export class MessageActions {
  readonly #deps: ErrandsDeps;

  constructor(deps: ErrandsDeps) {
    this.#deps = deps;
  }

  /** Makes one attempt with a message that was claimed. */
  async send(message: StoredMessage, peer: PeerAddress): Promise<void> {
    const { settled, stopped } = this.#deps;
    const outcome = await attempt(this.#deps, message, peer, stopped);
    if (outcome.status === 'sent') settled.sent({ ...message, ...outcome, failure: undefined });
    const after = await this.#record(message, outcome);
    if (after?.status === 'queued') settled.troubled(after);
    else if (after) await settled.settled(after);
  }

  /** Until it is written; undefined when this stops first, and then the next start asks again for the message. */
  async #record(message: StoredMessage, outcome: Outcome): Promise<StoredMessage | undefined> {
    const { ledger, clock, stopped } = this.#deps;
    for (;;) {
      try {
        return await ledger.settle(message, outcome, clock.now());
      } catch (error) {
        await this.pauseAfter(error, message.chat);
        if (stopped.aborted) return undefined;
      }
    }
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

  /** Says that the outbox could not be written, and lets it rest. */
  async pauseAfter(error: unknown, chat?: string): Promise<void> {
    const { log, clock, stopped } = this.#deps;
    const where = chat !== undefined && { chat: shownChat(chat) };
    log.error({ err: error, ...where }, 'the outbox could not be written');
    await clock.sleep(pauseAfterErrorMs, stopped).catch(() => {});
  }
}
