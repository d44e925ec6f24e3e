/** What happens by itself later: steps with their times, carried out by one timer. */

/** One step; a failure of `act` is kept as the step's error. */
export interface Step {
  /** How long after the timetable was set. */
  afterMs: number;
  act: () => void;
  /** What it was made from, for those who ask what is to come. */
  definition: object;
}

/** A step with what became of it. `at` is in ms since 1970. */
export interface PlannedStep extends Step {
  at: number;
  state: 'waiting' | 'done' | 'failed';
  error: string | undefined;
}

/** The longest that a timer can wait. */
const maxTimerMs = 2 ** 31 - 1;

/** The steps of one server. */
export class Timetable {
  #steps: readonly PlannedStep[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Sets the steps in place of those before, of which no more is carried out. */
  replace(steps: readonly Step[]): void {
    const now = this.#now();
    this.#steps = steps
      .map((step): PlannedStep => ({ ...step, at: now + step.afterMs, state: 'waiting', error: undefined }))
      .sort((a, b) => a.at - b.at);
    this.#wake();
  }

  /** All steps in the order of their times, those that are done among them. */
  all(): readonly PlannedStep[] {
    return this.#steps;
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const next = this.#steps.find(({ state }) => state === 'waiting');
    if (!next) return;
    const waitMs = Math.min(Math.max(next.at - this.#now(), 0), maxTimerMs);
    this.#timer = setTimeout(() => this.#carryOut(), waitMs);
  }

  #carryOut(): void {
    const now = this.#now();
    for (const step of this.#steps) {
      if (step.state !== 'waiting' || step.at > now) continue;
      try {
        step.act();
        step.state = 'done';
      } catch (error) {
        step.state = 'failed';
        step.error = error instanceof Error ? error.message : String(error);
      }
    }
    this.#wake();
  }
}
