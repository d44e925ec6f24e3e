/** Joining channels and leaving them, and the groups that two people are both in. */
import { unmark } from '../world/chat-ids.ts';
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { entitiesOf, peerOf } from './entities.ts';
import { membersOf } from './members.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf, userOf } from './peers.ts';
import { pushToOthers } from './push-to-others.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const maxCommon = 100;

export const joiningMethods: MethodTable = {
  'channels.joinChannel': method<TlObject & { channel: TlObject }>((context, { channel }) => {
    const chat = channelOf(context.account, channel);
    if (chat.inDialogs) throw new RpcError(400, 'USER_ALREADY_PARTICIPANT');
    chat.members++;
    return { _: 'messages.chatInviteJoinResultOk', updates: moved(context, chat, true) };
  }),

  'channels.leaveChannel': method<TlObject & { channel: TlObject }>((context, { channel }) => {
    const chat = channelOf(context.account, channel);
    if (!chat.inDialogs) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
    chat.members--;
    return moved(context, chat, false);
  }),

  'channels.getSendAs': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    const peers = [{ _: 'sendAsPeer', peer: peerOf(account.id) }];
    return { _: 'channels.sendAsPeers', peers, ...entitiesOf(account, [account.world.self]) };
  }),

  'messages.getCommonChats': method<TlObject & { userId: TlObject; maxId: bigint; limit: number }>(
    ({ account }, { userId, maxId, limit }) => {
      const user = userOf(account, userId);
      const common = commonChats(account, user);
      const start = maxId === 0n ? 0 : common.findIndex(({ id }) => unmark(id).id === maxId) + 1;
      const page = common.slice(start, start + Math.min(limit > 0 ? limit : maxCommon, maxCommon));
      const { chats } = entitiesOf(account, page);
      if (page.length === common.length) return { _: 'messages.chats', chats };
      return { _: 'messages.chatsSlice', count: common.length, chats };
    },
  ),

  'messages.getOnlines': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return { _: 'chatOnlines', onlines: 1 };
  }),
};

/** The groups that the account and a user are both in. */
export function commonChats(account: Account, user: Chat): Chat[] {
  if (user.id === account.id) return [];
  return [...account.world.chats.values()].filter(
    (chat) =>
      (chat.kind === 'chat' || chat.kind === 'supergroup') &&
      chat.inDialogs &&
      membersOf(account, chat).includes(user),
  );
}

/** Takes the account into a channel or out of it, and says so to its sessions. */
function moved(context: MethodContext, chat: Chat, inDialogs: boolean): TlObject {
  chat.inDialogs = inDialogs;
  context.state.events.emit({ type: 'chat', account: context.account.id, chatId: chat.id });
  return pushToOthers(context, [chat], [{ _: 'updateChannel', channelId: unmark(chat.id).id }]);
}

/** Throws CHANNEL_INVALID where a basic group is named. */
function channelOf(account: Account, channel: TlObject): Chat {
  const chat = chatOf(account, channel);
  if (chat.kind === 'user' || chat.kind === 'chat') throw new RpcError(400, 'CHANNEL_INVALID');
  return chat;
}
