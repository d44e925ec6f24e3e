/** contacts.*: who is in the phone book, and who is behind a name or a number. */
import { digitsOf, type Account } from '../accounts.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { entitiesOf, isContact, peerOf, userObject } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { RpcError } from './rpc-error.ts';

interface PhoneContact extends TlObject {
  clientId: bigint;
  phone: string;
}

export const contactMethods: MethodTable = {
  'contacts.getContacts': method(({ account }) => {
    const users = [...account.world.chats.values()].filter((chat) => isContact(account, chat));
    return {
      _: 'contacts.contacts',
      contacts: users.map(({ id }) => ({ _: 'contact', userId: id, mutual: false })),
      savedCount: 0,
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
      const found = contacts.map(({ phone, clientId }) => ({
        clientId,
        chat: byPhone(state, account, phone),
      }));
      const known = found.filter((one): one is { clientId: bigint; chat: Chat } => one.chat !== undefined);
      return {
        _: 'contacts.importedContacts',
        imported: known.map(({ clientId, chat }) => ({ _: 'importedContact', userId: chat.id, clientId })),
        popularInvites: [],
        retryContacts: [],
        users: known.map(({ chat }) => userObject(account, chat)),
      };
    },
  ),
};

/** A user of the world, or another account of this server. */
function byPhone({ accounts }: SandboxState, account: Account, phone: string): Chat | undefined {
  const other = accounts.findPhone(phone);
  return other ? account.world.meet(other.id, other.firstName) : account.world.findPhone(digitsOf(phone));
}

function resolved(account: Account, chat: Chat): TlObject {
  return { _: 'contacts.resolvedPeer', peer: peerOf(chat.id), ...entitiesOf(account, [chat]) };
}
