/** One attempt to send a message that was claimed: the calls, and what their end means. Whatever can pass by itself is tried again. */
import { reason } from '../../kit/reason.ts';
import { Unreached } from '../model/telegram-error.ts';
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { Account, Outgoing, PeerAddress, Sent } from '../model/account.ts';
import { notSent, type NotSent, type NotSentDeps } from './not-sent.ts';
import { checkOwner, readdress, Readdressed } from './readdress.ts';
import type { SettledMessages } from './settled-messages.ts';
import type { Spool } from '../media/spool.ts';
import { outgoingOf } from '../send/kinds.ts';
import { failureOf, isSentAtOnce, type Outcome, type StoredMessage } from '../model/message.ts';
import type { Ledger } from '../storage/ledger.ts';
import { noTroubles } from '../model/troubles.ts';

export interface AttemptDeps extends NotSentDeps {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly account: Account;
  readonly resolver: Pick<Resolver, 'follow' | 'askAgain' | 'ownerOf'>;
}

export interface SendingDeps extends AttemptDeps {
  readonly settled: SettledMessages;
  /** Aborted when nothing more is to be begun. */
  readonly stopped: AbortSignal;
}

/** Makes one attempt with a message that was claimed, writes how it ended, and says so. */
export async function sendClaimed(
  deps: SendingDeps,
  message: StoredMessage,
  peer: PeerAddress,
): Promise<void> {
  const { settled } = deps;
  const outcome = await attempt(deps, message, peer);
  if (outcome.status === 'sent') settled.sent({ ...message, ...outcome, failure: undefined });
  const after = await record(deps, message, outcome);
  if (after?.status === 'queued') settled.troubled(after);
  else if (after) await settled.settled(after);
}

/** Until it is written; undefined when this stops first, and then the next start asks again for the message. */
async function record(
  deps: SendingDeps,
  message: StoredMessage,
  outcome: Outcome,
): Promise<StoredMessage | undefined> {
  for (;;) {
    try {
      return await deps.ledger.settle(message, outcome, deps.clock.now());
    } catch (error) {
      await pauseAfter(deps, error, message.chat);
      if (deps.stopped.aborted) return undefined;
    }
  }
}

const pauseAfterErrorMs = 2_000;

/** Logs that the outbox could not be written, and lets it rest. */
export async function pauseAfter(
  { log, clock, stopped }: Pick<SendingDeps, 'log' | 'clock' | 'stopped'>,
  error: unknown,
  chat?: string,
): Promise<void> {
  const where = chat !== undefined && { chat: shownChat(chat) };
  log.error({ err: error, ...where }, 'the outbox could not be written');
  await clock.sleep(pauseAfterErrorMs, stopped).catch(() => {});
}

/**
 * Sends the parts of a message one after another; those that an earlier attempt has sent are left out.
 * Never throws; waiting for a turn ends when this stops.
 */
async function attempt(deps: SendingDeps, message: StoredMessage, peer: PeerAddress): Promise<Outcome> {
  const before = message.troubles?.sent ?? [];
  const sent: Sent[] = [...before];
  const { account } = deps;
  const sendTo = async (to: PeerAddress, part: Outgoing, hasTurn: boolean): Promise<Sent> => {
    const files = await account.upload(to, part);
    if (!hasTurn) {
      await waitForTurn(deps, message.chat);
      if (sent.length === 0) checkOwner(deps, message);
    }
    return account.send(to, part, files);
  };
  let address = peer;
  const send = async (part: Outgoing): Promise<Sent> => {
    try {
      // The first text has taken its turn as it was claimed.
      return await sendTo(address, part, sent.length === before.length && isSentAtOnce(message.content));
    } catch (error) {
      if (address !== peer) throw error;
      address = await readdress(
        deps,
        { ...message, maybeSent: message.maybeSent || sent.length > 0 },
        peer,
        error,
      );
      return sendTo(address, part, false);
    }
  };
  try {
    const parts = outgoingOf(message, (spooled) => deps.spool.path(spooled));
    for (const part of parts.slice(before.length)) sent.push(await send(part));
    return {
      status: 'sent',
      messageIds: sent.flatMap(({ messageIds }) => messageIds),
      sentAt: sent[0]!.date * 1000,
    };
  } catch (error) {
    const outcome = error instanceof Readdressed ? error.outcome : notSent(deps, message, error);
    const followedTo = await follow(deps, message, peer, outcome);
    if (sent.length > 0) return partly(outcome, sent);
    return followedTo && !message.maybeSent ? followedTo : outcome;
  }
}

/** Some of a message's texts are in the chat already. */
function partly(outcome: NotSent, sent: readonly Sent[]): NotSent {
  const troubles = { ...noTroubles, ...outcome.troubles, sent };
  if (outcome.status === 'again') return { ...outcome, maybeSent: true, troubles };
  const { class: errorClass, detail, reason: why = detail } = outcome.failure;
  const failure = failureOf(errorClass, reason('partly_sent', { reason: why, count: sent.length }));
  return { ...outcome, maybeSent: true, troubles, failure };
}

async function waitForTurn({ ledger, clock, stopped }: SendingDeps, chat: string): Promise<void> {
  for (;;) {
    const turn = await ledger.takeTurn(chat, clock.now());
    if (turn.isTaken) return;
    try {
      await clock.sleep(turn.at - clock.now(), stopped);
    } catch (error) {
      throw new Unreached(reason('service_stops'), { cause: error });
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
  const { failure } = outcome;
  return { status: 'again', notBefore: clock.now(), maybeSent: false, failure, troubles: noTroubles };
}
