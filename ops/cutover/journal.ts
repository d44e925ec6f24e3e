/** The state file of a cutover: what was asked for, how all was before, and how far each step has come. No secrets. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CutoverOptions, Side } from './arguments.ts';
import type { UnitBefore } from './units.ts';

export type StepState = 'doing' | 'done' | 'undoing' | 'undone';

/** What the checks found, and what later steps and their undoing need of it. */
export interface Facts {
  /** The old units and the new ones, as they were. */
  readonly units: Readonly<Record<string, UnitBefore>>;
  /** Whether the old service listened on its port. */
  readonly listened: Readonly<Record<Side, boolean>>;
}

export interface JournalState {
  readonly id: string;
  readonly options: CutoverOptions;
  readonly direction: 'forward' | 'back';
  readonly outcome?: 'done' | 'back' | undefined;
  readonly failure?: string;
  readonly facts?: Facts;
  /** When a service of either side was last started, in milliseconds since the epoch. */
  readonly startedAt: Partial<Record<Side, number>>;
  readonly steps: Readonly<Record<string, StepState>>;
}

const fileName = 'state.json';

export class Journal {
  readonly #folder: string;
  #state: JournalState;

  /** The journal in `folder`, or undefined when there is none. @throws Error when it cannot be read */
  static find(folder: string): Journal | undefined {
    let text: string;
    try {
      text = readFileSync(join(folder, fileName), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return new Journal(folder, JSON.parse(text) as JournalState);
  }

  /** A new one, in place of any that was there. `id` names it and is part of file names. */
  static begin(folder: string, id: string, options: CutoverOptions): Journal {
    const journal = new Journal(folder, { id, options, direction: 'forward', startedAt: {}, steps: {} });
    journal.#write();
    return journal;
  }

  constructor(folder: string, state: JournalState) {
    this.#folder = folder;
    this.#state = state;
  }

  get state(): JournalState {
    return this.#state;
  }

  /** @throws Error before the checks were made */
  get facts(): Facts {
    if (!this.#state.facts) throw new Error('nothing was checked yet');
    return this.#state.facts;
  }

  stepState(name: string): StepState | undefined {
    return this.#state.steps[name];
  }

  mark(name: string, state: StepState): void {
    this.update({ steps: { ...this.#state.steps, [name]: state } });
  }

  update(change: Partial<JournalState>): void {
    this.#state = { ...this.#state, ...change };
    this.#write();
  }

  /** Whole or not at all, and on the disk when it returns. */
  #write(): void {
    const file = join(this.#folder, fileName);
    const handle = openSync(`${file}.new`, 'w', 0o600);
    writeSync(handle, JSON.stringify(this.#state, undefined, 2) + '\n');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.new`, file);
    const folder = openSync(dirname(file), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }
}
