/** What the health checks of a scenario's gateways said, and how long each event kept a gateway from its work. */
import type { GatewayName } from './data-file.ts';

/** One look at /health. `down` is also a gateway that does not answer. Times are in ms since 1970. */
export interface Sample {
  readonly gateway: GatewayName;
  readonly at: number;
  readonly status: 'ok' | 'degraded' | 'down';
  /** The gateway itself said that it is down, rather than not answering. */
  readonly told: boolean;
  readonly isWalkWhole: boolean;
}

/** Something that was done to the stack. */
export interface Event {
  readonly at: number;
  readonly what: string;
  /** Whether it takes Telegram or the session away, which health has to tell. */
  readonly takesAway: boolean;
}

/** What an event did to one gateway, in seconds. */
export interface Effect {
  readonly what: string;
  readonly at: number;
  readonly gateway: GatewayName;
  /** Until health said that the gateway is down; undefined when it never did. */
  readonly toldAfterS: number | undefined;
  /** Until it was able to send again; 0 when it never was not, undefined when it is not any more. */
  readonly recoveredAfterS: number | undefined;
}

export const isAble = ({ status }: Sample): boolean => status !== 'down';

/** From `since` to the first sample that fits, in seconds. */
export function secondsUntil(
  samples: readonly Sample[],
  since: number,
  fits: (sample: Sample) => boolean,
): number | undefined {
  const found = samples.find((sample) => sample.at >= since && fits(sample));
  return found && (found.at - since) / 1000;
}

/** The effects of every event on one gateway: of what began before the next event. */
export function effectsOn(
  gateway: GatewayName,
  samples: readonly Sample[],
  events: readonly Event[],
): Effect[] {
  const own = samples.filter((sample) => sample.gateway === gateway);
  return events.map(({ at, what }, index) => {
    const until = events[index + 1]?.at ?? Infinity;
    const within = own.filter((sample) => sample.at >= at && sample.at < until);
    const last = within.findLast((sample) => !isAble(sample));
    const again = last ? own.find((sample) => sample.at > last.at && isAble(sample))?.at : at;
    const told = within.find((sample) => sample.status === 'down' && sample.told);
    return {
      what,
      at,
      gateway,
      toldAfterS: told && (told.at - at) / 1000,
      recoveredAfterS: again === undefined ? undefined : (again - at) / 1000,
    };
  });
}

/** Whether a gateway was able to send all the time between two moments. */
export function wasAble(samples: readonly Sample[], gateway: GatewayName, from: number, to: number): boolean {
  const own = samples.filter((sample) => sample.gateway === gateway);
  const first = Math.max(
    0,
    own.findLastIndex(({ at }) => at <= from),
  );
  const behind = own.findIndex(({ at }) => at >= to);
  const around = own.slice(first, behind < 0 ? undefined : behind + 1);
  return around.length > 0 && around.every(isAble);
}
