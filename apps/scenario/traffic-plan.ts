/** Which messages a phase asks for, and when: chosen by the seed alone, so that a scenario repeats itself. */
import type { Phase } from './data-file.ts';
import type { Planned, Recipient } from './messages.ts';

/** The chats of a scenario, in the order that its seed put them in. */
export interface Chats {
  readonly known: readonly string[];
  readonly bannable: readonly string[];
  readonly unknown: readonly string[];
}

/** The messages of a phase, in the order they are asked for, numbered from `firstNumber`. */
export function planTraffic(
  { name, seconds, traffic }: Phase,
  chats: Chats,
  firstNumber: number,
  random: () => number,
): Planned[] {
  if (!traffic) return [];
  const { per_second: perSecond, messages, spread } = traffic;
  const total = messages ?? Math.floor(seconds * perSecond!);
  const known = traffic.chats === 'all' ? chats.known : chats.known.slice(0, traffic.chats);
  const turns = { known: 0, bannable: 0, unknown: 0 };
  const pick = (recipient: Recipient): string => {
    const from = recipient === 'known' ? known : chats[recipient];
    // Refusals take turns, so that none of them waits for the pace of its chat.
    const inTurn = recipient !== 'known' || spread === 'even';
    return from[inTurn ? turns[recipient]++ % from.length : Math.floor(random() * from.length)]!;
  };
  return Array.from({ length: total }, (_, index) => {
    const recipient = recipientOf(random(), traffic);
    return {
      number: firstNumber + index,
      phase: name,
      afterMs: perSecond === undefined ? 0 : (index / perSecond) * 1000,
      gateway: random() < traffic.media_share ? 'media' : 'text',
      chatId: pick(recipient),
      recipient,
      waitSeconds: traffic.wait,
    };
  });
}

function recipientOf(chance: number, shares: { unknown_share: number; banned_share: number }): Recipient {
  if (chance < shares.unknown_share) return 'unknown';
  return chance < shares.unknown_share + shares.banned_share ? 'bannable' : 'known';
}

/** The items in an order of chance. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items];
  for (let index = mixed.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!];
  }
  return mixed;
}
