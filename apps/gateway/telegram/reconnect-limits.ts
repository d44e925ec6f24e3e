/**
 * When the next connection to a data centre may be opened: politely, as TDLib does (`ConnectionCreator.cpp`). Connections
 * on which calls are answered come again at once, within limits; where none is answered the pauses grow.
 */

/** At most so many connections in so many milliseconds. */
interface Limit {
  readonly most: number;
  readonly ms: number;
}

const whileAnswered: readonly Limit[] = [
  { most: 4, ms: 1_000 },
  { most: 5, ms: 5_000 },
];
const whileUnanswered: readonly Limit[] = [
  { most: 1, ms: 1_000 },
  { most: 2, ms: 4_000 },
  { most: 3, ms: 8_000 },
];
const pauseMs = { first: 1_000, longest: 16_000, longestConnected: 4_000 };
const longestWindowMs = 8_000;

/** How the last connection went. */
export type Outcome =
  /** Calls were answered. */
  | 'answered'
  /** It was there, and no call was answered. */
  | 'connected'
  /** There was none, or the server refused it. */
  | 'failed';

/** The connections of one account to one data centre, those for files included. */
export class ReconnectLimits {
  #openings: number[] = [];
  #unanswered = 0;
  #last: Outcome = 'answered';

  /** Notes how a connection went. */
  note(outcome: Outcome): void {
    this.#last = outcome;
    this.#unanswered = outcome === 'answered' ? 0 : this.#unanswered + 1;
  }

  /** When the next one may be opened, in milliseconds since the epoch; `random` (0 to 1) spreads the pauses. */
  nextAt(now: number, random: number): number {
    const limits = this.#unanswered === 0 ? whileAnswered : whileUnanswered;
    const opened = this.#openings.filter((at) => at <= now); // A clock that stepped back leaves none of the future.
    const byLimits = limits.map(({ most, ms }) => (opened.at(-most) ?? -Infinity) + ms);
    return Math.max(now + this.#pause() * (1 - random / 4), ...byLimits);
  }

  /** Notes that one is opened now. */
  opened(now: number): void {
    this.#openings = this.#openings.filter((at) => at > now - longestWindowMs && at <= now);
    this.#openings.push(now);
  }

  #pause(): number {
    if (this.#unanswered === 0) return 0;
    const longest = this.#last === 'connected' ? pauseMs.longestConnected : pauseMs.longest;
    return Math.min(pauseMs.first * 2 ** (this.#unanswered - 1), longest);
  }
}
