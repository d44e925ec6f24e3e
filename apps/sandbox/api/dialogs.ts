/** messages.getDialogs: the list of chats, page by page. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { compareDialogs, type Chat } from '../world/chat.ts';
import { peerOf } from './entities.ts';
import { topMessageObject } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { notifySettingsOf } from './notify-settings.ts';
import { chatIdOf, chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { stateObject } from './state-object.ts';

const maxPage = 100;

interface GetDialogs extends TlObject {
  excludePinned: boolean;
  folderId?: number;
  offsetDate: number;
  offsetId: number;
  offsetPeer: TlObject;
  limit: number;
}

export const dialogMethods: MethodTable = {
  'messages.getDialogs': method<GetDialogs>(({ account }, request) => {
    const folder = account.world.dialogs(request.folderId);
    const all = request.excludePinned ? folder.filter(({ pinPlace }) => pinPlace === 0) : folder;
    const rest = afterCursor(account, all, request);
    const { dialogs_per_page: most = maxPage, dialogs_count: count = all.length } = account.world.definition;
    const page = rest.slice(0, Math.min(request.limit > 0 ? request.limit : maxPage, maxPage, most));
    const messages = page.map((chat) => topMessageObject(account, chat));
    const dialogs = page.map((chat) => dialogObject(chat));
    const lists = { dialogs, messages, ...entitiesFor(account, messages, page) };
    const isWhole = page.length === all.length;
    return isWhole ? { _: 'messages.dialogs', ...lists } : { _: 'messages.dialogsSlice', count, ...lists };
  }),

  'messages.getPeerDialogs': method<TlObject & { peers: TlObject[] }>(({ state, account }, { peers }) => {
    const named = peers.filter(({ _ }) => _ === 'inputDialogPeer');
    return peerDialogs(
      state,
      account,
      named.map(({ peer }) => chatOf(account, peer as TlObject)),
    );
  }),

  'messages.getPinnedDialogs': method<TlObject & { folderId: number }>(({ state, account }, { folderId }) => {
    return peerDialogs(
      state,
      account,
      account.world.dialogs(folderId).filter(({ pinPlace }) => pinPlace > 0),
    );
  }),
};

function peerDialogs(state: SandboxState, account: Account, chats: readonly Chat[]): TlObject {
  const messages = chats.map((chat) => topMessageObject(account, chat));
  return {
    _: 'messages.peerDialogs',
    dialogs: chats.map((chat) => dialogObject(chat)),
    messages,
    ...entitiesFor(account, messages, chats),
    state: stateObject(state, account),
  };
}

/**
 * The dialogs after the one that the cursor names; the date, message and peer of the last one seen. Throws
 * OFFSET_PEER_ID_INVALID for a peer that is not known, and for a group or channel that was left.
 */
function afterCursor(account: Account, all: Chat[], request: GetDialogs): Chat[] {
  if (request.offsetDate === 0 && request.offsetId === 0) return all;
  const named = cursorPeer(account, request.offsetPeer);
  const exact = all.findIndex((chat) => chat.id === named && chat.topDate === request.offsetDate);
  if (exact >= 0) return all.slice(exact + 1);
  const cursor = {
    pinPlace: 0,
    topDate: request.offsetDate,
    topMessageId: request.offsetId,
    id: named ?? 0n,
  } as Chat;
  return all.filter((chat) => chat.pinPlace === 0 && compareDialogs(cursor, chat) < 0);
}

/** TDLib names the peer with the hash 0, so the hash does not count. */
function cursorPeer(account: Account, peer: TlObject): bigint | undefined {
  if (peer._ === 'inputPeerEmpty') return undefined;
  const chat = account.world.chats.get(chatIdOf(account, peer) ?? 0n);
  const hasLeft = chat?.kind !== 'user' && !chat?.inDialogs;
  if (!chat || hasLeft) throw new RpcError(400, 'OFFSET_PEER_ID_INVALID');
  return chat.id;
}

/** One chat of the list. */
export function dialogObject(chat: Chat): TlObject {
  return {
    _: 'dialog',
    pinned: chat.pinPlace > 0,
    unreadMark: chat.isMarkedUnread,
    peer: peerOf(chat.id),
    topMessage: chat.topMessageId,
    readInboxMaxId: chat.topMessageId,
    readOutboxMaxId: chat.topMessageId,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    notifySettings: notifySettingsOf(chat),
    pts: chat.kind === 'channel' || chat.kind === 'supergroup' ? chat.pts : undefined,
    folderId: chat.archived ? 1 : undefined,
    draft: chat.drafts?.get(0),
  };
}
