/**
 * How far the message ids and update counters of a data folder have got. After a restart all of them go on from there,
 * because clients keep the numbers that they have seen, and ignore updates that count lower.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What is taken up in one write. A crash leaves a gap of at most so much, and no number is used twice. */
const takenAtOnce = 100_000;

/** The numbers of one data folder, kept in a file. */
export class Numbers {
  readonly #file: string;
  /** No number above this one was used. */
  #highest: number;
  /** What the file says: the next run begins above it. */
  #taken: number;

  private constructor(file: string, highest: number) {
    this.#file = file;
    this.#highest = highest;
    this.#taken = highest;
  }

  /** Reads how far earlier runs got; a file that is not there yet, or holds no number, counts as 0. */
  static async open(file: string): Promise<Numbers> {
    const text = await readFile(file, 'utf8').catch(() => '');
    return new Numbers(file, Number.parseInt(text, 10) || 0);
  }

  /** A number that is not below any used one, those of earlier runs included. */
  get floor(): number {
    return this.#highest;
  }

  /** Takes note that a number is used, and returns it. */
  use(number: number): number {
    if (number > this.#highest) this.#highest = number;
    if (number > this.#taken) this.#write(number + takenAtOnce);
    return number;
  }

  /** Gives back what was taken up and not used. */
  close(): void {
    if (this.#taken > this.#highest) this.#write(this.#highest);
  }

  #write(taken: number): void {
    writeFileSync(`${this.#file}.new`, `${taken}\n`);
    renameSync(`${this.#file}.new`, this.#file);
    this.#taken = taken;
  }
}
