/** users.*: who is who. */
import type { TlObject } from '../tl/values.ts';
import { userObject } from './entities.ts';
import { commonChats } from './joining.ts';
import { method, type MethodTable } from './method.ts';
import { notifySettingsOf } from './notify-settings.ts';
import { userOf } from './peers.ts';
import { pinnedIn } from './pins.ts';

interface GetUsers extends TlObject {
  id: TlObject[];
}

export const userMethods: MethodTable = {
  'users.getUsers': method<GetUsers>(({ account }, { id }) =>
    id.map((user) => userObject(account, userOf(account, user))),
  ),

  'users.getFullUser': method<TlObject & { id: TlObject }>(({ state, account }, { id }) => {
    const user = userOf(account, id);
    const fullUser = {
      _: 'userFull',
      id: user.id,
      settings: { _: 'peerSettings' },
      notifySettings: notifySettingsOf(user),
      blocked: user.blockedAt !== undefined,
      pinnedMsgId: pinnedIn(state, account, user)[0]?.id,
      commonChatsCount: commonChats(account, user).length,
    };
    return { _: 'users.userFull', fullUser, chats: [], users: [userObject(account, user)] };
  }),
};
