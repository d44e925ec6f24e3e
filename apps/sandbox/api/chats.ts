/** Groups and channels, in short and in full. */
import type { Account } from '../world/accounts.ts';
import { unmark } from '../world/chat-ids.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { created, entitiesOf } from './entities.ts';
import { membersOf } from './members.ts';
import { method, type MethodTable } from './method.ts';
import { notifySettingsOf } from './notify-settings.ts';
import { chatOf } from './peers.ts';
import { pinnedIn } from './pins.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const noPhoto: TlObject = { _: 'photoEmpty', id: 0n };
const allReactions: TlObject = { _: 'chatReactionsAll' };

export const chatMethods: MethodTable = {
  'channels.getChannels': method<TlObject & { id: TlObject[] }>(({ account }, { id }) => {
    return {
      _: 'messages.chats',
      chats: entitiesOf(
        account,
        id.map((channel) => chatOf(account, channel)),
      ).chats,
    };
  }),

  'messages.getChats': method<TlObject & { id: bigint[] }>(({ account }, { id }) => {
    return {
      _: 'messages.chats',
      chats: entitiesOf(
        account,
        id.map((chatId) => basicChat(account, chatId)),
      ).chats,
    };
  }),

  'channels.getFullChannel': method<TlObject & { channel: TlObject }>(({ state, account }, { channel }) => {
    const chat = chatOf(account, channel);
    const fullChat = {
      _: 'channelFull',
      id: unmark(chat.id).id,
      about: '',
      participantsCount: chat.members,
      readInboxMaxId: chat.topMessageId,
      readOutboxMaxId: chat.topMessageId,
      unreadCount: 0,
      chatPhoto: noPhoto,
      notifySettings: notifySettingsOf(chat),
      botInfo: [],
      availableReactions: allReactions,
      folderId: chat.archived ? 1 : undefined,
      slowmodeSeconds: chat.slowModeSeconds || undefined,
      pinnedMsgId: pinnedIn(state, account, chat)[0]?.id,
      pts: chat.pts,
    };
    return { _: 'messages.chatFull', fullChat, ...entitiesOf(account, [chat]) };
  }),

  'messages.getFullChat': method<TlObject & { chatId: bigint }>(({ state, account }, { chatId }) => {
    const chat = basicChat(account, chatId);
    const members = membersOf(account, chat).slice(0, chat.members);
    const listed = members.map(({ id: userId }) =>
      userId === account.id
        ? { _: 'chatParticipantCreator', userId }
        : { _: 'chatParticipant', userId, inviterId: account.id, date: created },
    );
    const participants = { _: 'chatParticipants', chatId, participants: listed, version: 1 };
    const notifySettings = notifySettingsOf(chat);
    const fullChat = {
      _: 'chatFull',
      id: chatId,
      about: '',
      participants,
      chatPhoto: noPhoto,
      notifySettings,
      pinnedMsgId: pinnedIn(state, account, chat)[0]?.id,
      availableReactions: allReactions,
      folderId: chat.archived ? 1 : undefined,
    };
    const known = [chat, ...members];
    return { _: 'messages.chatFull', fullChat, ...entitiesOf(account, known) };
  }),
};

function basicChat(account: Account, id: bigint): Chat {
  const chat = account.world.chats.get(-id);
  if (chat?.kind !== 'chat') throw new RpcError(400, 'CHAT_ID_INVALID');
  return chat;
}
