/**
 * Who is in a supergroup or channel: the account, the people of its world, of whom the first is the creator, and whoever
 * wrote there. Telegram lists part of a large group's members too, so that `count` is what can be listed and not the size of the group.
 */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { adminRightsOf, bannedRights, created, peerOf } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { hashOfNumbers } from './tl-hash.ts';

const maxPage = 200;
const creatorRights: TlObject = {
  _: 'chatAdminRights',
  other: true,
  changeInfo: true,
  deleteMessages: true,
  banUsers: true,
  inviteUsers: true,
  pinMessages: true,
  addAdmins: true,
  manageCall: true,
};

interface GetParticipants extends TlObject {
  channel: TlObject;
  filter: TlObject & { q?: string };
  offset: number;
  limit: number;
  hash: bigint;
}

/** Errors as core.telegram.org/method/channels.getParticipants lists them. */
export const memberMethods: MethodTable = {
  'channels.getParticipants': method<GetParticipants>(({ account }, request) => {
    const chat = chatOf(account, request.channel);
    if (chat.kind === 'channel' && !adminRightsOf(chat)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED');
    const members = filtered(membersOf(account, chat), account, chat, request.filter);
    const page = members.slice(request.offset, request.offset + Math.min(request.limit, maxPage));
    const hash = hashOfNumbers(page.map(({ id }) => id));
    if (page.length > 0 && request.hash === hash) return { _: 'channels.channelParticipantsNotModified' };
    const participants = page.map((member) => participantObject(account, chat, member));
    const entities = entitiesFor(account, participants, [chat, ...page]);
    return { _: 'channels.channelParticipants', count: members.length, participants, ...entities };
  }),

  'channels.getParticipant': method<TlObject & { channel: TlObject; participant: TlObject }>(
    ({ account }, request) => {
      const chat = chatOf(account, request.channel);
      const member = chatOf(account, request.participant);
      if (!membersOf(account, chat).includes(member)) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
      const participant = participantObject(account, chat, member);
      const entities = entitiesFor(account, participant, [chat, member]);
      return { _: 'channels.channelParticipant', participant, ...entities };
    },
  ),
};

/** The account first, where it is in, then the others in the order of the world. */
export function membersOf(account: Account, chat: Chat): Chat[] {
  const { chats, people, self } = account.world;
  const authors = [...(chat.authors ?? [])].flatMap((id) => chats.get(id) ?? []);
  const others = new Set([...people, ...authors]);
  others.delete(self);
  return chat.inDialogs ? [self, ...others] : [...others];
}

function creatorOf({ world, id: own }: Account): bigint {
  return world.people[0]?.id ?? own;
}

function filtered(members: Chat[], account: Account, chat: Chat, filter: GetParticipants['filter']): Chat[] {
  const words = filter.q?.toLowerCase() ?? '';
  const found = members.filter(({ title, username }) =>
    [title, username].some((name) => name?.toLowerCase().includes(words)),
  );
  switch (filter._) {
    case 'channelParticipantsAdmins':
      return members.filter((member) => /Creator|Admin/.test(participantObject(account, chat, member)._));
    case 'channelParticipantsContacts':
      return found.filter(({ contact }) => contact !== undefined);
    case 'channelParticipantsBots':
    case 'channelParticipantsKicked':
      return [];
    case 'channelParticipantsBanned':
      return found.filter(({ id }) => id === account.id && chat.banned);
    default:
      return found;
  }
}

function participantObject(account: Account, chat: Chat, { id }: Chat): TlObject {
  const creator = creatorOf(account);
  if (id === creator && !chat.banned) {
    return { _: 'channelParticipantCreator', userId: id, adminRights: creatorRights };
  }
  const shared = { userId: id, date: created };
  if (id !== account.id) return { _: 'channelParticipant', ...shared };
  if (chat.banned) {
    const by = { peer: peerOf(id), kickedBy: creator, date: created };
    return { _: 'channelParticipantBanned', ...by, bannedRights };
  }
  const adminRights = adminRightsOf(chat);
  if (!adminRights) return { _: 'channelParticipantSelf', ...shared, inviterId: creator };
  return {
    _: 'channelParticipantAdmin',
    ...shared,
    self: true,
    inviterId: creator,
    promotedBy: creator,
    adminRights,
  };
}
