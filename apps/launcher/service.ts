/** One service kept running: started again when it dies, with a wait that grows, until it is told to stop. */
import type { Clock } from '../kit/clock.ts';
import type { Child, Exit } from './child.ts';

export type ServiceState = 'running' | 'stopped' | 'restarting' | 'failed';

export interface LastExit extends Exit {
  readonly at: string;
}

/** A service as the control socket reports it; times in ISO 8601. */
export interface ServiceStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly state: ServiceState;
  /** Since when it is in that state. */
  readonly since: string;
  /** How often it was started again by itself. */
  readonly restarts: number;
  readonly started_at: string | null;
  readonly last_exit: LastExit | null;
}

/** How a start ended: the service is up, it ended before that, or it was stopped meanwhile. */
export type StartOutcome = { readonly up: true } | { readonly up: false; readonly exit: Exit | undefined };

export interface ServiceDeps {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly startChild: () => Child;
  /** Resolves when the service answers; rejects when the signal is aborted. */
  readonly waitUntilUp: (signal: AbortSignal) => Promise<void>;
  readonly onDeath: (exit: Exit, waitMs: number) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** A service that ran this long starts anew with the shortest wait. */
const healthyMs = 60_000;
/** So many deaths in a row are a failure, though it goes on being tried. */
const deathsToFail = 5;
/** A little more than a service takes for its own clean stop. */
export const stopGraceMs = 10_000;

/** How long to wait after the n-th death in a row. */
export function backoffMs(deaths: number): number {
  return Math.min(firstWaitMs * 2 ** (deaths - 1), longestWaitMs);
}

export class KeptService {
  readonly name: string;
  readonly #deps: ServiceDeps;
  #state: ServiceState = 'stopped';
  #since: number;
  #restarts = 0;
  #startedAt: number | undefined;
  #lastExit: LastExit | undefined;
  #child: Child | undefined;
  #run: { abort: AbortController; ended: Promise<void>; outcome: Promise<StartOutcome> } | undefined;

  constructor(name: string, deps: ServiceDeps) {
    this.name = name;
    this.#deps = deps;
    this.#since = deps.clock.now();
  }

  get status(): ServiceStatus {
    return {
      name: this.name,
      pid: this.#child?.pid ?? null,
      state: this.#state,
      since: new Date(this.#since).toISOString(),
      restarts: this.#restarts,
      started_at: this.#startedAt === undefined ? null : new Date(this.#startedAt).toISOString(),
      last_exit: this.#lastExit ?? null,
    };
  }

  /** Starts it, or joins the start under way. Answers when it is up or first went away; from then on it is kept running. */
  start(): Promise<StartOutcome> {
    if (this.#run && !this.#run.abort.signal.aborted) return this.#run.outcome;
    const abort = new AbortController();
    const outcome = Promise.withResolvers<StartOutcome>();
    const previous = this.#run?.ended ?? Promise.resolve();
    const ended = previous.then(() => this.#keepRunning(abort.signal, outcome.resolve));
    this.#run = { abort, ended, outcome: outcome.promise };
    return outcome.promise;
  }

  /** Stops it, and resolves when its process is gone. */
  async stop(): Promise<void> {
    const run = this.#run;
    run?.abort.abort(new Error(`${this.name} was told to stop`));
    await Promise.all([this.#child?.stop(stopGraceMs), run?.ended]);
  }

  async restart(): Promise<StartOutcome> {
    await this.stop();
    return this.start();
  }

  async #keepRunning(told: AbortSignal, report: (outcome: StartOutcome) => void): Promise<void> {
    let deaths = 0;
    while (!told.aborted) {
      const startedAt = this.#deps.clock.now();
      const exit = await this.#runOnce(told, deaths, report);
      report({ up: false, exit }); // Changes nothing where it was up before.
      if (told.aborted) break;
      deaths = this.#deps.clock.now() - startedAt >= healthyMs ? 1 : deaths + 1;
      this.#restarts += 1;
      this.#enter(deaths >= deathsToFail ? 'failed' : 'restarting');
      this.#deps.onDeath(exit, backoffMs(deaths));
      await this.#deps.clock.sleep(backoffMs(deaths), told).catch(() => {});
    }
    this.#enter('stopped');
    report({ up: false, exit: undefined });
  }

  /** From one start of the process to its end. */
  async #runOnce(told: AbortSignal, deaths: number, report: (outcome: StartOutcome) => void): Promise<Exit> {
    if (deaths === 0) this.#enter('restarting');
    const child = this.#deps.startChild();
    this.#child = child;
    this.#startedAt = this.#deps.clock.now();
    const gone = new AbortController();
    void this.#deps.waitUntilUp(AbortSignal.any([told, gone.signal])).then(
      () => {
        if (gone.signal.aborted) return;
        this.#enter('running');
        report({ up: true });
      },
      () => {}, // It went away first; what comes next says so.
    );
    const exit = await child.exited;
    gone.abort();
    this.#child = undefined;
    this.#startedAt = undefined;
    this.#lastExit = { at: new Date(this.#deps.clock.now()).toISOString(), ...exit };
    return exit;
  }

  #enter(state: ServiceState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = this.#deps.clock.now();
  }
}
