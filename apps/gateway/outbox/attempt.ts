/**
 * One attempt to send the first message of a chat: whether it may go now, the call, and what its end means. Anything
 * that can pass by itself leaves the message where it is.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { closedGate, gateScope, type Gate, type GateStore } from '../pacing/gates.ts';
import { sendMethod, type Account, type Outgoing, type PeerAddress, type Sent } from '../telegram/account.ts';
import { judge, OutcomeUnknown, TelegramError, Unreached, type Verdict } from '../telegram/errors.ts';
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { Spool } from './spool.ts';
import type { Failure, Outcome, Store, StoredMessage } from './store.ts';

export interface AttemptDeps {
  readonly store: Store;
  readonly spool: Spool;
  readonly account: Account;
  readonly gates: GateStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly resolver: Pick<Resolver, 'resolve' | 'follow'>;
}

const backoffMs = { first: 250, longest: 30_000 };

/** Tries the message once. The settled or re-queued message, or undefined when it was only held back. */
export async function attempt(deps: AttemptDeps, message: StoredMessage): Promise<StoredMessage | undefined> {
  const { store, gates, clock } = deps;
  const method = methodOf(message);
  const gate = closedGate(gates.closed(clock.now()), method, message.chat);
  if (gate) {
    await store.hold(message, gate.until, heldBy(gate, clock.now()));
    return undefined;
  }
  const resolution = await deps.resolver.resolve(message.chat);
  if ('later' in resolution) {
    await store.hold(message, resolution.notBefore, resolution.later);
    return undefined;
  }
  const claimed = await store.claim(message);
  if (!claimed) return undefined;
  const outcome =
    'peer' in resolution
      ? await send(deps, claimed, resolution.peer)
      : { status: 'failed' as const, failure: resolution.unknown };
  return store.settle(claimed, outcome, clock.now());
}

/** Sends the parts of a message one after another. One that is asked again sends what is left: the rest is known. */
async function send(deps: AttemptDeps, message: StoredMessage, peer: PeerAddress): Promise<Outcome> {
  const sent: Sent[] = [];
  try {
    for (const part of partsOf(deps.spool, message)) sent.push(await deps.account.send(peer, part));
    return {
      status: 'sent',
      messageIds: sent.flatMap(({ messageIds }) => messageIds),
      sentAt: sent[0]!.date * 1000,
    };
  } catch (error) {
    const outcome = await followed(deps, message, peer, failedOutcome(deps, message, error));
    return outcome.status === 'again' && sent.length > 0 ? { ...outcome, maybeSent: true } : outcome;
  }
}

/** A basic group that Telegram does not know any more may have become a supergroup: the message goes there. */
async function followed(
  { resolver, clock }: AttemptDeps,
  { chat }: StoredMessage,
  { kind }: PeerAddress,
  outcome: Outcome,
): Promise<Outcome> {
  const isGone = outcome.status === 'failed' && outcome.failure.class === 'cannot_resolve';
  if (!isGone || kind !== 'chat' || !(await resolver.follow(chat).catch(() => false))) return outcome;
  return { status: 'again', notBefore: clock.now(), maybeSent: false, failure: outcome.failure };
}

function partsOf(spool: Spool, { content, randomIds }: StoredMessage): Outgoing[] {
  const { options } = content;
  if ('texts' in content) {
    return content.texts.map((text, index) => ({ randomIds: [randomIds[index]!], text, media: [], options }));
  }
  const media = content.media.map(({ spooled, thumbnail, ...each }) => ({
    ...each,
    file: spool.path(spooled),
    ...(thumbnail && { thumbnail: { ...thumbnail, file: spool.path(thumbnail.spooled) } }),
  }));
  return [{ randomIds, text: content.caption, media, options }];
}

function failedOutcome(deps: AttemptDeps, message: StoredMessage, error: unknown): Outcome {
  const now = deps.clock.now();
  const where = `message ${message.id} to chat ${shownChat(message.chat)}`;
  const again = { status: 'again', notBefore: now + backoff(message.attempts), maybeSent: false } as const;
  if (error instanceof TelegramError) return refused(deps, message, error, judge(error));
  if (error instanceof Unreached || error instanceof OutcomeUnknown) {
    const maybeSent = error instanceof OutcomeUnknown;
    const detail = maybeSent
      ? `${where}: no answer from Telegram (${error.message}); asking again whether it was sent`
      : `${where}: Telegram is out of reach (${error.message}); it is sent as soon as that is over`;
    return { ...again, maybeSent, failure: { class: 'telegram_unavailable', detail } };
  }
  deps.log.error({ err: error, id: message.id }, 'sending failed by an error of this service');
  const detail = `${where}: an internal error; the log of this service has it under the message id`;
  return { status: 'failed', failure: { class: 'internal', detail } };
}

function refused(deps: AttemptDeps, message: StoredMessage, error: TelegramError, verdict: Verdict): Outcome {
  const now = deps.clock.now();
  const detail = `Telegram answered ${error.message} to message ${message.id} for chat ${shownChat(message.chat)}`;
  const failure = { class: verdict.class, detail };
  switch (verdict.action) {
    case 'final':
      return { status: 'failed', failure };
    case 'wait': {
      const scope = gateScope(verdict.scope!, methodOf(message), message.chat);
      const until = now + verdict.waitMs!;
      deps.gates.close({ scope, until, reason: error.message }, now);
      return { status: 'again', notBefore: until, maybeSent: false, failure };
    }
    case 'retry':
    case 'session':
      return {
        status: 'again',
        notBefore: now + backoff(message.attempts),
        maybeSent: verdict.maybeDone ?? false,
        failure,
      };
  }
}

function methodOf({ content }: StoredMessage): string {
  return sendMethod({ media: 'media' in content ? content.media : [] });
}

function heldBy(gate: Gate, now: number): Failure {
  const seconds = Math.ceil((gate.until - now) / 1000);
  const className =
    gate.scope === 'account' ? 'peer_flood' : gate.scope.startsWith('chat:') ? 'slow_mode' : 'flood_wait';
  return { class: className, detail: `Telegram asked to wait (${gate.reason}); ${seconds} s are left` };
}

/** Grows with every attempt; the jitter keeps many messages from coming back at once. */
function backoff(attempts: number): number {
  const pause = Math.min(backoffMs.first * 2 ** Math.max(0, attempts - 1), backoffMs.longest);
  return pause * (0.5 + Math.random() / 2);
}
