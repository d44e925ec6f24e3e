/** What the callers were told against what the sandbox delivered: the judgement of a scenario, as pure functions. */
import { isFinal, type Delivered, type Followed } from './messages.ts';

/** What a message has to come to. One asked for before its chat was banned may end either way. */
export type Expected = 'sent' | 'banned' | 'cannot_resolve' | 'sent or banned';

export interface Comparison {
  /** Said to be sent and not delivered, or accepted and then forgotten. */
  readonly lost: Followed[];
  /** Still waiting, or never answered. */
  readonly unsettled: Followed[];
  /** Numbers that were delivered more than once, each as often as it was too much. */
  readonly repeated: number[];
  /** Said to have failed, but delivered. */
  readonly contradicted: Followed[];
  /** Delivered before one of the same chat and gateway that had been accepted earlier. */
  readonly outOfOrder: Followed[];
  /** Ought to have been delivered and were not. */
  readonly undelivered: Followed[];
  /** Ought to have been refused with their class and were not. */
  readonly misanswered: Followed[];
}

/** Holds every message against the deliveries; `bannedAt` says since when a chat is banned. */
export function compare(
  messages: readonly Followed[],
  delivered: readonly Delivered[],
  bannedAt: ReadonlyMap<string, number>,
): Comparison {
  const counts = new Map<number, number>();
  for (const { number } of delivered) counts.set(number, (counts.get(number) ?? 0) + 1);
  const isDelivered = ({ number }: Followed) => counts.has(number);
  const expects = (message: Followed) => expectedOf(message, bannedAt);
  const isRefused = ({ state }: Followed) => ['refused', 'failed', 'expired', 'cancelled'].includes(state);
  return {
    lost: messages.filter((each) => !isDelivered(each) && ['sent', 'unknown'].includes(each.state)),
    unsettled: messages.filter((each) => !isFinal(each) || each.state === 'unanswered'),
    repeated: [...counts].flatMap(([number, count]) => Array<number>(count - 1).fill(number)),
    contradicted: messages.filter((each) => isDelivered(each) && isRefused(each)),
    outOfOrder: outOfOrder(messages, delivered),
    undelivered: messages.filter(
      (each) =>
        !isDelivered(each) && (expects(each) === 'sent' || (isMaybe(each) && each.class !== 'banned')),
    ),
    misanswered: messages.filter(
      (each) => !isMaybe(each) && expects(each) !== 'sent' && each.class !== expects(each),
    ),
  };

  function isMaybe(message: Followed): boolean {
    return expects(message) === 'sent or banned';
  }
}

/** What a message has to come to. */
export function expectedOf(
  { recipient, chatId, askedAt }: Followed,
  bannedAt: ReadonlyMap<string, number>,
): Expected {
  if (recipient === 'unknown') return 'cannot_resolve';
  const since = bannedAt.get(chatId);
  if (since === undefined) return 'sent';
  return askedAt > since ? 'banned' : 'sent or banned';
}

/** Messages delivered before one of the same chat that their gateway had accepted earlier; repetitions do not count. */
function outOfOrder(messages: readonly Followed[], delivered: readonly Delivered[]): Followed[] {
  const byNumber = new Map(messages.map((message) => [message.number, message]));
  const seen = new Set<number>();
  const highest = new Map<string, Followed>();
  const wrong = new Set<Followed>();
  for (const { number } of delivered) {
    const message = byNumber.get(number);
    if (message?.rank === undefined || seen.has(number)) continue;
    seen.add(number);
    const lane = `${message.gateway} ${message.chatId}`;
    const before = highest.get(lane);
    if (before && before.rank! > message.rank) wrong.add(before);
    else highest.set(lane, message);
  }
  return [...wrong];
}
