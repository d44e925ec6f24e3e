/** Between our peers and the library's: input peers made from our own table, and peers read from answers. */
import { Api } from 'telegram/tl/index.js';
import bigInt from 'big-integer';
import { markId, unmarkId } from '../model/marked-id.ts';
import type { Peer, PeerAddress } from '../model/account.ts';

/** The input peer of a chat; made from its hash, so that the library looks nothing up. */
export function inputPeer({ chatId, kind, accessHash }: PeerAddress): Api.TypeInputPeer {
  if (kind === 'self') return new Api.InputPeerSelf();
  const id = long(unmarkId(BigInt(chatId)).bareId.toString());
  switch (kind) {
    case 'user':
      return new Api.InputPeerUser({ userId: id, accessHash: long(accessHash) });
    case 'chat':
      return new Api.InputPeerChat({ chatId: id });
    case 'channel':
      return new Api.InputPeerChannel({ channelId: id, accessHash: long(accessHash) });
  }
}

/** A decimal string as the library's 64-bit number. */
export function long(decimal: string): bigInt.BigInteger {
  return bigInt(decimal);
}

/** The marked id of a peer that an answer names. */
export function chatIdOf(peer: Api.TypePeer): string {
  if (peer instanceof Api.PeerUser) return peer.userId.toString();
  if (peer instanceof Api.PeerChat) return markId('chat', BigInt(peer.chatId.toString())).toString();
  return markId('channel', BigInt(peer.channelId.toString())).toString();
}

/** The peers of an answer's users and chats that can be addressed later; `min` ones carry a hash not to be kept. */
export function readPeers(users: readonly Api.TypeUser[], chats: readonly Api.TypeChat[]): Peer[] {
  const supergroups = chats.map(readMigratedTo); // Before the chats: one that is among them too is known better there.
  return [...users.map(readUser), ...supergroups, ...chats.map(readChat)].filter(
    (peer) => peer !== undefined,
  );
}

function readUser(user: Api.TypeUser): Peer | undefined {
  if (!(user instanceof Api.User) || user.min || (!user.self && !user.accessHash)) return undefined;
  return {
    chatId: user.id.toString(),
    kind: user.self ? 'self' : 'user',
    accessHash: user.accessHash?.toString() ?? '0',
    title: [user.firstName, user.lastName].filter(Boolean).join(' ') || (user.username ?? ''),
    ...activeNames(user),
    phone: user.phone ?? undefined,
    isContact: user.contact === true || user.mutualContact === true,
    isBot: user.bot === true,
    writable: !user.deleted,
  };
}

/** The supergroup that a basic group has become, as the basic group knows it. */
function readMigratedTo(chat: Api.TypeChat): Peer | undefined {
  if (!(chat instanceof Api.Chat) || !(chat.migratedTo instanceof Api.InputChannel)) return undefined;
  const { channelId, accessHash } = chat.migratedTo;
  return {
    chatId: markId('channel', BigInt(channelId.toString())).toString(),
    kind: 'channel',
    accessHash: accessHash.toString(),
    title: chat.title,
    username: undefined,
    phone: undefined,
    writable: true,
  };
}

function readChat(chat: Api.TypeChat): Peer | undefined {
  if (chat instanceof Api.Chat) {
    return {
      chatId: markId('chat', BigInt(chat.id.toString())).toString(),
      kind: 'chat',
      accessHash: '0',
      title: chat.title,
      username: undefined,
      phone: undefined,
      writable: !chat.left && !chat.deactivated && !chat.defaultBannedRights?.sendMessages,
      migratedTo: readMigratedTo(chat)?.chatId,
    };
  }
  if (!(chat instanceof Api.Channel) || chat.min || !chat.accessHash) return undefined;
  const mayPost = chat.creator === true || chat.adminRights?.postMessages === true;
  const muted = chat.bannedRights?.sendMessages || chat.defaultBannedRights?.sendMessages;
  return {
    chatId: markId('channel', BigInt(chat.id.toString())).toString(),
    kind: 'channel',
    accessHash: chat.accessHash.toString(),
    title: chat.title,
    ...activeNames(chat),
    phone: undefined,
    writable: !chat.left && (chat.broadcast ? mayPost : !muted || chat.creator === true),
  };
}

/** One name stands alone; of several all are in the list (td, `Usernames.cpp`), those switched off included, which lead nowhere. */
function activeNames({ username, usernames }: Pick<Api.User, 'username' | 'usernames'>) {
  const active = (usernames ?? []).filter((each) => each.active).map((each) => each.username);
  const [first, ...more] = [...(username ? [username] : []), ...active]; // What an answer leaves out is null.
  return { username: first, usernames: more };
}
