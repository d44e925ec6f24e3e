/** What became of the messages of each caller since the start, for /stats and /metrics. */
import type { Clock } from '../../kit/clock.ts';
import type { GatewayMetrics } from './metrics.ts';

/** `refused`: answered with an error, and no message was made of it. */
export const callerOutcomes = ['accepted', 'sent', 'failed', 'expired', 'cancelled', 'refused'] as const;
export type CallerOutcome = (typeof callerOutcomes)[number];

export interface CallerNumbers {
  /** Name of a token. */
  readonly name: string;
  readonly accepted: number;
  readonly sent: number;
  /** With those that expired. */
  readonly failed: number;
  readonly refused: number;
  /** When it last asked to send; undefined where it has not. */
  readonly lastAt: number | undefined;
}

export interface CallerCounts {
  /** `caller` is undefined for who showed no token. */
  count(caller: string | undefined, outcome: CallerOutcome): void;
  /** By name. */
  read(): CallerNumbers[];
}

const anonymous = 'anonymous';

/** `names` are those of the tokens; without any, everybody is `anonymous`. */
export function createCallerCounts(
  names: readonly string[],
  counter: GatewayMetrics['callerMessages'],
  clock: Clock,
): CallerCounts {
  const zero = Object.fromEntries(callerOutcomes.map((outcome) => [outcome, 0]));
  const callers = new Map<string, { counts: Record<string, number>; lastAt?: number }>();
  const known = (name: string) => {
    const caller = callers.get(name) ?? { counts: { ...zero } };
    if (!callers.has(name)) for (const outcome of callerOutcomes) counter.inc({ caller: name, outcome }, 0);
    callers.set(name, caller);
    return caller;
  };
  for (const name of names.length > 0 ? names : [anonymous]) known(name);
  return {
    count: (name = anonymous, outcome) => {
      const caller = known(name);
      caller.counts[outcome]!++;
      counter.inc({ caller: name, outcome });
      if (outcome === 'accepted' || outcome === 'refused') caller.lastAt = clock.now();
    },
    read: () =>
      [...callers]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { counts, lastAt }]) => ({
          name,
          accepted: counts.accepted!,
          sent: counts.sent!,
          failed: counts.failed! + counts.expired!,
          refused: counts.refused!,
          lastAt,
        })),
  };
}
