/** Messages that were begun and not sent (core.telegram.org/api/drafts); they are the same in every session. */
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { pushToOthers } from './push-to-others.ts';
import { entitiesOf, peerOf } from './entities.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';

const noDraft: TlObject = { _: 'draftMessageEmpty' };

interface SaveDraft extends TlObject {
  peer: TlObject;
  message: string;
  replyTo?: TlObject & { topMsgId?: number };
  media?: TlObject;
}

export const draftMethods: MethodTable = {
  'messages.saveDraft': method<SaveDraft>((context, { peer, replyTo, ...content }) => {
    const chat = chatOf(context.account, peer);
    const topic = replyTo?.topMsgId ?? 0;
    if (content.message === '' && !replyTo && !content.media) clearDraft(context, chat, topic);
    else {
      const draft = { ...content, replyTo, _: 'draftMessage', date: context.state.clock.seconds() };
      (chat.drafts ??= new Map()).set(topic, draft);
      pushToOthers(context, [chat], [draftUpdate(chat, topic, draft)]);
    }
    return true;
  }),

  'messages.getAllDrafts': method(({ state, account }) => {
    const chats = [...account.world.chats.values()].filter(({ drafts }) => drafts);
    const updates = chats.flatMap((chat) =>
      [...(chat.drafts ?? [])].map(([topic, draft]) => draftUpdate(chat, topic, draft)),
    );
    return { _: 'updates', updates, ...entitiesOf(account, chats), date: state.clock.seconds(), seq: 0 };
  }),

  'messages.clearAllDrafts': method((context) => {
    const chats = [...context.account.world.chats.values()];
    for (const chat of chats)
      for (const topic of [...(chat.drafts?.keys() ?? [])]) clearDraft(context, chat, topic);
    return true;
  }),
};

/** Forgets a draft, where there is one, and says so to the other sessions. */
export function clearDraft(context: MethodContext, chat: Chat, topic: number): void {
  if (chat.drafts?.delete(topic)) pushToOthers(context, [chat], [draftUpdate(chat, topic, noDraft)]);
}

function draftUpdate(chat: Chat, topic: number, draft: TlObject): TlObject {
  return { _: 'updateDraftMessage', peer: peerOf(chat.id), topMsgId: topic || undefined, draft };
}
