/** Marked ids: a user is id, a basic chat -id, a channel or supergroup -(10^12 + id). By arithmetic, on bigints. */

export type ChatKind = 'user' | 'chat' | 'channel' | 'supergroup';

const channelBase = 1_000_000_000_000n;

/** The marked id of a channel or supergroup. */
export function markChannel(id: bigint): bigint {
  return -(channelBase + id);
}

/** What a marked id names, and the bare id of it. */
export function unmark(marked: bigint): { type: 'user' | 'chat' | 'channel'; id: bigint } {
  if (marked > 0n) return { type: 'user', id: marked };
  if (marked < -channelBase) return { type: 'channel', id: -marked - channelBase };
  return { type: 'chat', id: -marked };
}
