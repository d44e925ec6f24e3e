/** The memory that all bodies being read may take together. */
import { totalmem } from 'node:os';
import { Problem } from '../errors.ts';

/** How soon there is room again: a body that is not slow has come by then. */
const retryAfterS = 2;

/** What one request has taken of it. */
export interface BodyLease {
  /** @throws Problem overloaded when there is not that much room */
  take(bytes: number): void;
  /** Gives all of it back. */
  end(): void;
}

export class BodyMemory {
  readonly #limit: number;
  #taken = 0;

  /** `megabytes` 0 is a quarter of the memory that this process may have. */
  constructor(megabytes: number) {
    this.#limit = megabytes === 0 ? availableMemory() / 4 : megabytes * 1e6;
  }

  lease(): BodyLease {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.#taken + bytes > this.#limit) throw overloaded(this.#limit);
        own += bytes;
        this.#taken += bytes;
      },
      end: () => {
        this.#taken -= own;
        own = 0;
      },
    };
  }
}

/** What this process may have, in bytes: of its control group, else of the machine. */
function availableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function overloaded(limit: number): Problem {
  const detail = `the bodies of other requests fill the ${Math.round(limit / 1e6)} MB that there are for them (BODY_MEMORY_MB): nothing was done, send it again`;
  return new Problem('overloaded', detail, { retryAfter: retryAfterS });
}
