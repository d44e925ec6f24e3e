/** Runs the jobs of something that goes on for long, each when it is due, with one timer for all of them. */
import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';

/** Does its part and answers in how many milliseconds it is to be run again. */
export type Run = () => number | Promise<number>;

export interface Job {
  /** Runs it now; again, where it is running. */
  wake(): void;
  /** Runs it no more; resolves once the run under way has ended. */
  stop(): Promise<void>;
}

interface Scheduled {
  readonly name: string;
  readonly run: Run;
  readonly afterErrorMs: number;
  /** By the clock's uptime; never while it runs. */
  dueAt: number;
  isWoken: boolean;
  running: Promise<void>;
}

export class Ticker {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #jobs = new Set<Scheduled>();
  #firesAt = Infinity;
  #stopTimer = () => {};

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Runs a job from now on, never twice at a time; a run that fails is logged as "`name` failed". */
  add(name: string, run: Run, afterErrorMs: number): Job {
    const job = { name, run, afterErrorMs, dueAt: Infinity, isWoken: false, running: Promise.resolve() };
    this.#jobs.add(job);
    this.#run(job);
    return {
      wake: () => {
        job.isWoken = true;
        if (job.dueAt === Infinity) return;
        job.dueAt = -Infinity;
        queueMicrotask(() => this.#fire());
      },
      stop: () => {
        this.#jobs.delete(job);
        this.#setTimer();
        return job.running;
      },
    };
  }

  #run(job: Scheduled): void {
    job.dueAt = Infinity;
    job.isWoken = false;
    job.running = this.#untilDone(job);
  }

  async #untilDone(job: Scheduled): Promise<void> {
    let pauseMs = job.afterErrorMs;
    try {
      pauseMs = await job.run();
    } catch (error) {
      this.#log.error({ err: error }, `${job.name} failed`);
    }
    if (!this.#jobs.has(job)) return;
    if (job.isWoken) return this.#run(job);
    job.dueAt = this.#clock.uptime() + pauseMs;
    this.#setTimer();
  }

  #fire(): void {
    const now = this.#clock.uptime();
    for (const job of this.#jobs) if (job.dueAt <= now) this.#run(job);
    this.#setTimer();
  }

  #setTimer(): void {
    const firesAt = Math.min(...Array.from(this.#jobs, ({ dueAt }) => dueAt));
    if (firesAt === this.#firesAt) return;
    this.#stopTimer();
    this.#firesAt = firesAt;
    if (firesAt === Infinity) return;
    this.#stopTimer = this.#clock.after(firesAt - this.#clock.uptime(), () => {
      this.#firesAt = Infinity;
      this.#fire();
    });
  }
}
