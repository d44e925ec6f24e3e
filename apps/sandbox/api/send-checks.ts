/** What is checked before a message is sent: the chat, its entities, and slow mode. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isStranger, type Chat } from '../world/chat.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

/**
 * The chat to write to. Throws what Telegram answers where it is unknown or banned. What became a supergroup is
 * PEER_ID_INVALID, as clients of users saw (github.com/vysheng/tg/issues/971 and 1047).
 */
export function writableChat(account: Account, peer: TlObject, randomIds: readonly bigint[]): Chat {
  const chat = chatOf(account, peer);
  if (randomIds.includes(0n)) throw new RpcError(400, 'RANDOM_ID_EMPTY');
  if (new Set(randomIds).size < randomIds.length) throw new RpcError(500, 'RANDOM_ID_DUPLICATE');
  if (chat.migratedTo !== undefined) throw new RpcError(400, 'PEER_ID_INVALID');
  if (chat.banned) throw new RpcError(400, 'USER_BANNED_IN_CHANNEL');
  return chat;
}

/** Throws ENTITY_BOUNDS_INVALID where an entity is empty or reaches past its text, in UTF-16 units. */
export function checkEntities(text: string, entities: readonly TlObject[] = []): void {
  const isWrong = ({ offset, length }: TlObject) => {
    const [from, count] = [offset as number, length as number];
    return from < 0 || count <= 0 || from + count > text.length;
  };
  if (entities.some(isWrong)) throw new RpcError(400, 'ENTITY_BOUNDS_INVALID');
}

/** Throws SLOWMODE_WAIT_n where the account wrote too short a time ago. */
export function checkSlowMode(chat: Chat): void {
  if (chat.slowModeSeconds === 0) return;
  const leftMs = chat.lastSentAt + chat.slowModeSeconds * 1000 - Date.now();
  if (leftMs > 0) throw new RpcError(420, `SLOWMODE_WAIT_${Math.ceil(leftMs / 1000)}`);
}

/** Throws PEER_FLOOD where this would be one first message to a stranger too many. */
export function checkStranger({ limits }: SandboxState, account: Account, chat: Chat): void {
  if (!isStranger(chat, account.id) || limits.mayWriteToStranger(account.id, Date.now())) return;
  throw new RpcError(400, 'PEER_FLOOD');
}
