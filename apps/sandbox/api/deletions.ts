/** Deleting messages: they leave the history, the next one becomes the chat's newest, and sessions get the update. */
import type { Account } from '../world/accounts.ts';
import { unmark } from '../world/chat-ids.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, standAt, type Chat } from '../world/chat.ts';
import { announce, updatesWith } from './answers.ts';
import { noteTop } from './deliver.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { findCommon, findWritten, writtenIn } from './written.ts';

interface Ids extends TlObject {
  id: number[];
  channel: TlObject;
}

interface Clear extends TlObject {
  maxId: number;
  revoke: boolean;
}

export const deletionMethods: MethodTable = {
  'channels.deleteMessages': method<Ids>(({ state, account, call }, { channel, id }) => {
    const chat = chatOf(account, channel);
    const found = id.map((one) => findWritten(state, account, chat, one)?.delivery);
    const ptsCount = deleteMessages(state, account, chat, found.filter(isThere), call.session);
    return { _: 'messages.affectedMessages', pts: chat.pts, ptsCount };
  }),

  'messages.deleteMessages': method<Ids & { revoke: boolean }>(({ state, account, call }, { id, revoke }) => {
    const found = id.map((one) => findCommon(state, account, one)?.delivery).filter(isThere);
    let ptsCount = 0;
    for (const [chatId, messages] of Map.groupBy(found, (delivery) => delivery.chatId)) {
      const chat = account.world.chats.get(chatId)!;
      ptsCount += deleteMessages(state, account, chat, messages, call.session);
      if (revoke) deleteTwins(state, messages);
    }
    return { _: 'messages.affectedMessages', pts: account.pts, ptsCount };
  }),

  'messages.deleteHistory': method<Clear & { peer: TlObject; justClear: boolean }>((context, request) => {
    const { account } = context;
    const chat = chatOf(account, request.peer);
    if (isChannel(chat)) throw new RpcError(400, 'PEER_ID_INVALID');
    const ptsCount = clearHistory(context, chat, request);
    if (!request.justClear) chat.inDialogs = false;
    return { _: 'messages.affectedHistory', pts: account.pts, ptsCount, offset: 0 };
  }),

  'channels.deleteHistory': method<Clear & { channel: TlObject }>((context, { channel, maxId }) => {
    const { state, account } = context;
    const chat = chatOf(account, channel);
    clearHistory(context, chat, { _: '', maxId, revoke: false });
    const update = {
      _: 'updateChannelAvailableMessages',
      channelId: unmark(chat.id).id,
      availableMinId: maxId,
    };
    return updatesWith(state, account, chat, [update]);
  }),
};

/** Deletes what was written in a chat up to a message; the greeting and the starts of topics stay. */
function clearHistory({ state, account, call }: MethodContext, chat: Chat, { maxId, revoke }: Clear): number {
  const all = writtenIn(state, account, chat).filter(({ id }) => maxId === 0 || id <= maxId);
  const found = all.map(({ delivery }) => delivery).filter(isThere);
  if (revoke) deleteTwins(state, found);
  return deleteMessages(state, account, chat, found, call.session);
}

/** Deletes messages of one chat, and returns how much that counts for. `except` is the session that asked for it. */
export function deleteMessages(
  state: SandboxState,
  account: Account,
  chat: Chat,
  deliveries: readonly Delivery[],
  except: Session | undefined,
): number {
  const ptsCount = deliveries.length;
  if (ptsCount === 0) return 0;
  for (const delivery of deliveries) delivery.isDeleted = true;
  if (chat.top?.isDeleted) findTop(state, account, chat);
  const messages = deliveries.map(({ messageId }) => messageId);
  const update = isChannel(chat)
    ? { _: 'updateDeleteChannelMessages', channelId: unmark(chat.id).id, messages, ptsCount }
    : { _: 'updateDeleteMessages', messages, ptsCount };
  announce(state, account, chat, update, except);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  return ptsCount;
}

/** Deletes messages of a private chat for the other account as well. */
function deleteTwins(state: SandboxState, deliveries: readonly Delivery[]): void {
  const twins = deliveries.map(({ twin }) => twin).filter(isThere);
  const [account, chatId] = [state.accounts.find(twins[0]?.account), twins[0]?.chatId ?? 0n];
  const chat = account?.world.chats.get(chatId);
  if (account && chat)
    deleteMessages(
      state,
      account,
      chat,
      twins.filter(({ isDeleted }) => !isDeleted),
      undefined,
    );
}

function findTop(state: SandboxState, account: Account, chat: Chat): void {
  const newest = writtenIn(state, account, chat)[0]!;
  if (newest.delivery) noteTop(chat, newest.delivery);
  else standAt(chat, newest, undefined);
}

function isThere<Item>(item: Item | undefined): item is Item {
  return item !== undefined;
}
