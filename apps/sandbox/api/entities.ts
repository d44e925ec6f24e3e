/** Chats, users and peers as TL objects. */
import type { Account } from '../accounts.ts';
import { unmark } from '../chat-ids.ts';
import { prepare } from '../tl/prepared.ts';
import type { TlObject } from '../tl/values.ts';
import { phoneOf, type Chat } from '../world.ts';

/** Telegram's own notifications. */
const SERVICE_ID = 777000n;
const CREATED = Date.UTC(2024, 4, 1) / 1000;

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
  account: Account;
  entity: TlObject;
}

const madeByChat = new WeakMap<Chat, Made>();

/** A user or chat object, made anew only where something that shows in it has changed. */
function entityOf(account: Account, chat: Chat): TlObject {
  const made = madeByChat.get(chat);
  const isFresh =
    made?.account === account &&
    made.banned === chat.banned &&
    made.inDialogs === chat.inDialogs &&
    made.slowModeSeconds === chat.slowModeSeconds &&
    made.isForum === (chat.topics !== undefined);
  if (isFresh) return made.entity;
  const { banned, inDialogs, slowModeSeconds } = chat;
  const isForum = chat.topics !== undefined;
  const entity = prepare(chat.kind === 'user' ? userObject(account, chat) : chatObject(account, chat));
  madeByChat.set(chat, { banned, inDialogs, slowModeSeconds, isForum, account, entity });
  return entity;
}

/** A user as TL object; the account itself carries its phone number. */
export function userObject(account: Account, user: Chat): TlObject {
  const isSelf = user.id === account.id;
  return {
    _: 'user',
    id: user.id,
    accessHash: account.accessHash(user.id),
    self: isSelf,
    contact: isContact(account, user),
    verified: user.id === SERVICE_ID,
    support: user.id === SERVICE_ID,
    firstName: isSelf ? account.firstName : user.title,
    username: user.username,
    phone: isSelf ? account.phone : isContact(account, user) ? phoneOf(user) : undefined,
    status: { _: 'userStatusRecently' },
  };
}

/** Whether a chat is with someone in the account's phone book. */
export function isContact(account: Account, { id, kind, inDialogs }: Chat): boolean {
  return kind === 'user' && inDialogs && id !== account.id && id !== SERVICE_ID;
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
    date: CREATED,
    participantsCount: chat.members,
  };
  if (chat.kind === 'chat') return { _: 'chat', id, ...shared, version: 1, ...migration(account, chat) };
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
    username: chat.username,
    adminRights: chat.kind === 'channel' && !chat.banned ? POST_RIGHTS : undefined,
    bannedRights: chat.banned ? BANNED_RIGHTS : undefined,
  };
}

/** Where a basic chat went that became a supergroup. */
function migration(account: Account, { migratedTo }: Chat): Partial<TlObject> {
  if (migratedTo === undefined) return {};
  const accessHash = account.accessHash(migratedTo);
  const channel = { _: 'inputChannel', channelId: unmark(migratedTo).id, accessHash };
  return { deactivated: true, migratedTo: channel };
}

const POST_RIGHTS: TlObject = { _: 'chatAdminRights', postMessages: true };
const BANNED_RIGHTS: TlObject = {
  _: 'chatBannedRights',
  sendMessages: true,
  sendMedia: true,
  sendPlain: true,
  untilDate: 0,
};
