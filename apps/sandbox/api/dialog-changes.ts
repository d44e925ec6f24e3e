/** What the account does to its list of chats: pinned dialogs and their order, the archive, marks of being unread. */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { pushToOthers } from './push-to-others.ts';
import { peerOf } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

/** How many dialogs can be pinned: in the main list, and in the archive. */
export const maxPinned = 5;
const maxPinnedInArchive = 100;
const archive = 1;

interface OfDialog extends TlObject {
  peer: TlObject;
  pinned: boolean;
  unread: boolean;
}

export const dialogChangeMethods: MethodTable = {
  'messages.toggleDialogPin': method<OfDialog>((context, { peer, pinned }) => {
    const { account } = context;
    const chat = dialogOf(account, peer);
    const others = pinnedIn(account, chat.archived).filter((other) => other !== chat);
    const max = chat.archived ? maxPinnedInArchive : maxPinned;
    if (pinned && others.length >= max) throw new RpcError(400, 'PINNED_DIALOGS_TOO_MUCH');
    chat.pinPlace = pinned ? (others[0]?.pinPlace ?? 0) + 1 : 0;
    const folderId = folderOf(chat);
    pushToOthers(context, [chat], [{ _: 'updateDialogPinned', pinned, folderId, peer: dialogPeer(chat) }]);
    context.state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
    return true;
  }),

  'messages.reorderPinnedDialogs': method<
    TlObject & { force: boolean; folderId: number; order: readonly TlObject[] }
  >((context, { force, folderId, order }) => {
    const { account } = context;
    const ordered = order.map((peer) => dialogOf(account, peer));
    const pinned = pinnedIn(account, folderId === archive);
    const kept = pinned.filter((chat) => !ordered.includes(chat));
    const all = force ? ordered : [...ordered.filter((chat) => pinned.includes(chat)), ...kept];
    if (force) for (const chat of kept) chat.pinPlace = 0;
    for (const [index, chat] of all.entries()) chat.pinPlace = all.length - index;
    pushToOthers(context, all, [
      { _: 'updatePinnedDialogs', folderId: folderId || undefined, order: all.map(dialogPeer) },
    ]);
    return true;
  }),

  'messages.markDialogUnread': method<OfDialog>((context, { peer, unread }) => {
    const chat = dialogOf(context.account, peer);
    chat.isMarkedUnread = unread;
    pushToOthers(context, [chat], [{ _: 'updateDialogUnreadMark', unread, peer: dialogPeer(chat) }]);
    return true;
  }),

  'messages.getDialogUnreadMarks': method(({ account }) =>
    [...account.world.chats.values()].filter(({ isMarkedUnread }) => isMarkedUnread).map(dialogPeer),
  ),

  'folders.editPeerFolders': method<TlObject & { folderPeers: readonly TlObject[] }>(
    (context, { folderPeers }) => {
      const { account } = context;
      const moves = folderPeers.map(({ peer, folderId }) => {
        if (folderId !== 0 && folderId !== archive) throw new RpcError(400, 'FOLDER_ID_INVALID');
        return { chat: chatOf(account, peer as TlObject), folderId };
      });
      for (const { chat, folderId } of moves) {
        const archived = folderId === archive;
        if (chat.archived !== archived) Object.assign(chat, { archived, pinPlace: 0 });
      }
      const moved = moves.map(({ chat, folderId }) => {
        return { _: 'folderPeer', peer: peerOf(chat.id), folderId };
      });
      const counted = { pts: account.nextPts(account.world.self), ptsCount: 1 };
      const chats = moves.map(({ chat }) => chat);
      for (const { id } of chats)
        context.state.events.emit({ type: 'chat', account: account.id, chatId: id });
      return pushToOthers(context, chats, [{ _: 'updateFolderPeers', folderPeers: moved, ...counted }]);
    },
  ),
};

/** The chat that an InputDialogPeer names. Throws PEER_ID_INVALID or CHANNEL_INVALID. */
function dialogOf(account: Account, peer: TlObject): Chat {
  if (peer._ !== 'inputDialogPeer') throw new RpcError(400, 'PEER_ID_INVALID');
  return chatOf(account, peer.peer as TlObject);
}

function dialogPeer({ id }: Chat): TlObject {
  return { _: 'dialogPeer', peer: peerOf(id) };
}

function folderOf({ archived }: Chat): number | undefined {
  return archived ? archive : undefined;
}

/** The pinned dialogs of a folder in their order. */
function pinnedIn(account: Account, archived: boolean): Chat[] {
  return account.world.dialogs(archived ? archive : 0).filter(({ pinPlace }) => pinPlace > 0);
}
