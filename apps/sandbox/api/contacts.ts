/** contacts.*: who is in the phone book, and who is behind a name or a number. */
import { digitsOf, type Account } from '../world/accounts.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Contact } from '../world/chat.ts';
import { entitiesOf, peerOf, userObject } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { userOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { hashOfNumbers } from './tl-hash.ts';

/** Contacts without an account; the hash of the list begins with it. */
const savedCount = 0;

interface NewContact {
  id: TlObject;
  firstName: string;
  lastName: string;
}

interface PhoneContact extends TlObject {
  clientId: bigint;
  phone: string;
  firstName: string;
  lastName: string;
}

export const contactMethods: MethodTable = {
  'contacts.getContacts': method<TlObject & { hash: bigint }>(({ account }, { hash }) => {
    const users = [...account.world.chats.values()].filter(({ contact }) => contact !== undefined);
    const ids = users.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1));
    if (hash !== 0n && hash === hashOfNumbers([savedCount, ...ids]))
      return { _: 'contacts.contactsNotModified' };
    return {
      _: 'contacts.contacts',
      contacts: users.map(({ id, contact }) => ({
        _: 'contact',
        userId: id,
        mutual: contact?.isMutual ?? false,
      })),
      savedCount,
      users: users.map((user) => userObject(account, user)),
    };
  }),

  'contacts.resolveUsername': method<TlObject & { username: string }>(({ account }, { username }) => {
    if (!/^[a-z][a-z0-9_]{2,31}$/i.test(username)) throw new RpcError(400, 'USERNAME_INVALID');
    const chat = account.world.findUsername(username);
    if (!chat) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED');
    return resolved(account, chat);
  }),

  'contacts.resolvePhone': method<TlObject & { phone: string }>(({ state, account }, { phone }) => {
    const chat = byPhone(state, account, phone);
    if (!chat) throw new RpcError(400, 'PHONE_NOT_OCCUPIED');
    return resolved(account, chat);
  }),

  'contacts.importContacts': method<TlObject & { contacts: PhoneContact[] }>(
    ({ state, account }, { contacts }) => {
      const found = contacts.map((contact) => ({ contact, chat: byPhone(state, account, contact.phone) }));
      const known = found.filter(
        (one): one is { contact: PhoneContact; chat: Chat } => one.chat !== undefined,
      );
      for (const { contact, chat } of known) putContact(state, account, chat, contact);
      return {
        _: 'contacts.importedContacts',
        imported: known.map(({ contact, chat }) => {
          return { _: 'importedContact', userId: chat.id, clientId: contact.clientId };
        }),
        popularInvites: [],
        retryContacts: [],
        users: entitiesOf(account, new Set(known.map(({ chat }) => chat))).users,
      };
    },
  ),

  'contacts.addContact': method<TlObject & NewContact>(({ state, account, call }, request) => {
    const user = userOf(account, request.id);
    if (request.firstName.trim() === '') throw new RpcError(400, 'CONTACT_NAME_EMPTY');
    putContact(state, account, user, request);
    return contactNews(state, account, [user], call.session);
  }),

  'contacts.deleteContacts': method<TlObject & { id: TlObject[] }>(({ state, account, call }, { id }) => {
    const users = id.map((user) => userOf(account, user));
    for (const user of users) dropContact(state, account, user);
    return contactNews(state, account, users, call.session);
  }),

  'contacts.deleteByPhones': method<TlObject & { phones: string[] }>(({ state, account }, { phones }) => {
    for (const phone of phones) {
      const user = byPhone(state, account, phone);
      if (user) dropContact(state, account, user);
    }
    return true;
  }),
};

/** Keeps a user under the name that is given; contacts of each other are mutual. */
function putContact(
  state: SandboxState,
  account: Account,
  user: Chat,
  name: Pick<Contact, 'firstName' | 'lastName'>,
): void {
  const { firstName, lastName } = name;
  const back = chatWith(state, account, user);
  user.contact = { firstName, lastName, isMutual: back?.contact !== undefined };
  if (back?.contact) back.contact = { ...back.contact, isMutual: true };
}

function dropContact(state: SandboxState, account: Account, user: Chat): void {
  user.contact = undefined;
  const back = chatWith(state, account, user);
  if (back?.contact) back.contact = { ...back.contact, isMutual: false };
}

/** The chat that another account of this server has with this one. */
function chatWith({ accounts }: SandboxState, account: Account, user: Chat): Chat | undefined {
  return user.id === account.id ? undefined : accounts.find(user.id)?.world.chats.get(account.id);
}

/** What a change of the phone book is answered with, and pushed to the account's other sessions. */
function contactNews(
  state: SandboxState,
  account: Account,
  users: readonly Chat[],
  except: Session,
): TlObject {
  const updates = users.map(({ id }) => {
    return { _: 'updatePeerSettings', peer: peerOf(id), settings: { _: 'peerSettings' } };
  });
  const lists = entitiesOf(account, new Set(users));
  const news = { _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 };
  account.subscribers.push(() => news, except);
  return news;
}

/** A user of the world, or another account of this server. */
function byPhone({ accounts }: SandboxState, account: Account, phone: string): Chat | undefined {
  const other = accounts.findPhone(phone);
  return other ? account.world.meet(other.id, other.firstName) : account.world.findPhone(digitsOf(phone));
}

function resolved(account: Account, chat: Chat): TlObject {
  return { _: 'contacts.resolvedPeer', peer: peerOf(chat.id), ...entitiesOf(account, [chat]) };
}
