/** The counted updates that are not new messages, such as edits and deletions, for clients that were away. */
import type { TlObject } from '../tl/values.ts';

/** An update with the counter that it moved to. */
export interface CountedUpdate extends TlObject {
  pts: number;
  ptsCount: number;
}

const maxKept = 1000;

/** The updates of one counter, oldest first; the oldest make room. */
export class UpdateLog {
  #kept: CountedUpdate[] = [];
  #droppedUpTo = 0;

  add(update: CountedUpdate): void {
    this.#kept.push(update);
    if (this.#kept.length < 2 * maxKept) return;
    this.#droppedUpTo = this.#kept[maxKept - 1]!.pts;
    this.#kept = this.#kept.slice(maxKept);
  }

  clear(): void {
    this.#kept = [];
  }

  /** The updates after a counter; undefined where some of them made room. */
  after(pts: number): CountedUpdate[] | undefined {
    return pts < this.#droppedUpTo ? undefined : this.#kept.filter((update) => update.pts > pts);
  }
}
