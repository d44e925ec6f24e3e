/**
 * Where in the lines of a container a reader is. Docker begins again only at a time, and gives the lines of that very
 * time anew: the cursor is the time of the last line with how many lines of that time were read.
 */
import type { DockerLine } from './docker-frames.ts';

export class DockerPosition {
  /** The time at which it begins, and how many lines of that time are still to be passed over. */
  readonly #from: string;
  #toSkip: number;
  #time: string;
  #count: number;

  /** `cursor` as this class has made it; without one it begins with the first line. */
  constructor(cursor?: string) {
    const [, time = '', count = '0'] = /^(\S+) (\d+)$/.exec(cursor ?? '') ?? [];
    this.#from = this.#time = time;
    this.#toSkip = this.#count = Number(count);
  }

  /** For the engine's `since`: seconds with nine digits behind the point; undefined at the beginning. */
  get since(): string | undefined {
    if (this.#from === '') return undefined;
    const [seconds, fraction = ''] = this.#from.replace('Z', '').split('.');
    return `${Date.parse(`${seconds}Z`) / 1000}.${fraction.padEnd(9, '0')}`;
  }

  /** The cursor behind this line; undefined when it was read before. */
  advance({ time }: DockerLine): string | undefined {
    if (time < this.#from) return undefined;
    if (time === this.#from && this.#toSkip > 0) {
      this.#toSkip -= 1;
      return undefined;
    }
    // stdout and stderr overtake each other by microseconds: a line may be older than the one before it.
    if (time === this.#time) this.#count += 1;
    if (time > this.#time) {
      this.#time = time;
      this.#count = 1;
    }
    return `${this.#time} ${this.#count}`;
  }
}
