/**
 * A chat that Telegram refused, because its id or access hash leads nowhere: it is asked for once by its name, and gets the
 * message with what that answers. What may have been sent goes to the same chat or to none.
 */
import type { Clock } from '../../kit/clock.ts';
import { reason } from '../../kit/reason.ts';
import { refusesPeer, TelegramError } from '../model/telegram-error.ts';
import { shownChat, type Resolver } from '../peers/resolver.ts';
import type { PeerAddress } from '../model/account.ts';
import { nameOf, type Hold } from './next-step.ts';
import { failureOf, type Failure, type Outcome, type StoredMessage } from '../model/message.ts';
import { noTroubles, since } from '../model/troubles.ts';

/** Ends an attempt: the message has to go elsewhere, or to wait until its name can be asked for. */
export class Readdressed extends Error {
  readonly outcome: Exclude<Outcome, { status: 'sent' }>;

  constructor(outcome: Readdressed['outcome']) {
    super(outcome.failure.detail);
    this.outcome = outcome;
  }
}

export interface ReaddressDeps {
  readonly resolver: Pick<Resolver, 'askAgain' | 'ownerOf'>;
  readonly clock: Clock;
}

/** The same chat with an access hash that holds. @throws `error` where that is final; Readdressed where it is not */
export async function readdress(
  { resolver, clock }: ReaddressDeps,
  message: StoredMessage,
  refused: PeerAddress,
  error: unknown,
): Promise<PeerAddress> {
  if (!(error instanceof TelegramError) || !refusesPeer(error)) throw error;
  const name = nameOf(message);
  const resolution = await resolver.askAgain(refused, name);
  if (!resolution) throw error;
  if ('peer' in resolution && resolution.peer.chatId === refused.chatId) return resolution.peer;
  // Only what is addressed by a name, and was not sent, may go to another chat, or wait for the name.
  if (name === undefined || message.maybeSent) throw error;
  if ('unknown' in resolution) throw new Readdressed({ status: 'failed', failure: resolution.unknown });
  if ('later' in resolution) throw new Readdressed(later(message, resolution.later, clock.now()));
  const moved = reason('name_moved', { name: error.message });
  throw new Readdressed(again(clock.now(), failureOf('cannot_resolve', moved)));
}

/** For a call that comes long after its message was claimed. @throws Readdressed where its name has left the chat meanwhile */
export function checkOwner({ resolver, clock }: ReaddressDeps, message: StoredMessage): void {
  const name = nameOf(message);
  if (name === undefined || message.maybeSent) return;
  const owner = resolver.ownerOf(name);
  if (owner === 'stale' || (typeof owner === 'object' && owner.peer.chatId === message.chat)) return;
  const left = reason('name_left', { name: shownChat(name), chat: message.chat });
  throw new Readdressed(again(clock.now(), failureOf('cannot_resolve', left)));
}

function again(notBefore: number, failure: Failure) {
  return { status: 'again', notBefore, maybeSent: false, failure } as const;
}

function later({ troubles = noTroubles }: StoredMessage, { notBefore, failure, cause }: Hold, now: number) {
  return { ...again(notBefore, failure), troubles: { ...troubles, reason: since(troubles, cause, now) } };
}
