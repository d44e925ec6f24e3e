/** A message that nothing keeps from being sent: added, and sent as soon as that is committed, while the disk syncs. */
import type { Added, AddOptions, NewMessage, Store, StoredMessage } from './store.ts';

/** Makes one attempt with a message that was claimed, and tells `onSent` of its end before that is written. */
export type Send = (claimed: StoredMessage, onSent: (sent: StoredMessage) => void) => Promise<void>;

export interface AddedAndSent {
  /** Resolves once it is on the disk, with what has become of it by then. @throws Problem as Store.add */
  readonly added: Promise<Added>;
  /** Resolves once nothing more is done with it here. */
  readonly sending: Promise<void>;
}

export function addAndSend(
  store: Store,
  message: NewMessage,
  send: Send,
  onCommit?: AddOptions['onCommit'],
): AddedAndSent {
  const committed = Promise.withResolvers<Added | undefined>();
  const adding = store.add(message, {
    isReady: true,
    onCommit: (added) => {
      onCommit?.(added);
      committed.resolve(added);
    },
  });
  adding.catch(() => committed.resolve(undefined)); // Its caller is told.
  let sent: StoredMessage | undefined;
  const sendIfClaimed = async () => {
    const added = await committed.promise;
    if (!added?.isNew || added.message.status !== 'sending') return;
    await send(added.message, (message) => (sent = message));
  };
  return {
    added: adding.then((added) => (sent ? { ...added, sent } : added)),
    sending: sendIfClaimed(),
  };
}
