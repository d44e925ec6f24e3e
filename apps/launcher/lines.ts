/** Lines that the services print, kept in memory up to a number, oldest dropped first, and read on by a cursor. */
export interface ServiceLine {
  /** When it was read, ISO 8601. */
  readonly at: string;
  readonly service: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface LinesPage {
  readonly lines: readonly ServiceLine[];
  /** To be given as `since` the next time. */
  readonly next: string;
  /** How many lines between `since` and the first one here are gone. */
  readonly dropped: number;
}

const longestLine = 16_384;

export class LineRing {
  readonly #capacity: number;
  readonly #epoch: string;
  readonly #lines: ServiceLine[] = [];
  #total = 0;

  /** `epoch` tells the cursors of one launcher from those of the next. */
  constructor(epoch: string, capacity = 10_000) {
    this.#epoch = epoch;
    this.#capacity = capacity;
  }

  push(line: ServiceLine): void {
    this.#lines.push({ ...line, line: line.line.slice(0, longestLine) });
    this.#total += 1;
    // Dropped in batches: shifting an array of thousands for each line would cost more than the line.
    if (this.#lines.length > this.#capacity * 1.25)
      this.#lines.splice(0, this.#lines.length - this.#capacity);
  }

  /** Up to `limit` lines after the cursor, oldest first; without one, or with another launcher's, from the oldest kept. */
  read(since: string | undefined, limit = 1_000): LinesPage {
    const oldest = this.#total - this.#lines.length;
    const [epoch, seen] = since?.split('-') ?? [];
    const from = epoch === this.#epoch && seen !== undefined ? Math.min(Number(seen), this.#total) : 0;
    const start = Math.max(from, oldest);
    const lines = this.#lines.slice(start - oldest, start - oldest + limit);
    return { lines, next: `${this.#epoch}-${start + lines.length}`, dropped: start - from };
  }
}
