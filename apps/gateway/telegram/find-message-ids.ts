/** Finds messages in Telegram's answer to a send, whichever of its two forms the answer has. */
import { Api } from 'telegram/tl/index.js';
import { AnswerUnclear } from '../model/telegram-error.ts';
import type { Sent } from '../model/account.ts';

/**
 * The messages that `randomIds` became. The first answer for a user may be the short form; a repeated one is Updates,
 * where each random_id leads to an id. An item that the answer leaves out has null for its id: it was sent with the others.
 * A message that was to be scheduled is held only where the answer shows it (updateNewScheduledMessage); its date is then
 * the time that it is held until. @throws AnswerUnclear when the answer names none of them, or does not show such a one
 */
export function findSent(
  answer: Api.TypeUpdates,
  randomIds: readonly string[],
  isToBeScheduled = false,
): Sent {
  if (answer instanceof Api.UpdateShortSentMessage) return { messageIds: [answer.id], date: answer.date };
  if (answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined) {
    const messageIds = randomIds.map((randomId) => idOf(answer.updates, randomId));
    const first = messageIds.find((id) => id !== null);
    const shown = first === undefined ? undefined : messageOf(answer.updates, first);
    if (first !== undefined && (shown || !isToBeScheduled))
      return { messageIds, date: shown?.date ?? answer.date };
  }
  throw new AnswerUnclear(`the answer ${answer.className} does not name the message sent`);
}

/**
 * The ids around those that are named, where the items that the answer left out must be, and what they have in common.
 * Undefined where nothing is left out, or the answer does not show the album.
 */
export function aroundUnnamed(
  answer: Api.TypeUpdates,
  { messageIds }: Sent,
): { readonly ids: readonly number[]; readonly groupedId: string } | undefined {
  if (!messageIds.includes(null) || !('updates' in answer)) return undefined;
  const named = messageIds.filter((id) => id !== null);
  const groupedId = messageOf(answer.updates, named[0]!)?.groupedId?.toString();
  if (groupedId === undefined) return undefined;
  const [lowest, highest] = [Math.min(...named), Math.max(...named)];
  const reach = messageIds.length;
  const around = Array.from(
    { length: highest - lowest + 2 * reach + 1 },
    (_, index) => lowest - reach + index,
  );
  return { ids: around.filter((id) => id > 0 && !named.includes(id)), groupedId };
}

/** `sent` with the ids of its unnamed items, which `found` has in the order of the album, if it has just as many. */
export function withFound(sent: Sent, found: readonly number[]): Sent {
  const unnamed = sent.messageIds.filter((id) => id === null).length;
  if (found.length !== unnamed) return sent;
  const rising = found.toSorted((a, b) => a - b);
  return { ...sent, messageIds: sent.messageIds.map((id) => id ?? rising.shift()!) };
}

function idOf(updates: readonly Api.TypeUpdate[], randomId: string): number | null {
  for (const update of updates) {
    if (update instanceof Api.UpdateMessageID && update.randomId?.toString() === randomId) return update.id;
  }
  return null;
}

function messageOf(updates: readonly Api.TypeUpdate[], messageId: number): Api.Message | undefined {
  for (const update of updates) {
    if (!('message' in update) || !(update.message instanceof Api.Message)) continue;
    if (update.message.id === messageId) return update.message;
  }
  return undefined;
}
