/** Finds messages in Telegram's answer to a send, whichever of its two forms the answer has. */
import { Api } from 'telegram/tl/index.js';
import { OutcomeUnknown } from '../model/telegram-error.ts';
import type { Sent } from './account.ts';

/**
 * The messages that `randomIds` became. The first answer for a user may be the short form; a repeated one is Updates,
 * where each random_id leads to an id.
 * @throws OutcomeUnknown when the answer does not name all of them
 */
export function findSent(answer: Api.TypeUpdates, randomIds: readonly string[]): Sent {
  if (answer instanceof Api.UpdateShortSentMessage) return { messageIds: [answer.id], date: answer.date };
  if (answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined) {
    const messageIds = randomIds.map((randomId) => idOf(answer.updates, randomId));
    if (messageIds.every((id) => id !== undefined)) {
      return { messageIds, date: dateOf(answer.updates, messageIds[0]!) ?? answer.date };
    }
  }
  throw new OutcomeUnknown(`the answer ${answer.className} does not name the message sent`);
}

function idOf(updates: readonly Api.TypeUpdate[], randomId: string): number | undefined {
  for (const update of updates) {
    if (update instanceof Api.UpdateMessageID && update.randomId?.toString() === randomId) return update.id;
  }
  return undefined;
}

function dateOf(updates: readonly Api.TypeUpdate[], messageId: number): number | undefined {
  for (const update of updates) {
    if (!('message' in update) || !(update.message instanceof Api.Message)) continue;
    if (update.message.id === messageId) return update.message.date;
  }
  return undefined;
}
