/** Chats, users and peers as TL objects. */
import type { Account } from '../world/accounts.ts';
import { markChannel, unmark } from '../world/chat-ids.ts';
import { prepare } from '../tl/prepared.ts';
import type { TlObject } from '../tl/values.ts';
import { phoneOf, usernamesOf, type Chat, type Contact } from '../world/chat.ts';
import { serviceId } from '../world/fixed-chats.ts';

const forEver = 0x7fffffff;
/** When every group was made. */
export const created = Date.UTC(2024, 4, 1) / 1000;

/** Users and chats side by side, as most answers carry them. */
export interface EntityLists {
  users: TlObject[];
  chats: TlObject[];
}

/** The TL peer of a marked id. */
export function peerOf(chatId: bigint): TlObject {
  const { type, id } = unmark(chatId);
  if (type === 'user') return { _: 'peerUser', userId: id };
  if (type === 'chat') return { _: 'peerChat', chatId: id };
  return { _: 'peerChannel', channelId: id };
}

/** The marked id of a TL peer. */
export function markOf(peer: TlObject): bigint {
  if (peer._ === 'peerUser') return peer.userId as bigint;
  return peer._ === 'peerChat' ? -(peer.chatId as bigint) : markChannel(peer.channelId as bigint);
}

/** The user or chat object of each chat, each in its list. */
export function entitiesOf(account: Account, chats: Iterable<Chat>): EntityLists {
  const lists: EntityLists = { users: [], chats: [] };
  for (const chat of chats) {
    const list = chat.kind === 'user' ? lists.users : lists.chats;
    list.push(entityOf(account, chat));
  }
  return lists;
}

/** The entity of a chat, and what of the chat it was made from. */
interface Made {
  banned: boolean;
  inDialogs: boolean;
  slowModeSeconds: number;
  isForum: boolean;
  contact: Contact | undefined;
  usernames: string;
  accessHash: bigint;
  account: Account;
  entity: TlObject;
}

const madeByChat = new WeakMap<Chat, Made>();

/** A user or chat object, made anew only where something that shows in it has changed. */
function entityOf(account: Account, chat: Chat): TlObject {
  const made = madeByChat.get(chat);
  const usernames = usernamesOf(chat).join();
  const accessHash = account.accessHash(chat.id);
  const isFresh =
    made?.account === account &&
    made.banned === chat.banned &&
    made.inDialogs === chat.inDialogs &&
    made.slowModeSeconds === chat.slowModeSeconds &&
    made.contact === chat.contact &&
    made.usernames === usernames &&
    made.accessHash === accessHash &&
    made.isForum === (chat.topics !== undefined);
  if (isFresh) return made.entity;
  const { banned, contact, inDialogs, slowModeSeconds } = chat;
  const isForum = chat.topics !== undefined;
  const entity = prepare(chat.kind === 'user' ? userObject(account, chat) : chatObject(account, chat));
  const shown = { banned, contact, inDialogs, slowModeSeconds, isForum, usernames, accessHash };
  madeByChat.set(chat, { ...shown, account, entity });
  return entity;
}

/** A user as TL object; the account itself carries its phone number. */
export function userObject(account: Account, user: Chat): TlObject {
  const isSelf = user.id === account.id;
  const { contact } = user;
  return {
    _: 'user',
    id: user.id,
    accessHash: account.accessHash(user.id),
    self: isSelf,
    contact: contact !== undefined,
    mutualContact: contact?.isMutual,
    verified: user.id === serviceId,
    support: user.id === serviceId,
    firstName: isSelf ? account.firstName : (contact?.firstName ?? user.title),
    lastName: contact?.lastName || undefined,
    ...usernameFields(user),
    phone: isSelf ? account.phone : contact && phoneOf(user),
    status: { _: 'userStatusRecently' },
  };
}

/** One username stands alone; of several all are in the list, and the first one may be edited. */
function usernameFields(chat: Chat): Partial<TlObject> {
  if (chat.moreUsernames.length === 0) return { username: chat.username };
  const usernames = usernamesOf(chat).map((username, place) => {
    return { _: 'username', username, active: true, editable: place === 0 };
  });
  return { usernames };
}

/** The account itself. */
export function selfObject(account: Account): TlObject {
  return userObject(account, account.world.chats.get(account.id)!);
}

function chatObject(account: Account, chat: Chat): TlObject {
  const { id } = unmark(chat.id);
  const shared = {
    title: chat.title,
    photo: { _: 'chatPhotoEmpty' },
    date: created,
    participantsCount: chat.members,
  };
  const defaultBannedRights = chat.kind === 'channel' ? undefined : nothingBanned;
  if (chat.kind === 'chat') {
    return {
      _: 'chat',
      creator: true,
      id,
      ...shared,
      defaultBannedRights,
      version: 1,
      ...migration(account, chat),
    };
  }
  return {
    _: 'channel',
    id,
    accessHash: account.accessHash(chat.id),
    ...shared,
    broadcast: chat.kind === 'channel',
    megagroup: chat.kind === 'supergroup',
    forum: chat.topics !== undefined,
    slowmodeEnabled: chat.slowModeSeconds > 0,
    left: !chat.inDialogs,
    ...usernameFields(chat),
    adminRights: adminRightsOf(chat),
    bannedRights: chat.banned ? bannedRights : undefined,
    defaultBannedRights,
  };
}

/** What the account may do as an administrator. It is none where it is banned, or held to slow mode. */
export function adminRightsOf({ kind, banned, slowModeSeconds }: Chat): TlObject | undefined {
  if (banned || slowModeSeconds > 0) return undefined;
  if (kind === 'channel') return channelRights;
  return kind === 'supergroup' ? groupRights : undefined;
}

/** Where a basic chat went that became a supergroup. */
function migration(account: Account, { migratedTo }: Chat): Partial<TlObject> {
  if (migratedTo === undefined) return {};
  const accessHash = account.accessHash(migratedTo);
  const channel = { _: 'inputChannel', channelId: unmark(migratedTo).id, accessHash };
  return { deactivated: true, migratedTo: channel };
}

/** `other` is set in all rights of administrators. */
const sharedRights = { _: 'chatAdminRights', other: true, deleteMessages: true, inviteUsers: true };
const channelRights: TlObject = { ...sharedRights, postMessages: true, editMessages: true };
const groupRights: TlObject = { ...sharedRights, changeInfo: true, pinMessages: true, manageTopics: true };
const nothingBanned: TlObject = { _: 'chatBannedRights', untilDate: forEver };
/** What an account may not do where it is banned. */
export const bannedRights: TlObject = {
  _: 'chatBannedRights',
  sendMessages: true,
  sendMedia: true,
  sendPlain: true,
  sendPhotos: true,
  sendVideos: true,
  sendRoundvideos: true,
  sendAudios: true,
  sendVoices: true,
  sendDocs: true,
  sendStickers: true,
  sendGifs: true,
  sendGames: true,
  sendInline: true,
  sendPolls: true,
  embedLinks: true,
  untilDate: forEver,
};
