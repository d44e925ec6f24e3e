/**
 * One attempt to send the first message of a chat: whether it may go now, the call, and what its end means. Anything
 * that can pass by itself leaves the message where it is.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { closedGate, gateScope, type Gate, type GateStore } from '../pacing/gates.ts';
import { sendMethod, type Account, type Outgoing, type PeerAddress, type Sent } from '../telegram/account.ts';
import { judge, OutcomeUnknown, TelegramError, Unreached, type Verdict } from '../telegram/errors.ts';
import type { Spool } from './spool.ts';
import type { Failure, Outcome, Store, StoredMessage } from './store.ts';

export interface AttemptDeps {
  readonly store: Store;
  readonly spool: Spool;
  readonly account: Account;
  readonly gates: GateStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** The chat's address, or undefined when it is not known. */
  readonly resolve: (chat: string) => PeerAddress | undefined;
  /** Whether a chat that is not known now may become known by the walk under way. */
  readonly mayBecomeKnown: () => boolean;
}

const unknownChatPauseMs = 1_000;
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
  const peer = deps.resolve(message.chat);
  if (!peer && deps.mayBecomeKnown()) {
    await store.hold(message, clock.now() + unknownChatPauseMs, unknownChat(message.chat));
    return undefined;
  }
  const claimed = await store.claim(message);
  if (!claimed) return undefined;
  const outcome = peer
    ? await send(deps, claimed, peer)
    : { status: 'failed' as const, failure: unknownChat(message.chat) };
  return store.settle(claimed, outcome, clock.now());
}

/** What to say of a chat that is not in the table. */
export function unknownChat(chat: string): Failure {
  return {
    class: 'cannot_resolve',
    detail:
      `chat ${chat} is not known to this account: open a dialog with it in Telegram and reload the cache ` +
      `(POST /reload_cache), or send to its username`,
  };
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
    const outcome = failedOutcome(deps, message, error);
    return outcome.status === 'again' && sent.length > 0 ? { ...outcome, maybeSent: true } : outcome;
  }
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
  const where = `message ${message.id} to chat ${message.chat}`;
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
  const detail = `Telegram answered ${error.message} to message ${message.id} for chat ${message.chat}`;
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
