/** What is to be done next for the first message of a chat, by what the tables know: nothing is asked of Telegram. */
import { describeGate, gateClass, type GateStore } from '../pacing/gates.ts';
import { isBasicGroup, isName, unknownChat, type Resolver } from '../peers/resolver.ts';
import { sendMethod, type PeerAddress } from '../telegram/account.ts';
import { untilKnown, type Failure, type StoredMessage } from './store.ts';

export type NextStep =
  | { readonly does: 'send'; readonly peer: PeerAddress }
  /** Its chat has another name, under which it stands in line from now on. */
  | { readonly does: 'move'; readonly to: string }
  | { readonly does: 'look_up' }
  | { readonly does: 'expire' }
  | { readonly does: 'hold'; readonly notBefore: number; readonly failure: Failure }
  | { readonly does: 'fail'; readonly failure: Failure };

/** The next step for `message`, through `gates` at `now`. */
export function nextStep(
  resolver: Pick<Resolver, 'find' | 'mayBecomeKnown'>,
  gates: Pick<GateStore, 'closedFor'>,
  message: Pick<StoredMessage, 'chat' | 'status' | 'maybeSent' | 'expiresAt' | 'content'>,
  now: number,
): NextStep {
  const { chat } = message;
  // One that is still `sending` could not be settled: the storage failed.
  const maybeSent = message.maybeSent || message.status === 'sending';
  if (message.expiresAt <= now && !maybeSent) return { does: 'expire' };
  const gate = gates.closedFor({ method: methodOf(message), chatId: chat }, now);
  if (gate) {
    const failure = { class: gateClass(gate), detail: describeGate(gate, now) };
    return { does: 'hold', notBefore: gate.until, failure };
  }
  const found = resolver.find(chat);
  if (found === 'missing') return { does: 'fail', failure: unknownChat(chat) };
  if (!found) {
    if (resolver.mayBecomeKnown()) return { does: 'hold', notBefore: untilKnown, failure: unknownChat(chat) };
    return isName(chat) ? { does: 'look_up' } : { does: 'fail', failure: unknownChat(chat) };
  }
  if (found.chatId === chat) return { does: 'send', peer: found };
  // What may be in a basic group that has become a supergroup is settled where it was sent to.
  if (maybeSent && isBasicGroup(chat)) {
    return { does: 'send', peer: { chatId: chat, kind: 'chat', accessHash: '0' } };
  }
  return { does: 'move', to: found.chatId };
}

/** The RPC method a message is sent with. */
export function methodOf({ content }: Pick<StoredMessage, 'content'>): string {
  return sendMethod({ media: 'media' in content ? content.media : [] });
}
