/** Pinned messages: kept with the message, told to the account's sessions and to the other account of a private chat. */
import type { Account } from '../world/accounts.ts';
import { unmark } from '../world/chat-ids.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { announce, newsOf } from './answers.ts';
import { deliverService } from './deliver.ts';
import { adminRightsOf, peerOf } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { findWritten, marksOf, topicOf, writtenIn, type Written } from './written.ts';

interface UpdatePinned extends TlObject {
  peer: TlObject;
  id: number;
  unpin: boolean;
  pmOneside: boolean;
}

/** Errors as core.telegram.org/method/messages.updatePinnedMessage lists them. */
export const pinMethods: MethodTable = {
  'messages.updatePinnedMessage': method<UpdatePinned>((context, { peer, id, unpin, pmOneside }) => {
    const { state, account, call } = context;
    const chat = pinnableChat(account, peer);
    const written = findWritten(state, account, chat, id);
    const marks = written && marksOf(written);
    if (!marks) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    if ((marks.isPinned ?? false) === !unpin) throw new RpcError(400, 'CHAT_NOT_MODIFIED');
    const updates = setPinned(state, account, [written], !unpin, call.session);
    const twin = pmOneside ? undefined : written.delivery?.twin;
    const other = twin && state.accounts.find(twin.account);
    const theirs = other?.world.chats.get(twin?.chatId ?? 0n);
    const found = theirs && findWritten(state, other!, theirs, twin!.messageId);
    if (found) setPinned(state, other!, [found], !unpin, undefined);
    if (unpin || chat.id === account.id) return updates;
    const { topicId } = written.delivery ?? {};
    const service = { action: { _: 'messageActionPinMessage' }, replyTo: id, topicId };
    const pinning = deliverService(state, account, chat, service, call.session);
    const news = newsOf(state, account, chat, [pinning]);
    return { ...news, updates: [...(updates.updates as TlObject[]), ...(news.updates as TlObject[])] };
  }),

  'messages.unpinAllMessages': method<TlObject & { peer: TlObject; topMsgId?: number }>(
    ({ state, account, call }, { peer, topMsgId }) => {
      const chat = pinnableChat(account, peer);
      const pinned = pinnedIn(state, account, chat).filter(
        (written) => topMsgId === undefined || topicOf(written) === topMsgId,
      );
      if (pinned.length > 0) setPinned(state, account, pinned, false, call.session);
      const { pts } = isChannel(chat) ? chat : account;
      return { _: 'messages.affectedHistory', pts, ptsCount: pinned.length, offset: 0 };
    },
  ),
};

/** The pinned messages of a chat, the newest first. */
export function pinnedIn(state: SandboxState, account: Account, chat: Chat): Written[] {
  return writtenIn(state, account, chat).filter((written) => marksOf(written)?.isPinned);
}

function setPinned(
  state: SandboxState,
  account: Account,
  all: readonly Written[],
  pinned: boolean,
  except: Session | undefined,
): TlObject {
  const chat = all[0]!.chat;
  for (const written of all) marksOf(written)!.isPinned = pinned;
  const messages = all.map(({ id }) => id);
  const counted = { pinned, messages, ptsCount: messages.length };
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  const update = isChannel(chat)
    ? { _: 'updatePinnedChannelMessages', channelId: unmark(chat.id).id, ...counted }
    : { _: 'updatePinnedMessages', peer: peerOf(chat.id), ...counted };
  return announce(state, account, chat, update, except);
}

/** The chat that a peer names. Throws CHAT_ADMIN_REQUIRED where the account may not pin. */
function pinnableChat(account: Account, peer: TlObject): Chat {
  const chat = chatOf(account, peer);
  if (chat.banned || (chat.kind === 'channel' && !adminRightsOf(chat)))
    throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
  return chat;
}
