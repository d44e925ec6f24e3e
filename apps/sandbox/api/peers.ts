/** Input peers of requests, checked as Telegram does: the chat must exist and the access hash be this account's. */
import type { Account } from '../world/accounts.ts';
import { markChannel } from '../world/chat-ids.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

/** The marked id that an input peer, user or channel names, without any check; undefined where it names none. */
export function chatIdOf(account: Account, peer: TlObject): bigint | undefined {
  switch (peer._) {
    case 'inputPeerSelf':
    case 'inputUserSelf':
      return account.id;
    case 'inputPeerUser':
    case 'inputUser':
      return peer.userId as bigint;
    case 'inputPeerChat':
      return -(peer.chatId as bigint);
    case 'inputPeerChannel':
    case 'inputChannel':
      return markChannel(peer.channelId as bigint);
    default:
      return undefined;
  }
}

/** The chat that an input peer names. Throws PEER_ID_INVALID or CHANNEL_INVALID. */
export function chatOf(account: Account, peer: TlObject): Chat {
  const id = chatIdOf(account, peer);
  const chat = id === undefined ? undefined : account.world.chats.get(id);
  const isChannel = peer._ === 'inputPeerChannel' || peer._ === 'inputChannel';
  const isKnown = chat && (peer.accessHash === undefined || peer.accessHash === account.accessHash(chat.id));
  if (!chat || !isKnown) throw new RpcError(400, isChannel ? 'CHANNEL_INVALID' : 'PEER_ID_INVALID');
  return chat;
}

/** The user that an input user names. Throws USER_ID_INVALID. */
export function userOf(account: Account, user: TlObject): Chat {
  try {
    return chatOf(account, user);
  } catch {
    throw new RpcError(400, 'USER_ID_INVALID');
  }
}
