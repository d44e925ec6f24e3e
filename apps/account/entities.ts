/** From what Telethon remembers of chats to what our peer table holds. */
import { unmarkId } from '../gateway/model/marked-id.ts';
import type { Peer } from '../gateway/model/account.ts';
import { StartError } from '../kit/run.ts';
import type { PeerTable } from '../gateway/storage/tables.ts';

/** A row of Telethon's table `entities`: ids are marked, as ours are; a basic group has the hash 0. */
export interface Entity {
  readonly id: bigint;
  readonly hash: bigint;
  readonly username: string | undefined;
  readonly phone: string | undefined;
  readonly name: string | undefined;
  /** When it was last seen, in epoch seconds; 0 where that is not known. */
  readonly date: number;
}

/** No channel has a greater one, which a wrong mark would come to. */
const maxChannelId = 3_000_000_000_000n;

/** The chats that can be sent to. Telethon stores none whose hash is of a `min` constructor. */
export function peersOf(entities: readonly Entity[]): { peers: Peer[]; leftOut: number } {
  const holders = latestHolders(entities);
  const peers = entities.flatMap((entity) => {
    const peer = peerOf(entity);
    return peer
      ? [{ ...peer, username: holders.get(peer.username ?? '') === entity ? peer.username : undefined }]
      : [];
  });
  return { peers, leftOut: entities.length - peers.length };
}

function peerOf({ id, hash, username, phone, name }: Entity): Peer | undefined {
  if (id === 0n) return undefined;
  const { kind, bareId } = unmarkId(id);
  if (kind !== 'chat' && hash === 0n) return undefined;
  if (kind === 'channel' && (bareId === 0n || bareId > maxChannelId)) return undefined;
  return {
    chatId: id.toString(),
    kind,
    accessHash: kind === 'chat' ? '0' : hash.toString(),
    title: name ?? username ?? '',
    username: username?.toLowerCase(),
    phone: phone?.replace(/\D/g, '') || undefined,
    writable: true,
  };
}

/** Names change hands: each is of the chat that was last seen with it, and of none where that cannot be told. */
function latestHolders(entities: readonly Entity[]): Map<string, Entity | undefined> {
  const holders = new Map<string, Entity | undefined>();
  const latest = new Map<string, number>();
  for (const entity of entities) {
    const name = entity.username?.toLowerCase();
    if (name === undefined) continue;
    const known = latest.get(name) ?? -1;
    if (entity.date > known) holders.set(name, entity);
    else if (entity.date === known) holders.set(name, undefined);
    latest.set(name, Math.max(known, entity.date));
  }
  return holders;
}

/** From how many chats that both know it is plain that two accounts are not the same. */
const plainFrom = 3;

/**
 * Adds the chats that the table does not know: what a walk has told is newer. How many those are.
 * @throws StartError when the table is of another account: access hashes are an account's own
 */
export function addPeers(table: PeerTable, peers: readonly Peer[], now: number): number {
  const isShared = ({ kind, chatId }: Peer) => {
    const known = table.byId(chatId);
    return kind !== 'chat' && known !== undefined && known.kind !== 'self' && known.accessHash !== '0';
  };
  const shared = peers.filter(isShared);
  const isSame = ({ chatId, accessHash }: Peer) => table.byId(chatId)?.accessHash === accessHash;
  if (shared.length >= plainFrom && !shared.some(isSame)) {
    throw new StartError(
      `the session and the data in DATA_DIR belong to different Telegram users (none of ${shared.length} chats that both ` +
        'know has the same access hash): set TELEGRAM_ACCOUNT to a name of its own',
    );
  }
  const fresh = peers.filter(({ chatId }) => !table.byId(chatId));
  const isTaken = ({ username }: Peer) => username !== undefined && table.hasOwner(`@${username}`);
  table.save(
    fresh.map((peer) => (isTaken(peer) ? { ...peer, username: undefined } : peer)),
    now,
  );
  return fresh.length;
}
