/**
 * Starts, stops and restarts services, never two of one account close to each other: Telegram sees both as the same
 * client. A start that comes too early is delayed, and remembered over a restart of the monitor.
 */
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import { reasonOf, type Reason } from '../../kit/reason.ts';
import { Signal } from '../../kit/signal.ts';
import type { WatchedService } from '../model/services.ts';
import { StateFile } from '../files/state-file.ts';
import type { ControlAction, Supervisor } from '../supervisors/supervisor.ts';

/** Who asked for something, for the audit. */
export interface Who {
  readonly user: string;
  readonly address: string;
}

export type StartAction = 'start' | 'restart';

/** A start that waits; times in milliseconds since the epoch. */
export interface DelayedStart extends Who {
  readonly service: string;
  readonly action: StartAction;
  readonly at: number;
  /** How often it was put off since. */
  readonly tries: number;
}

interface Kept {
  /** When each service was last started from here. */
  readonly started: Readonly<Record<string, number>>;
  readonly delayed: readonly DelayedStart[];
}

export interface ControlDeps {
  readonly services: readonly WatchedService[];
  readonly supervisor: Supervisor;
  /** The account a service sends as; null where it is not known, which is taken for the same. */
  readonly accountOf: (service: string) => string | null;
  readonly spacingMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called for every delayed start that was done, or given up with a reason. */
  readonly onDelayedDone: (start: DelayedStart, failure: Reason | null) => Promise<void>;
}

const retryMs = 10_000;
/** A service beside it that is started again and again cannot put it off for ever. */
const mostTries = 6;
const idleMs = 3_600_000;
/** A supervisor counts its seconds in its own way. */
const toleranceMs = 2_000;

