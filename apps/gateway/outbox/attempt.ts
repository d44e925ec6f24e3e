/** One attempt to send a message that was claimed: the calls, and what their end means. Whatever can pass by itself is tried again. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { describeGate, gateClass, GateClosed } from '../pacing/gates.ts';
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { Account, Outgoing, PeerAddress, Sent } from '../telegram/account.ts';
import { judge, OutcomeUnknown, TelegramError, Unreached, type Verdict } from '../model/telegram-error.ts';
import type { Spool } from './spool.ts';
import { isSentAtOnce, type Outcome, type Store, type StoredMessage } from './store.ts';

export interface AttemptDeps {
  readonly store: Store;
  readonly spool: Spool;
  readonly account: Account;
  readonly clock: Clock;
  readonly log: Logger;
  readonly resolver: Pick<Resolver, 'follow'>;
  /** From 0 to 1; spreads what is tried again. */
  readonly random: () => number;
}

type NotSent = Exclude<Outcome, { status: 'sent' }>;

const backoffMs = { first: 250, longest: 30_000 };

/**
 * Sends the parts of a message one after another. One that is asked again sends what is left: the rest is known.
 * Never throws; waiting for a turn ends when `stopping` is aborted.
 */
export async function attempt(
  deps: AttemptDeps,
  message: StoredMessage,
  peer: PeerAddress,
  stopping: AbortSignal,
): Promise<Outcome> {
  const sent: Sent[] = [];
  try {
    for (const part of partsOf(deps.spool, message)) {
      const hasTurn = sent.length === 0 && isSentAtOnce(message.content);
      const takeTurn = hasTurn ? undefined : () => waitForTurn(deps, message.chat, stopping);
      sent.push(await deps.account.send(peer, part, takeTurn));
    }
    return {
      status: 'sent',
      messageIds: sent.flatMap(({ messageIds }) => messageIds),
      sentAt: sent[0]!.date * 1000,
    };
  } catch (error) {
    const outcome = failedOutcome(deps, message, error);
    const followedTo = await follow(deps, message, peer, outcome);
    if (sent.length > 0) return partly(outcome, sent.length);
    return followedTo && !message.maybeSent ? followedTo : outcome;
  }
}

/** Some of a message's texts are in the chat already. */
function partly(outcome: NotSent, parts: number): NotSent {
  if (outcome.status === 'again') return { ...outcome, maybeSent: true };
  const detail = `${outcome.failure.detail}; before it, ${parts} of its texts were sent`;
  return { ...outcome, maybeSent: true, failure: { ...outcome.failure, detail } };
}

async function waitForTurn(
  { store, clock }: AttemptDeps,
  chat: string,
  stopping: AbortSignal,
): Promise<void> {
  for (;;) {
    const turn = await store.takeTurn(chat, clock.now());
    if (turn.isTaken) return;
    try {
      await clock.sleep(turn.at - clock.now(), stopping);
    } catch (error) {
      throw new Unreached('this service stops', { cause: error });
    }
  }
}

/**
 * A basic group that Telegram does not know any more may have become a supergroup: messages go there from now on, but
 * for one that may be in the group already, as a random id is remembered for the chat it was sent to.
 */
async function follow(
  { resolver, clock }: AttemptDeps,
  { chat }: StoredMessage,
  { kind }: PeerAddress,
  outcome: NotSent,
): Promise<NotSent | undefined> {
  const isGone = outcome.status === 'failed' && outcome.failure.class === 'cannot_resolve';
  if (!isGone || kind !== 'chat' || !(await resolver.follow(chat).catch(() => false))) return undefined;
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

function failedOutcome(deps: AttemptDeps, message: StoredMessage, error: unknown): NotSent {
  const now = deps.clock.now();
  const where = `message ${message.id} to chat ${shownChat(message.chat)}`;
  const again = { status: 'again', notBefore: now + backoff(deps, message), maybeSent: false } as const;
  if (error instanceof TelegramError) return refused(deps, message, error, judge(error));
  if (error instanceof GateClosed) {
    const failure = { class: gateClass(error.gate), detail: `${where}: ${describeGate(error.gate, now)}` };
    return { ...again, notBefore: error.gate.until, failure };
  }
  if (error instanceof Unreached || error instanceof OutcomeUnknown) {
    const maybeSent = error instanceof OutcomeUnknown;
    const detail = maybeSent
      ? `${where}: no answer from Telegram (${error.message}); asking again whether it was sent`
      : `${where}: Telegram is out of reach (${error.message}); it is sent as soon as that is over`;
    // What belongs to the connection waits for the connection, and not for the message.
    return { ...again, notBefore: now, maybeSent, failure: { class: 'telegram_unavailable', detail } };
  }
  deps.log.error({ err: error, id: message.id }, 'sending failed by an error of this service');
  const detail = `${where}: an internal error; the log of this service has it under the message id`;
  return { status: 'failed', failure: { class: 'internal', detail } };
}

function refused(deps: AttemptDeps, message: StoredMessage, error: TelegramError, verdict: Verdict): NotSent {
  const now = deps.clock.now();
  const detail = `Telegram answered ${error.message} to message ${message.id} for chat ${shownChat(message.chat)}`;
  const failure = { class: verdict.class, detail };
  switch (verdict.message) {
    case 'failed':
      return { status: 'failed', failure };
    case 'waits':
      // Of the account: it goes out once that is ready. Of a gate: once that opens.
      return { status: 'again', notBefore: now + (verdict.gate?.waitMs ?? 0), maybeSent: false, failure };
    case 'again':
    case 'unknown': {
      // A new link cures it, and comes in its own time.
      const notBefore = verdict.account ? now : now + backoff(deps, message);
      return { status: 'again', notBefore, maybeSent: verdict.message === 'unknown', failure };
    }
  }
}

/** Grows with every attempt; the jitter keeps many messages from coming back at once. */
function backoff({ random }: AttemptDeps, { attempts }: StoredMessage): number {
  const pause = Math.min(backoffMs.first * 2 ** Math.max(0, attempts - 1), backoffMs.longest);
  return Math.round(pause * (0.5 + random() / 2));
}
