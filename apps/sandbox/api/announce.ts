/** Changes that one session makes: the updates are its answer, and are pushed to the account's other sessions. */
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { entitiesOf } from './entities.ts';
import type { MethodContext } from './method.ts';

/** Pushes updates about some chats to the other sessions, and returns them as an Updates object. */
export function announce(
  { state, account, call }: MethodContext,
  chats: readonly Chat[],
  updates: readonly TlObject[],
): TlObject {
  const lists = entitiesOf(account, new Set([...chats, account.world.self]));
  const object = { _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 };
  if (updates.length > 0) account.subscribers.push(() => object, call.session);
  return object;
}
