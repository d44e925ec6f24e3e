/**
 * The message that a repeat names can be edited by its id, and a further repeat with the old text answers with the same
 * message and leaves the edit as it is. No source says so. Edits by a gateway, and the repeats of gateway/outbox/attempt.ts
 * after somebody edited the message by hand, rely on it.
 */
import { Api } from 'telegram/tl/index.js';
import type { Belief } from './belief.ts';
import { wordsOf } from './messages.ts';
import type { Repeated } from './repeated-id.ts';

const edited = wordsOf('a text that was edited');

export function editOfRepeated(text: Repeated): Belief {
  return {
    claim: 'A repeated text can be edited by its id, and a further repeat leaves the edit as it is',
    check: async (stage) => {
      const id = Number(text.first().ids);
      const peer = new Api.InputPeerSelf();
      await stage.text.call(new Api.messages.EditMessage({ peer, id, message: edited }));
      const repeated = await text.again(stage.text);
      const request = new Api.messages.GetMessages({ id: [new Api.InputMessageID({ id })] });
      const { messages } = await stage.text.call<Api.messages.Messages>(request);
      const [now] = messages;
      const isKept = now instanceof Api.Message && now.message === edited;
      return {
        answer: `edited; the repeat: ${repeated.answer}; the edit ${isKept ? 'stays' : 'is gone'}`,
        agrees: repeated.agrees && isKept,
      };
    },
  };
}