export class Control {
  readonly #deps: ControlDeps;
  readonly #file: StateFile<Kept>;
  readonly #signal: Signal;
  readonly #stopped = new AbortController();
  #kept: Kept;
  /** When starts that wait are due, by the time that passes: no clock that is set makes one wait longer than it may. */
  readonly #dueUptimes = new WeakMap<DelayedStart, number>();
  /** One decision at a time: two starts at once must not both find the other service at rest. */
  #deciding: Promise<unknown> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  private constructor(deps: ControlDeps, file: StateFile<Kept>, kept: Kept) {
    this.#deps = deps;
    this.#file = file;
    this.#kept = kept;
    this.#signal = new Signal(deps.clock);
  }

  static async open(path: string, deps: ControlDeps): Promise<Control> {
    const { file, value } = await StateFile.open<Kept>(path, { started: {}, delayed: [] });
    return new Control(deps, file, value);
  }

  /** The start of a service that waits; null when none does. */
  delayedOf(service: string): DelayedStart | null {
    return this.#kept.delayed.find((each) => each.service === service) ?? null;
  }

  /**
   * Does it, or puts a start off until the account's other services have run for a while; a stop takes that back.
   * @returns until when it is put off, in milliseconds since the epoch; null when it is done
   * @throws Problem as Supervisor.act
   */
  async act(service: WatchedService, action: ControlAction, who: Who): Promise<number | null> {
    const { supervisor, clock } = this.#deps;
    const seen = await supervisor.inspect(service).catch(() => undefined);
    const refusal = supervisor.refusal ?? seen?.refusal ?? null;
    if (refusal !== null) throw new Problem('conflict', refusal);
    if (action === 'stop') {
      await this.#forget(service.name);
      await supervisor.act(service, action);
      return null;
    }
    if (action === 'start' && seen?.state === 'running') {
      await supervisor.act(service, action);
      return null;
    }
    const delayedUntil = await this.#decided(async () => {
      const earliest = await this.#earliest(service, this.#kept.delayed);
      if (earliest > clock.now()) {
        await this.#delay({ service: service.name, action, at: earliest, tries: 0, ...who });
        return earliest;
      }
      await this.#forget(service.name);
      await this.#noteStart(service.name);
      return null;
    });
    if (delayedUntil !== null) return delayedUntil;
    await this.perform(service, action);
    return null;
  }

  /** Does it at once, whatever runs beside it. @throws Problem as Supervisor.act */
  async perform(service: WatchedService, action: ControlAction): Promise<void> {
    if (action !== 'stop') await this.#noteStart(service.name);
    await this.#deps.supervisor.act(service, action);
    if (action !== 'stop') await this.#noteStart(service.name); // A restart begins with a stop that takes its time.
  }

  /** Starts it as soon as may be, and tries again while the supervisor does not answer. Resolves when that is on disk. */
  async startWhenPossible(service: WatchedService, who: Who): Promise<void> {
    await this.#decided(async () => {
      const at = Math.max(await this.#earliest(service, this.#kept.delayed), this.#deps.clock.now());
      await this.#delay({ service: service.name, action: 'start', at, tries: 0, ...who });
    });
  }

  /** Takes back the starts of these services that wait. */
  async forgetDelayed(services: readonly string[]): Promise<void> {
    const delayed = this.#kept.delayed.filter(({ service }) => !services.includes(service));
    await this.#change({ delayed });
  }

  /** Begins to do what waits, also from before a restart. */
  begin(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.#deps.log.fatal({ err: error }, 'delayed starts ended');
    });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#signal.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stopped.signal.aborted) {
      const [next] = this.#kept.delayed.toSorted((a, b) => a.at - b.at);
      const waitMs = next ? this.#dueUptime(next) - clock.uptime() : idleMs;
      if (next && waitMs <= 0) await this.#doDelayed(next);
      else await this.#signal.sleep(waitMs);
    }
  }

  #dueUptime(start: DelayedStart): number {
    const { clock, services, spacingMs } = this.#deps;
    const longestMs = Math.max(services.length * spacingMs, retryMs);
    const due = this.#dueUptimes.get(start) ?? clock.uptime() + Math.min(start.at - clock.now(), longestMs);
    this.#dueUptimes.set(start, due);
    return due;
  }

  async #doDelayed(start: DelayedStart): Promise<void> {
    const { services, clock, onDelayedDone } = this.#deps;
    const service = services.find(({ name }) => name === start.service);
    if (!service) return this.#drop(start);
    const isLast = start.tries + 1 >= mostTries;
    const earliest = await this.#decided(() => this.#earliest(service, []));
    if (earliest > clock.now() && !isLast)
      return this.#delay({ ...start, at: earliest, tries: start.tries + 1 });
    let failure: Reason | null = null;
    try {
      await this.perform(service, start.action);
    } catch (error) {
      failure = reasonOf(error);
      const mayPass = error instanceof Problem && error.class === 'unavailable';
      if (mayPass && !isLast && this.delayedOf(start.service) === start)
        return this.#delay({ ...start, at: clock.now() + retryMs, tries: start.tries + 1 });
    }
    await this.#drop(start);
    await onDelayedDone(start, failure);
  }

  /** When a service may be started, for all that is known of those of the same account beside it. */
  async #earliest(service: WatchedService, delayed: readonly DelayedStart[]): Promise<number> {
    const { services, supervisor, accountOf, spacingMs } = this.#deps;
    const account = accountOf(service.name);
    const others = services.filter(({ name }) => {
      const other = accountOf(name);
      return name !== service.name && (account === null || other === null || account === other);
    });
    // By a clock that was set back since, a start may lie in the future: then it is not known when it was.
    const latest = this.#deps.clock.now() + toleranceMs;
    const known = (at: number | null = 0) => (at === null || at > latest ? 0 : at);
    const starts = await Promise.all(
      others.map(async (other) => {
        const seen = await supervisor.inspect(other).catch(() => undefined);
        const waiting = delayed.find((each) => each.service === other.name)?.at ?? 0;
        return Math.max(known(seen?.startedAt), known(this.#kept.started[other.name]), waiting);
      }),
    );
    return Math.max(0, ...starts) + spacingMs;
  }

  async #delay(start: DelayedStart): Promise<void> {
    const others = this.#kept.delayed.filter(({ service }) => service !== start.service);
    await this.#change({ delayed: [...others, start] });
    this.#signal.wake();
  }

  #forget(service: string): Promise<void> {
    return this.#change({ delayed: this.#kept.delayed.filter((each) => each.service !== service) });
  }

  #drop(start: DelayedStart): Promise<void> {
    return this.#change({ delayed: this.#kept.delayed.filter((each) => each !== start) });
  }

  #noteStart(service: string): Promise<void> {
    return this.#change({ started: { ...this.#kept.started, [service]: this.#deps.clock.now() } });
  }

  /** A full disk keeps no service from being started: what cannot be written is known until the monitor ends. */
  async #change(change: Partial<Kept>): Promise<void> {
    this.#kept = { ...this.#kept, ...change };
    await this.#file.write(this.#kept).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, 'starts could not be written down');
    });
  }

  #decided<T>(decide: () => Promise<T>): Promise<T> {
    const decided = this.#deciding.then(decide);
    this.#deciding = decided.catch(() => {});
    return decided;
  }
}
