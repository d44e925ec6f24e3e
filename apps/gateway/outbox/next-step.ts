/** What is to be done next for the first message of a chat, by what the tables know: nothing is asked of Telegram. */
import type { Cause } from '../model/reasons.ts';
import { gateCause, gateClass, gateReason, type GateStore } from '../pacing/gates.ts';
import {
  anyStrangers,
  budgetCause,
  budgetReason,
  judgeStrangersAgainMs,
  type Strangers,
} from '../pacing/strangers.ts';
import { isBasicGroup, isName, shownChat, unknownChat, type Resolver } from '../peers/resolver.ts';
import type { PeerAddress } from '../model/account.ts';
import { methodOf } from '../send/kinds.ts';
import { failureOf, untilKnown, type Failure, type StoredMessage } from '../model/message.ts';

export type NextStep =
  /** `ownerAgeMs` where it goes to the owner of its name last known. */
  | { readonly does: 'send'; readonly peer: PeerAddress; readonly ownerAgeMs?: number | undefined }
  /** It stands in line for another chat from now on, and with it what is addressed by the same `name`, or all. */
  | { readonly does: 'move'; readonly to: string; readonly name?: string }
  | { readonly does: 'look_up'; readonly name: string }
  | { readonly does: 'expire' }
  | ({ readonly does: 'hold' } & Hold)
  | { readonly does: 'fail'; readonly failure: Failure };

/** Until when a message is left alone, and why. */
export interface Hold {
  readonly notBefore: number;
  readonly failure: Failure;
  readonly cause: Cause;
}

/** The next step for `message`, through `gates` at `now`. */
export function nextStep(
  resolver: Pick<Resolver, 'find' | 'ownerOf' | 'mayBecomeKnown'>,
  gates: Pick<GateStore, 'closedFor'>,
  message: Pick<
    StoredMessage,
    'chat' | 'name' | 'ownerAgeMs' | 'status' | 'maybeSent' | 'expiresAt' | 'content'
  >,
  now: number,
  strangers: Pick<Strangers, 'nextOf' | 'usage'> = anyStrangers,
): NextStep {
  const { chat } = message;
  // One that is still `sending` could not be settled: the storage failed.
  const maybeSent = message.maybeSent || message.status === 'sending';
  if (message.expiresAt <= now && !maybeSent) return { does: 'expire' };
  const gate = gates.closedFor({ method: methodOf(message), chatId: chat }, now);
  if (gate) {
    const failure = failureOf(gateClass(gate), gateReason(gate, now));
    const until = gate.scope === 'strangers' ? judgedAgain(gate.until, now) : gate.until;
    return { does: 'hold', notBefore: until, failure, cause: gateCause(gate, now) };
  }
  const freeAt = maybeSent ? 0 : strangers.nextOf(chat, now);
  if (freeAt > now) {
    const failure = failureOf('peer_flood', budgetReason(freeAt, now));
    const cause = budgetCause(strangers, freeAt, now);
    return { does: 'hold', notBefore: judgedAgain(freeAt, now), failure, cause };
  }
  const name = nameOf(message);
  // What may have been sent never changes its chat.
  if (name !== undefined && !maybeSent) return nextByName(resolver, chat, name);
  const found = resolver.find(chat);
  if (found === 'missing') return { does: 'fail', failure: unknownChat(chat) };
  if (!found) {
    return resolver.mayBecomeKnown() ? untilItIs(chat) : { does: 'fail', failure: unknownChat(chat) };
  }
  if (found.chatId === chat) return { does: 'send', peer: found, ownerAgeMs: message.ownerAgeMs };
  // What may be in a basic group that has become a supergroup is settled where it was sent to.
  if (maybeSent && isBasicGroup(chat)) {
    return { does: 'send', peer: { chatId: chat, kind: 'chat', accessHash: '0' } };
  }
  return { does: 'move', to: found.chatId };
}

function judgedAgain(until: number, now: number): number {
  return Math.min(until, now + judgeStrangersAgainMs);
}

function untilItIs(chat: string): NextStep {
  const cause: Cause = { code: 'walk', values: { chat: shownChat(chat) } };
  return { does: 'hold', notBefore: untilKnown, failure: unknownChat(chat), cause };
}

/** A message that is addressed by a name goes to whom has it now, and where that is not known, waits in a line of the name. */
function nextByName(
  resolver: Pick<Resolver, 'ownerOf' | 'mayBecomeKnown'>,
  chat: string,
  name: string,
): NextStep {
  const owner = resolver.ownerOf(name);
  if (owner === 'missing') return { does: 'fail', failure: unknownChat(name) };
  if (owner === 'stale') return { does: 'look_up', name };
  const to = owner ? owner.peer.chatId : name;
  if (to !== chat) return chat === name ? { does: 'move', to } : { does: 'move', to, name };
  if (owner) return { does: 'send', peer: owner.peer, ownerAgeMs: owner.ageMs };
  if (resolver.mayBecomeKnown()) return untilItIs(name);
  return { does: 'look_up', name };
}

/** The name a message was addressed by; older versions knew it only as long as it was not looked up. */
export function nameOf({ chat, name }: Pick<StoredMessage, 'chat' | 'name'>): string | undefined {
  return name ?? (isName(chat) ? chat : undefined);
}
