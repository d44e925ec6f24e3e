/** One page of the dialog list: what to ask, and where the next page of its folder begins. */
import { Api } from 'telegram/tl/index.js';
import { isStart, startOfFolder, type DialogCursor, type DialogPage, type Peer } from '../model/account.ts';
import { chatIdOf, inputPeer, long, readPeers } from './peers.ts';

const pageSize = 100;

/** The request for the page at `cursor`. */
export function dialogsRequest(cursor: DialogCursor): Api.messages.GetDialogs {
  return new Api.messages.GetDialogs({
    offsetDate: cursor.offsetDate,
    offsetId: cursor.offsetId,
    offsetPeer: cursor.offsetPeer ? inputPeer(cursor.offsetPeer) : new Api.InputPeerEmpty(),
    limit: pageSize,
    hash: long('0'),
    folderId: cursor.folder,
    excludePinned: !isStart(cursor),
  });
}

/**
 * Reads the answer: its peers, and the cursor behind its last dialog. A slice may be short, and its count wrong
 * (github.com/LonamiWebs/Telethon/issues/711): only messages.dialogs says that the folder is whole.
 */
export function readDialogs(answer: Api.messages.TypeDialogs, { folder }: DialogCursor): DialogPage {
  if (answer instanceof Api.messages.DialogsNotModified) return { peers: [], dialogs: [], next: undefined };
  const peers = readPeers(answer.users, answer.chats);
  const dialogs = answer.dialogs.filter((dialog) => dialog instanceof Api.Dialog);
  const isWhole = answer instanceof Api.messages.Dialogs;
  return {
    peers,
    dialogs: dialogs.map(({ peer }) => chatIdOf(peer)),
    next: isWhole ? undefined : behindLast(dialogs, answer.messages, folder, peers),
  };
}

/**
 * Behind the last dialog whose message and peer the answer has. Pinned ones stand out of the order, so a page of them
 * alone leads to the first dialog that is not pinned.
 */
function behindLast(
  dialogs: readonly Api.Dialog[],
  messages: readonly Api.TypeMessage[],
  folder: 0 | 1,
  peers: readonly Peer[],
): DialogCursor | undefined {
  const peerById = new Map(peers.map((peer) => [peer.chatId, peer]));
  const inOrder = dialogs.filter(({ pinned }) => !pinned);
  if (inOrder.length === 0 && dialogs.length > 0) return { ...startOfFolder(folder), isBehindPins: true };
  for (const dialog of inOrder.toReversed()) {
    const chatId = chatIdOf(dialog.peer);
    const last = messages.find(
      (message) => 'id' in message && message.id === dialog.topMessage && samePeer(message, chatId),
    );
    const peer = peerById.get(chatId);
    if (peer && last && 'date' in last) {
      return { folder, offsetDate: last.date, offsetId: last.id, offsetPeer: peer };
    }
  }
  return undefined;
}

function samePeer(message: Api.TypeMessage, chatId: string): boolean {
  return 'peerId' in message && message.peerId !== undefined && chatIdOf(message.peerId) === chatId;
}
