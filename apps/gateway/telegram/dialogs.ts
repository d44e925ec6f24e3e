/** One page of the dialog list: what to ask, and where the next page begins. Folder 0 first, then 1, the archive. */
import { Api } from 'telegram/tl/index.js';
import type { DialogCursor, DialogPage, Peer } from './account.ts';
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
    excludePinned: cursor.offsetPeer !== undefined,
  });
}

/** Reads the answer: its peers, and the cursor behind its last dialog. */
export function readDialogs(answer: Api.messages.TypeDialogs, cursor: DialogCursor): DialogPage {
  if (answer instanceof Api.messages.DialogsNotModified) return { peers: [], next: nextFolder(cursor) };
  const peers = readPeers(answer.users, answer.chats);
  const isWhole = answer instanceof Api.messages.Dialogs || answer.dialogs.length < pageSize;
  return { peers, next: (isWhole ? undefined : behindLast(answer, cursor, peers)) ?? nextFolder(cursor) };
}

function nextFolder({ folder }: DialogCursor): DialogCursor | undefined {
  return folder === 0 ? { folder: 1, offsetDate: 0, offsetId: 0, offsetPeer: undefined } : undefined;
}

/** The last dialog whose message and peer the answer has; a page without one ends the folder. */
function behindLast(
  answer: Api.messages.DialogsSlice,
  { folder, offsetDate, offsetId, offsetPeer }: DialogCursor,
  peers: readonly Peer[],
): DialogCursor | undefined {
  const peerById = new Map(peers.map((peer) => [peer.chatId, peer]));
  for (const dialog of answer.dialogs.toReversed()) {
    if (!(dialog instanceof Api.Dialog)) continue;
    const chatId = chatIdOf(dialog.peer);
    const last = answer.messages.find(
      (message) => 'id' in message && message.id === dialog.topMessage && samePeer(message, chatId),
    );
    const peer = peerById.get(chatId);
    if (!peer || !last || !('date' in last)) continue;
    const next = { folder, offsetDate: last.date, offsetId: last.id, offsetPeer: peer };
    // The same place again would be walked for ever.
    const isStuck =
      offsetDate === next.offsetDate && offsetId === next.offsetId && offsetPeer?.chatId === chatId;
    return isStuck ? undefined : next;
  }
  return undefined;
}

function samePeer(message: Api.TypeMessage, chatId: string): boolean {
  return 'peerId' in message && message.peerId !== undefined && chatIdOf(message.peerId) === chatId;
}
