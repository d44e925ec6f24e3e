/** The least time in which limits let messages through. */
import type { LimitsDefinition, Rate } from '../sandbox/control/limits.ts';

/** Seconds from the first to the last of one message to each entry of `chats`, within these limits; 0 without limits. */
export function leastSeconds(chats: readonly string[], { account, chat }: LimitsDefinition): number {
  const byChat = Map.groupBy(chats, (id) => id);
  const longestLine = Math.max(0, ...[...byChat.values()].map(({ length }) => length));
  return Math.max(secondsFor(chats.length, account), secondsFor(longestLine, chat));
}

/** The burst goes at once, the rest at the rate. */
function secondsFor(count: number, rate: Rate | undefined): number {
  return rate ? Math.max(0, count - rate.burst) / rate.per_second : 0;
}
