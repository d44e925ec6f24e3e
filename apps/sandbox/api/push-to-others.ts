/** Updates without a counter: the answer to the session that caused them, pushed to the account's other sessions. */
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import type { MethodContext } from './method.ts';
import { entitiesFor } from './named-peers.ts';

/** Pushes updates about some chats to the other sessions, and returns them as an Updates object. */
export function pushToOthers(
  { state, account, call }: MethodContext,
  chats: readonly Chat[],
  updates: readonly TlObject[],
): TlObject {
  const lists = entitiesFor(account, updates, chats);
  const object = { _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 };
  if (updates.length > 0) account.subscribers.push(() => object, call.session);
  return object;
}
