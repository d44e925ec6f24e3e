/** Keeps one source followed: what breaks is taken up again where it was left, with pauses that grow. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { reason, ReasonError, reasonOf, sentence, type Reason } from '../../kit/reason.ts';
import type { LineSource } from '../supervisors/supervisor.ts';
import { Intake } from './intake.ts';
import type { LogStore } from './log-store.ts';

/** How a source fares, for the API; times in ISO 8601. */
export interface SourceStatus {
  readonly source: string;
  readonly services: readonly string[];
  readonly following: boolean;
  /** Since when it is followed, or is not. */
  readonly since: string;
  /** Why it is not. */
  readonly reason: string | null;
  readonly cause: Reason | null;
  /** How many lines were gone before they could be read. */
  readonly lost: number;
}

export interface FollowerDeps {
  readonly source: LineSource;
  readonly store: LogStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Shorter than what is begun is waited for, so that a line of many lines outlasts a break. */
const firstPauseMs = 250;
/** A container that is stopped ends its lines at once, and is asked for more only so often. */
const longestEndPauseMs = 1_000;
const longestPauseMs = 30_000;

export class Follower {
  readonly #deps: FollowerDeps;
  readonly #stopped = new AbortController();
  readonly #intake: Intake;
  #attempt: AbortController | undefined;
  #following = false;
  #since: number;
  #reason: Reason | null = reason('not_asked');
  #lost = 0;
  #running: Promise<void> | undefined;

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
    this.#since = deps.clock.now();
    const { store, clock, source } = deps;
    const onFailure = (error: unknown) => this.#attempt?.abort(error);
    this.#intake = new Intake({ source: source.name, store, clock, onFailure });
  }

  get status(): SourceStatus {
    const { name: source, services } = this.#deps.source;
    const since = new Date(this.#since).toISOString();
    const following = this.#following;
    return { source, services, following, since, ...whyNot(this.#reason), lost: this.#lost };
  }

  start(): void {
    this.#running ??= this.#keepFollowing();
  }

  /** Resolves when the source is let go and all that came from it is stored. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the monitor stops'));
    await this.#running;
    this.#intake.close();
  }

  async #keepFollowing(): Promise<void> {
    const { clock, log, source } = this.#deps;
    const stopped = this.#stopped.signal;
    let failures = 0;
    let ends = 0;
    while (!stopped.aborted) {
      try {
        await this.#followOnce(() => (failures = ends = 0));
        failures = 0;
        ends += 1;
      } catch (error) {
        if (stopped.aborted) return;
        failures += 1;
        const why = reasonOf(error);
        const said = sentence(why);
        if (said !== whyNot(this.#reason).reason)
          log.warn({ source: source.name }, `lines cannot be read: ${said}`);
        this.#tell(false, why);
      }
      await clock.sleep(pauseMs(failures, ends), stopped).catch(() => {});
    }
  }

  async #followOnce(onLines: () => void): Promise<void> {
    const { source, log } = this.#deps;
    this.#attempt = new AbortController();
    const signal = AbortSignal.any([this.#stopped.signal, this.#attempt.signal]);
    for await (const { lines, lost = 0 } of source.follow(this.#intake.after, signal)) {
      this.#tell(true, null);
      if (lost > 0) log.warn({ source: source.name, lost }, 'lines were gone before they could be read');
      this.#lost += lost;
      this.#take(lines);
      if (lines.length > 0) onLines();
      if (signal.aborted) break;
    }
    if (this.#attempt.signal.aborted) this.#giveBack(this.#attempt.signal.reason);
  }

  #take(lines: Parameters<Intake['take']>[0]): void {
    try {
      this.#intake.take(lines);
    } catch (error) {
      this.#giveBack(error);
    }
  }

  /** What could not be stored is read again. */
  #giveBack(error: unknown): never {
    this.#intake.forget();
    throw new ReasonError(reason('not_stored', { reason: reasonOf(error) }), { cause: error });
  }

  #tell(following: boolean, why: Reason | null): void {
    if (following !== this.#following) this.#since = this.#deps.clock.now();
    this.#following = following;
    this.#reason = why;
  }
}

/** Why a source is not followed, as its status has it. */
export function whyNot(cause: Reason | null): Pick<SourceStatus, 'reason' | 'cause'> {
  return { reason: cause && sentence(cause), cause };
}

/** After so many failures in a row, or without any, after so many ends that are nobody's fault. */
export function pauseMs(failures: number, ends = 0): number {
  if (failures > 0) return Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
  return Math.min(firstPauseMs * 2 ** (ends - 1), longestEndPauseMs);
}
