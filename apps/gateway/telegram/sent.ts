/** Finds a message in Telegram's answer to a send, whichever of its two forms the answer has. */
import { Api } from 'telegram/tl/index.js';
import { OutcomeUnknown } from './errors.ts';
import type { Sent } from './account.ts';

/**
 * The first answer for a user may be the short form; a repeated one is Updates, where the random_id leads to the id.
 * @throws OutcomeUnknown when the answer has no such message
 */
export function findSent(answer: Api.TypeUpdates, randomId: string): Sent {
  if (answer instanceof Api.UpdateShortSentMessage) return { messageId: answer.id, date: answer.date };
  if (answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined) {
    const named = answer.updates.find(
      (update) => update instanceof Api.UpdateMessageID && update.randomId?.toString() === randomId,
    );
    if (named instanceof Api.UpdateMessageID) {
      return { messageId: named.id, date: dateOf(answer.updates, named.id) ?? answer.date };
    }
  }
  throw new OutcomeUnknown(`the answer ${answer.className} does not name the message sent`);
}

function dateOf(updates: Api.TypeUpdate[], messageId: number): number | undefined {
  for (const update of updates) {
    if (!('message' in update) || !(update.message instanceof Api.Message)) continue;
    if (update.message.id === messageId) return update.message.date;
  }
  return undefined;
}
