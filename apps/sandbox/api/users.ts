/** users.*, contacts.* and updates.getState: who is who, and where the update counters stand. */
import type { TlObject } from '../tl/values.ts';
import { entitiesOf, peerOf, userObject } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { userOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';

interface GetUsers extends TlObject {
  id: TlObject[];
}

interface ResolveUsername extends TlObject {
  username: string;
}

export const userMethods: MethodTable = {
  'users.getUsers': method<GetUsers>(({ account }, { id }) =>
    id.map((user) => userObject(account, userOf(account, user))),
  ),

  'contacts.resolveUsername': method<ResolveUsername>(({ account }, { username }) => {
    if (!/^[a-z][a-z0-9_]{2,31}$/i.test(username)) throw new RpcError(400, 'USERNAME_INVALID');
    const chat = account.world.findUsername(username);
    if (!chat) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED');
    return { _: 'contacts.resolvedPeer', peer: peerOf(chat.id), ...entitiesOf(account, [chat]) };
  }),

  'updates.getState': method(({ account }) => ({
    _: 'updates.state',
    pts: account.pts,
    qts: 0,
    date: Math.floor(Date.now() / 1000),
    seq: 0,
    unreadCount: 0,
  })),
};
