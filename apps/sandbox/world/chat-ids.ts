/** Marked ids: a user is id, a basic chat -id, a channel or supergroup -(10^12 + id). By arithmetic, on bigints. */

export type ChatKind = 'user' | 'chat' | 'channel' | 'supergroup';

const CHANNEL_BASE = 1_000_000_000_000n;

/** The marked id of a channel or supergroup. */
export function markChannel(id: bigint): bigint {
  return -(CHANNEL_BASE + id);
}

/** What a marked id names, and the bare id of it. */
export function unmark(marked: bigint): { type: 'user' | 'chat' | 'channel'; id: bigint } {
  if (marked > 0n) return { type: 'user', id: marked };
  if (marked < -CHANNEL_BASE) return { type: 'channel', id: -marked - CHANNEL_BASE };
  return { type: 'chat', id: -marked };
}
