/**
 * Inside invokeWithoutUpdates a session is pushed no update of what the account does elsewhere, and the answer to a send
 * still names the message: by updateShortSentMessage, or by Updates with updateMessageID (core.telegram.org/api/invoking,
 * github.com/hydrogram/hydrogram/issues/70). gateway/telegram/link.ts wraps every call in it, and gateway/telegram/sent.ts reads no other answer.
 * Asked last, of all that both sessions sent and were told.
 */
import type { Belief } from './belief.ts';

export const withoutUpdates: Belief = {
  claim:
    'Inside invokeWithoutUpdates the answer to a send names the message, and no session is pushed updates',
  check: ({ text, media }) => {
    const forms = new Set([...text.forms.keys(), ...media.forms.keys()]);
    const pushes = text.pushes + media.pushes;
    const told = pushes === 0 ? 'none' : String(pushes);
    return Promise.resolve({
      answer: `answers: ${[...forms].sort().join('; ')}. Updates pushed: ${told}`,
      agrees: pushes === 0 && forms.size > 0,
    });
  },
};
