/** Items of an album that was sent whose messages Telegram did not name, and which were not found in the chat either. */
import { reason, type Reason } from '../../kit/reason.ts';
import type { StoredMessage } from './message.ts';

/** Their numbers, from 1; none where Telegram named nothing at all, since then all of it is in the chat. */
export function unnamedItems({ status, content, messageIds }: StoredMessage): number[] {
  if (status !== 'sent' || !content.media || messageIds.every((id) => id === null)) return [];
  return messageIds.flatMap((id, index) => (id === null ? [index + 1] : []));
}

/** For the caller: nothing is sent again, since nobody knows whether they are there. */
export function unnamedItemsNote(items: readonly number[]): Reason {
  return reason('album_incomplete', { items: items.join(', ') });
}
