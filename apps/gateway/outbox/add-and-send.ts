/** A message that nothing keeps from being sent: added, and sent as soon as that is committed, while the disk syncs. */
import type { NewMessage, StoredMessage } from '../model/message.ts';
import type { Added, AddOptions, Store } from '../storage/store.ts';

/** Makes one attempt with a message that was claimed, and tells `onSent` of its end before that is written. */
export type Send = (claimed: StoredMessage, onSent: (sent: StoredMessage) => void) => Promise<void>;

export interface AddedAndSent {
  /** As Store.add. */
  readonly added: Promise<Added>;
  /** Resolves once nothing more is done with it here. */
  readonly sending: Promise<void>;
  /** The message as it is in its chat, as soon as it is there. */
  sent(): StoredMessage | undefined;
}

export function addAndSend(
  store: Store,
  message: NewMessage,
  send: Send,
  onCommit?: AddOptions['onCommit'],
): AddedAndSent {
  const committed = Promise.withResolvers<Added | undefined>();
  const added = store.add(message, {
    isReady: true,
    onCommit: (each) => {
      onCommit?.(each);
      committed.resolve(each);
    },
  });
  added.catch(() => committed.resolve(undefined)); // Its caller is told.
  let sent: StoredMessage | undefined;
  const sendIfClaimed = async () => {
    const claimed = await committed.promise;
    if (!claimed?.isNew || claimed.message.status !== 'sending') return;
    await send(claimed.message, (message) => (sent = message));
  };
  return { added, sending: sendIfClaimed(), sent: () => sent };
}
