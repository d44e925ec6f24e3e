/**
 * Marked ids: one number that says what kind of chat it is. A user is `id`, a basic group `-id`, a channel or
 * supergroup `-(10^12 + id)`. It is arithmetic, not text: ids are 64-bit, so they are BigInt here and strings at rest.
 */
export type PeerKind = 'user' | 'chat' | 'channel';

const channelBase = 1_000_000_000_000n;

/** The marked id of a bare one. */
export function markId(kind: PeerKind, bareId: bigint): bigint {
  if (kind === 'user') return bareId;
  return kind === 'chat' ? -bareId : -(channelBase + bareId);
}

/** Kind and bare id of a marked id other than 0. */
export function unmarkId(markedId: bigint): { kind: PeerKind; bareId: bigint } {
  if (markedId > 0n) return { kind: 'user', bareId: markedId };
  if (markedId > -channelBase) return { kind: 'chat', bareId: -markedId };
  return { kind: 'channel', bareId: -markedId - channelBase };
}

/** Whether a chat is a person or a bot, by its marked id; a name is not known to be. */
export function isPerson(chat: string): boolean {
  return /^\d+$/.test(chat);
}

/** An id as JSON has it: a number where that is exact, else a string. */
export function idForJson(id: string): number | string {
  const value = Number(id);
  return Number.isSafeInteger(value) ? value : id;
}

export const maxInt64 = 2n ** 63n - 1n;
