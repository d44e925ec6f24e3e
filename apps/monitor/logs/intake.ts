/** From the lines of one source to stored ones: put together, read, and kept where they matter. */
import type { Clock } from '../../kit/clock.ts';
import type { FollowedLine } from '../supervisors/supervisor.ts';
import { Assembler, type Entry } from './assembler.ts';
import type { LogStore } from './log-store.ts';
import { readEntry } from './read-entry.ts';

/** After so long without a line, what was begun is taken to be whole. */
export const quietMs = 400;
/** How far a source was read is written down at least so often, also where no line of it mattered. */
const savedEveryMs = 5_000;

export interface IntakeDeps {
  readonly source: string;
  readonly store: LogStore;
  readonly clock: Clock;
  /** Called when lines could not be stored while nobody waited for it. */
  readonly onFailure: (error: unknown) => void;
}

/** The entry that is being put together for one service. */
interface Opened {
  readonly assembler: Assembler;
  /** How many lines had come before it, and the cursor behind the last of them. */
  before: { readonly count: number; readonly cursor: string | undefined };
  quiet: AbortController | undefined;
}

export class Intake {
  readonly #deps: IntakeDeps;
  readonly #services = new Map<string, Opened>();
  #received: { count: number; cursor: string | undefined };
  #saved: string | undefined;
  #savedAt: number;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#saved = deps.store.cursorOf(deps.source);
    this.#received = { count: 0, cursor: this.#saved };
    this.#savedAt = deps.clock.now();
  }

  /** What to follow after. */
  get after(): string | undefined {
    return this.#received.cursor;
  }

  /** @throws when they cannot be stored; call `forget` then */
  take(lines: readonly FollowedLine[]): void {
    if (lines.length === 0) return;
    const entries = lines.flatMap((line) => this.#push(line));
    for (const service of new Set(lines.map((line) => line.service))) this.#waitForQuiet(service);
    this.#keep(entries);
  }

  /** Goes back to what is stored: the lines since then are to be read anew. */
  forget(): void {
    this.#stopWaiting();
    this.#services.clear();
    this.#received = { count: 0, cursor: this.#saved };
  }

  /** Stores what was begun, and how far the source was read. */
  close(): void {
    this.#stopWaiting();
    this.#savedAt = -Infinity;
    this.#keep([...this.#services.values()].flatMap(({ assembler }) => assembler.flush()));
  }

  #push(line: FollowedLine): Entry[] {
    const opened = this.#open(line.service);
    const wasOpen = opened.assembler.isOpen;
    const entries = opened.assembler.push(line);
    if (!wasOpen || entries.length > 0) opened.before = this.#received;
    this.#received = { count: this.#received.count + 1, cursor: line.cursor };
    return entries;
  }

  #open(service: string): Opened {
    const known = this.#services.get(service);
    if (known) return known;
    const opened = { assembler: new Assembler(), before: this.#received, quiet: undefined };
    this.#services.set(service, opened);
    return opened;
  }

  #keep(entries: readonly Entry[]): void {
    const lines = entries.flatMap((entry) => {
      const facts = readEntry(entry);
      return facts === null ? [] : [{ entry, facts }];
    });
    const { store, source, clock } = this.#deps;
    const cursor = this.#safeCursor();
    const isDue = cursor !== this.#saved && clock.now() - this.#savedAt >= savedEveryMs;
    if (lines.length === 0 && !isDue) return;
    store.append(source, cursor, lines);
    this.#saved = cursor;
    this.#savedAt = clock.now();
  }

  /** All before it is stored: the cursor behind the last line, or before the first entry that is only begun. */
  #safeCursor(): string | undefined {
    const begun = [...this.#services.values()].filter(({ assembler }) => assembler.isOpen);
    const places = [this.#received, ...begun.map(({ before }) => before)];
    return places.reduce((first, place) => (place.count < first.count ? place : first)).cursor;
  }

  /** What no line was added to for a while is whole. */
  #waitForQuiet(service: string): void {
    const opened = this.#open(service);
    opened.quiet?.abort();
    opened.quiet = undefined;
    if (!opened.assembler.isOpen) return;
    opened.quiet = new AbortController();
    this.#deps.clock.sleep(quietMs, opened.quiet.signal).then(
      () => {
        try {
          this.#keep(opened.assembler.flush());
        } catch (error) {
          this.#deps.onFailure(error);
        }
      },
      () => {},
    );
  }

  #stopWaiting(): void {
    for (const { quiet } of this.#services.values()) quiet?.abort();
  }
}
