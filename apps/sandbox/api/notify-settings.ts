/** Whether and how a chat, or a kind of chat, notifies of its messages. */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { pushToOthers } from './push-to-others.ts';
import { peerOf } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';

const defaults: TlObject = {
  _: 'peerNotifySettings',
  showPreviews: true,
  silent: false,
  muteUntil: 0,
  otherSound: { _: 'notificationSoundDefault' },
};
/** Input peers for kinds of chats, and the peers that updates name them by. */
const peerKinds: Readonly<Record<string, string>> = {
  inputNotifyUsers: 'notifyUsers',
  inputNotifyChats: 'notifyChats',
  inputNotifyBroadcasts: 'notifyBroadcasts',
};
const ofKinds = new WeakMap<Account, Map<string, TlObject>>();

interface OfPeer extends TlObject {
  peer: TlObject;
  settings: TlObject;
}

export const notifyMethods: MethodTable = {
  'account.getNotifySettings': method<OfPeer>(({ account }, { peer }) => {
    const chat = chatNamed(account, peer);
    return chat ? notifySettingsOf(chat) : (ofKinds.get(account)?.get(peer._) ?? defaults);
  }),

  'account.updateNotifySettings': method<OfPeer>((context, { peer, settings }) => {
    const { account } = context;
    const { sound, ...shared } = settings;
    const notifySettings = { ...shared, _: 'peerNotifySettings', otherSound: sound };
    const chat = chatNamed(account, peer);
    if (chat) chat.notifySettings = notifySettings;
    else {
      const kinds = ofKinds.get(account) ?? new Map<string, TlObject>();
      ofKinds.set(account, kinds.set(peer._, notifySettings));
    }
    const named = chat
      ? { _: 'notifyPeer', peer: peerOf(chat.id) }
      : { _: peerKinds[peer._] ?? 'notifyUsers' };
    const update = { _: 'updateNotifySettings', peer: named, notifySettings };
    pushToOthers(context, chat ? [chat] : [], [update]);
    return true;
  }),

  'account.resetNotifySettings': method(({ account }) => {
    ofKinds.delete(account);
    for (const chat of account.world.chats.values()) delete chat.notifySettings;
    return true;
  }),

  'account.getNotifyExceptions': method((context) => {
    const { state, account } = context;
    const updates = [...account.world.chats.values()]
      .filter(({ notifySettings }) => notifySettings !== undefined)
      .map(({ id, notifySettings }) => {
        return { _: 'updateNotifySettings', peer: { _: 'notifyPeer', peer: peerOf(id) }, notifySettings };
      });
    return { _: 'updates', updates, users: [], chats: [], date: state.clock.seconds(), seq: 0 };
  }),
};

/** How a chat notifies; without an entry of its own as its kind does. */
export function notifySettingsOf({ notifySettings }: Chat): TlObject {
  return notifySettings ?? { _: 'peerNotifySettings' };
}

function chatNamed(account: Account, peer: TlObject): Chat | undefined {
  const isOfChat = peer._ === 'inputNotifyPeer' || peer._ === 'inputNotifyForumTopic';
  return isOfChat ? chatOf(account, peer.peer as TlObject) : undefined;
}
